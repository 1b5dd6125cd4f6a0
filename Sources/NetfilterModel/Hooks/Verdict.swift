// What a rule, a chain or a table says about a packet.

/// A standard verdict that a rule can carry (kernel: `NF_ACCEPT`, `NF_DROP`, `NF_QUEUE`, `XT_RETURN`).
public enum Verdict: UInt8, Hashable, Sendable {
  /// Ends this table; the packet goes on to the next.
  case accept
  /// Ends the packet's walk.
  case drop
  /// Hands the packet to user space, queue 0.
  case queue
  /// Goes back to the calling chain, or to the policy.
  case `return`

  /// The name as `-j` takes it.
  public var name: String {
    switch self {
    case .accept: "ACCEPT"
    case .drop: "DROP"
    case .queue: "QUEUE"
    case .return: "RETURN"
    }
  }

  /// The verdict called `name`, or nil.
  public init?(name: some StringProtocol) {
    switch name {
    case "ACCEPT": self = .accept
    case "DROP": self = .drop
    case "QUEUE": self = .queue
    case "RETURN": self = .return
    default: return nil
    }
  }
}

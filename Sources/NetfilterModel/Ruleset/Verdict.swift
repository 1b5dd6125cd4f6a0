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

/// Whether a condition holds: yes, no, or not to be decided from what the simulation knows.
public enum MatchResult: UInt8, Hashable, Sendable {
  /// It does not hold.
  case no = 0
  /// It holds.
  case yes = 1
  /// Nothing here can decide it.
  case unknown = 2

  /// Makes a result from a Bool.
  @inlinable public init(_ value: Bool) { self = value ? .yes : .no }
}

/// What a target says after it acted (kernel: the return value of `xt_target.target`).
public enum TargetResult: Hashable, Sendable {
  /// The packet goes on to the next rule (`XT_CONTINUE`).
  case next
  /// The packet leaves this table.
  case accept
  /// The packet is dropped.
  case drop
  /// The packet goes to a user-space queue.
  case queue(UInt16)
  /// Nothing here can decide what happens; the text says why.
  case unknown(String)
}

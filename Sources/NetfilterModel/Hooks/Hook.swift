// The five hooks of the IP layer, and sets of them.

/// A netfilter hook (kernel: `enum nf_inet_hooks`).
public enum Hook: UInt8, Hashable, Sendable, CaseIterable {
  /// Every packet that came in, before routing.
  case prerouting = 0
  /// Packets for this host (kernel: `NF_INET_LOCAL_IN`).
  case input = 1
  /// Packets on their way through.
  case forward = 2
  /// Packets that this host sends (kernel: `NF_INET_LOCAL_OUT`).
  case output = 3
  /// Every packet about to leave.
  case postrouting = 4

  /// The name of the built-in chain at this hook.
  public var chainName: String {
    switch self {
    case .prerouting: "PREROUTING"
    case .input: "INPUT"
    case .forward: "FORWARD"
    case .output: "OUTPUT"
    case .postrouting: "POSTROUTING"
    }
  }

  /// The hook whose built-in chain is called `name`, or nil.
  public init?(chainName name: some StringProtocol) {
    guard let hook = Hook.allCases.first(where: { $0.chainName == name }) else { return nil }
    self = hook
  }
}

/// A set of hooks, as the kernel's `hook_mask`.
public struct HookSet: OptionSet, Hashable, Sendable {
  /// Bit `n` stands for the hook with raw value `n`.
  public var rawValue: UInt8
  /// Makes a set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Makes a set of one hook.
  public init(_ hook: Hook) { rawValue = 1 << hook.rawValue }

  /// PREROUTING alone.
  public static let prerouting = HookSet(.prerouting)
  /// INPUT alone.
  public static let input = HookSet(.input)
  /// FORWARD alone.
  public static let forward = HookSet(.forward)
  /// OUTPUT alone.
  public static let output = HookSet(.output)
  /// POSTROUTING alone.
  public static let postrouting = HookSet(.postrouting)
  /// All five.
  public static let all: HookSet = [.prerouting, .input, .forward, .output, .postrouting]

  /// The hooks in the set, in the kernel's numbering.
  public var hooks: [Hook] { Hook.allCases.filter { contains(HookSet($0)) } }
}

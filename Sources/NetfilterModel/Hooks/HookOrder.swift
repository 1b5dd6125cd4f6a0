// The one table that says what runs at each hook, in which order. Everything that walks, prints or checks the order
// reads these rows: the walk, `hookwalk map`, the built-in chains of each table, and the tests against the kernel.

/// A priority at a hook; lower runs first (kernel: `enum nf_ip_hook_priorities`).
public struct HookPriority: RawRepresentable, Hashable, Comparable, Sendable {
  /// The priority.
  public var rawValue: Int32
  /// Makes a priority.
  public init(rawValue: Int32) { self.rawValue = rawValue }
  /// Makes a priority.
  public init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// Defragmentation.
  public static let conntrackDefrag = HookPriority(-400)
  /// The raw table.
  public static let raw = HookPriority(-300)
  /// Connection tracking looks the packet up.
  public static let conntrack = HookPriority(-200)
  /// The mangle table.
  public static let mangle = HookPriority(-150)
  /// Destination NAT.
  public static let natDestination = HookPriority(-100)
  /// The filter table.
  public static let filter = HookPriority(0)
  /// The security table.
  public static let security = HookPriority(50)
  /// Source NAT.
  public static let natSource = HookPriority(100)
  /// Connection tracking helpers.
  public static let conntrackHelper = HookPriority(300)
  /// Connection tracking confirms the entry.
  public static let conntrackConfirm = HookPriority(.max)

  /// Orders priorities: what runs first is less.
  public static func < (left: HookPriority, right: HookPriority) -> Bool { left.rawValue < right.rawValue }
}

/// What a hook row runs.
public enum HookFunction: Hashable, Sendable {
  /// Reassembles fragments (kernel: `ipv4_conntrack_defrag`).
  case defragment
  /// Walks a table's built-in chain (kernel: `ipt_do_table`); for nat only for the first packet of a connection.
  case table(TableKind)
  /// Finds or creates the connection (kernel: `nf_conntrack_in`).
  case conntrack
  /// Lets a helper look at the payload (kernel: `ipv4_helper`).
  case conntrackHelper
  /// Puts a new connection into the table (kernel: `nf_confirm`).
  case conntrackConfirm
}

/// One row: at which hook, with which priority, what runs.
public struct HookRow: Hashable, Sendable {
  /// The hook.
  public let hook: Hook
  /// The priority; rows of a hook are sorted by it.
  public let priority: HookPriority
  /// What runs.
  public let function: HookFunction
}

/// The order of everything at every hook, the same for IPv4 and IPv6 (kernel: the `nf_hook_ops` of each table and of conntrack).
public enum HookOrder {
  /// All rows, by hook and priority.
  public static let rows: [HookRow] = [
    HookRow(hook: .prerouting, priority: .conntrackDefrag, function: .defragment),
    HookRow(hook: .prerouting, priority: .raw, function: .table(.raw)),
    HookRow(hook: .prerouting, priority: .conntrack, function: .conntrack),
    HookRow(hook: .prerouting, priority: .mangle, function: .table(.mangle)),
    HookRow(hook: .prerouting, priority: .natDestination, function: .table(.nat)),
    HookRow(hook: .input, priority: .mangle, function: .table(.mangle)),
    HookRow(hook: .input, priority: .filter, function: .table(.filter)),
    HookRow(hook: .input, priority: .security, function: .table(.security)),
    HookRow(hook: .input, priority: .natSource, function: .table(.nat)),
    HookRow(hook: .input, priority: .conntrackHelper, function: .conntrackHelper),
    HookRow(hook: .input, priority: .conntrackConfirm, function: .conntrackConfirm),
    HookRow(hook: .forward, priority: .mangle, function: .table(.mangle)),
    HookRow(hook: .forward, priority: .filter, function: .table(.filter)),
    HookRow(hook: .forward, priority: .security, function: .table(.security)),
    HookRow(hook: .output, priority: .conntrackDefrag, function: .defragment),
    HookRow(hook: .output, priority: .raw, function: .table(.raw)),
    HookRow(hook: .output, priority: .conntrack, function: .conntrack),
    HookRow(hook: .output, priority: .mangle, function: .table(.mangle)),
    HookRow(hook: .output, priority: .natDestination, function: .table(.nat)),
    HookRow(hook: .output, priority: .filter, function: .table(.filter)),
    HookRow(hook: .output, priority: .security, function: .table(.security)),
    HookRow(hook: .postrouting, priority: .mangle, function: .table(.mangle)),
    HookRow(hook: .postrouting, priority: .natSource, function: .table(.nat)),
    HookRow(hook: .postrouting, priority: .conntrackHelper, function: .conntrackHelper),
    HookRow(hook: .postrouting, priority: .conntrackConfirm, function: .conntrackConfirm),
  ]

  /// The rows of one hook in the order they run.
  public static func rows(at hook: Hook) -> [HookRow] { rows.filter { $0.hook == hook } }
}

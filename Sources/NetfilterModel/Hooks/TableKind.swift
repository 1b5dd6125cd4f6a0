// The five tables.

/// A table of iptables.
public enum TableKind: UInt8, Hashable, Sendable, CaseIterable {
  /// Before connection tracking.
  case raw = 0
  /// Alters packets.
  case mangle = 1
  /// Address translation; asked for the first packet of a connection only.
  case nat = 2
  /// The default table.
  case filter = 3
  /// Mandatory access control marks, after filter.
  case security = 4

  /// The name as `-t` takes it.
  public var name: String {
    switch self {
    case .raw: "raw"
    case .mangle: "mangle"
    case .nat: "nat"
    case .filter: "filter"
    case .security: "security"
    }
  }

  /// The table called `name`, or nil.
  public init?(name: some StringProtocol) {
    guard let kind = TableKind.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }

  /// The hooks at which the table has a built-in chain, from the one hook table.
  public var hooks: [Hook] {
    Hook.allCases.filter { hook in
      HookOrder.rows.contains { $0.hook == hook && $0.function == .table(self) }
    }
  }
}

/// A set of tables.
public struct TableSet: OptionSet, Hashable, Sendable {
  /// Bit `n` stands for the table with raw value `n`.
  public var rawValue: UInt8
  /// Makes a set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Makes a set of one table.
  public init(_ kind: TableKind) { rawValue = 1 << kind.rawValue }

  /// raw alone.
  public static let raw = TableSet(.raw)
  /// mangle alone.
  public static let mangle = TableSet(.mangle)
  /// nat alone.
  public static let nat = TableSet(.nat)
  /// filter alone.
  public static let filter = TableSet(.filter)
  /// security alone.
  public static let security = TableSet(.security)
  /// All five.
  public static let all: TableSet = [.raw, .mangle, .nat, .filter, .security]

  /// The tables in the set.
  public var tables: [TableKind] { TableKind.allCases.filter { contains(TableSet($0)) } }
}

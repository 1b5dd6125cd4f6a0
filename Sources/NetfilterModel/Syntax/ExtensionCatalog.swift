// Finds matches and targets by name, with their option tables ready for the parser.

extension ExtensionKind {
  /// The name.
  var name: String { spec.name }
  /// The option table.
  var options: [OptionSignature] { signatures }
}

/// A set of rows of an option table; tables have far fewer than 64.
struct RowSet {
  private var bits: UInt64 = 0
  var isEmpty: Bool { bits == 0 }
  func contains(_ row: Int) -> Bool { row >= 0 && row < 64 && bits & 1 << UInt64(row) != 0 }
  mutating func insert(_ row: Int) { if row >= 0, row < 64 { bits |= 1 << UInt64(row) } }
}

/// All matches and targets by name.
enum ExtensionCatalog {
  static let matches = index(ExtensionRegistry.matches)
  static let targets = index(ExtensionRegistry.targets)

  private static func index(_ entries: [ExtensionKind]) -> NameTable<[ExtensionKind]> {
    let names = { (entry: ExtensionKind) in [entry.spec.name] + entry.spec.aliases }
    var result = NameTable<[ExtensionKind]>()
    for name in entries.flatMap(names) { result.add(name, entries.filter { names($0).contains(name) }) }
    return result
  }

  /// Matches of iptables 1.8.9 and xtables-addons that are not known here.
  static let foreignMatches: Set<String> = [
    "set",
    "account", "asn", "condition", "dhcpmac", "fuzzy", "geoip", "gradm", "iface", "ipp2p", "ipv4options", "length2",
    "lscan", "psd", "quota2", "ndpi", "layer7",
  ]

  /// Targets of iptables 1.8.9 and xtables-addons that are not known here.
  static let foreignTargets: Set<String> = [
    "SET",
    "ACCOUNT", "CHAOS", "DELUDE", "DHCPMAC", "DNETMAP", "ECHO", "IPMARK", "LOGMARK", "PROTO", "RAWDNAT", "RAWSNAT",
    "STEAL", "SYSRQ", "TARPIT", "FLOWOFFLOAD", "NETFLOW", "IMQ",
  ]
}

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

  /// Matches that iptables 1.8.9 or xtables-addons bring, whether or not they are known here.
  static let foreignMatches: Set<String> = [
    "addrtype", "ah", "bpf", "cgroup", "cluster", "comment", "connbytes", "connlabel", "connlimit", "connmark",
    "conntrack", "cpu", "dccp", "devgroup", "dscp", "dst", "ecn", "esp", "eui64", "frag", "hashlimit", "hbh", "helper",
    "hl", "icmp", "icmp6", "icmpv6", "ipcomp", "iprange", "ipv6header", "ipvs", "length", "limit", "mac", "mark", "mh",
    "multiport", "nfacct", "osf", "owner", "physdev", "pkttype", "policy", "quota", "rateest", "realm", "recent",
    "rpfilter", "rt", "sctp", "set", "socket", "srh", "state", "statistic", "string", "tcp", "tcpmss",
    "time", "tos", "ttl", "u32", "udp",
    "account", "asn", "condition", "dhcpmac", "fuzzy", "geoip", "gradm", "iface", "ipp2p", "ipv4options", "length2",
    "lscan", "psd", "quota2", "ndpi", "layer7",
  ]

  /// Targets that iptables 1.8.9 or xtables-addons bring.
  static let foreignTargets: Set<String> = [
    "AUDIT", "CHECKSUM", "CLASSIFY", "CLUSTERIP", "CONNMARK", "CONNSECMARK", "CT", "DNAT", "DNPT", "DSCP", "ECN",
    "HL", "HMARK", "IDLETIMER", "LED", "LOG", "MARK", "MASQUERADE", "NETMAP", "NFLOG", "NFQUEUE", "NOTRACK",
    "RATEEST", "REDIRECT", "REJECT", "SECMARK", "SET", "SNAT", "SNPT", "SYNPROXY", "TCPMSS", "TCPOPTSTRIP", "TEE",
    "TOS", "TPROXY", "TRACE", "TTL", "ULOG",
    "ACCOUNT", "CHAOS", "DELUDE", "DHCPMAC", "DNETMAP", "ECHO", "IPMARK", "LOGMARK", "PROTO", "RAWDNAT", "RAWSNAT",
    "STEAL", "SYSRQ", "TARPIT", "FLOWOFFLOAD", "NETFLOW", "IMQ",
  ]

  /// Those of them that only one family has.
  static let familyOfForeign: [String: AddressFamily] = {
    var result: [String: AddressFamily] = [:]
    for name in [
      "dst", "eui64", "frag", "hbh", "hl", "icmp6", "icmpv6", "ipv6header", "mh", "rt", "srh", "HL", "DNPT", "SNPT",
    ] { result[name] = .ipv6 }
    for name in ["icmp", "realm", "ttl", "CLUSTERIP", "ECN", "TTL", "ULOG"] { result[name] = .ipv4 }
    return result
  }()

  /// Whether a name is that of an extension that is not simulated, for a family.
  static func isForeign(match name: String, _ family: AddressFamily) -> Bool {
    foreignMatches.contains(name) && (familyOfForeign[name] ?? family) == family
  }

  /// Whether a name is that of a target that is not simulated, for a family.
  static func isForeign(target name: String, _ family: AddressFamily) -> Bool {
    foreignTargets.contains(name) && (familyOfForeign[name] ?? family) == family
  }
}

// Names of ICMP types, as iptables has them for IPv4 and RFC 4443 and RFC 4861 for IPv6.

/// Types and codes of ICMP by name.
public enum ICMPNames {
  /// The names of ICMP as iptables has them, in its order; of several names for the same the first is shown, and nil
  /// stands for every code (RFC 792, RFC 950, RFC 1256, RFC 1812).
  public static let v4: [(name: String, type: UInt8, code: UInt8?)] = [
    ("echo-reply", 0, nil), ("pong", 0, nil), ("destination-unreachable", 3, nil), ("network-unreachable", 3, 0),
    ("host-unreachable", 3, 1), ("protocol-unreachable", 3, 2), ("port-unreachable", 3, 3),
    ("fragmentation-needed", 3, 4), ("source-route-failed", 3, 5), ("network-unknown", 3, 6), ("host-unknown", 3, 7),
    ("network-prohibited", 3, 9), ("host-prohibited", 3, 10), ("TOS-network-unreachable", 3, 11),
    ("TOS-host-unreachable", 3, 12), ("communication-prohibited", 3, 13), ("host-precedence-violation", 3, 14),
    ("precedence-cutoff", 3, 15), ("source-quench", 4, nil), ("redirect", 5, nil), ("network-redirect", 5, 0),
    ("host-redirect", 5, 1), ("TOS-network-redirect", 5, 2), ("TOS-host-redirect", 5, 3), ("echo-request", 8, nil),
    ("ping", 8, nil), ("router-advertisement", 9, nil), ("router-solicitation", 10, nil), ("time-exceeded", 11, nil),
    ("ttl-exceeded", 11, nil), ("ttl-zero-during-transit", 11, 0), ("ttl-zero-during-reassembly", 11, 1),
    ("parameter-problem", 12, nil), ("ip-header-bad", 12, 0), ("required-option-missing", 12, 1),
    ("timestamp-request", 13, nil), ("timestamp-reply", 14, nil), ("address-mask-request", 17, nil),
    ("address-mask-reply", 18, nil),
  ]
  /// The names of ICMPv6 (RFC 4443, RFC 4861).
  public static let v6: [(name: String, type: UInt8, code: UInt8?)] = [
    ("destination-unreachable", 1, nil), ("no-route", 1, 0), ("communication-prohibited", 1, 1),
    ("beyond-scope", 1, 2), ("address-unreachable", 1, 3), ("port-unreachable", 1, 4), ("failed-policy", 1, 5),
    ("reject-route", 1, 6), ("packet-too-big", 2, nil), ("time-exceeded", 3, nil), ("ttl-exceeded", 3, nil),
    ("ttl-zero-during-transit", 3, 0), ("ttl-zero-during-reassembly", 3, 1), ("parameter-problem", 4, nil),
    ("bad-header", 4, 0), ("unknown-header-type", 4, 1), ("unknown-option", 4, 2), ("echo-request", 128, nil),
    ("ping", 128, nil), ("echo-reply", 129, nil), ("pong", 129, nil), ("router-solicitation", 133, nil),
    ("router-advertisement", 134, nil), ("neighbour-solicitation", 135, nil), ("neighbor-solicitation", 135, nil),
    ("neighbour-advertisement", 136, nil), ("neighbor-advertisement", 136, nil), ("redirect", 137, nil),
  ]

  /// Names that ip6tables does not have: those of multicast listener discovery (RFC 2710, RFC 9777).
  private static let listeners: [(name: String, type: UInt8, code: UInt8?)] = [
    ("mld-query", 130, nil), ("mld-report", 131, nil), ("mld-done", 132, nil), ("mld2-report", 143, nil),
  ]
  private static let everyV6 = v6 + listeners

  static func table(_ number: ProtocolNumber) -> [(name: String, type: UInt8, code: UInt8?)] {
    number == .icmpv6 ? everyV6 : v4
  }

  /// Reads `TYPE[/CODE]` or a name, or returns nil; a name without a code means code 0.
  public static func parse(_ text: String, _ number: ProtocolNumber) -> (type: UInt8, code: UInt8)? {
    if let row = table(number).first(where: { $0.name.lowercased() == text.lowercased() }) {
      return (row.type, row.code ?? 0)
    }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let type = parseUnsigned(first, in: 0...255) else { return nil }
    guard parts.count == 2 else { return (UInt8(type), 0) }
    guard let code = parseUnsigned(parts[1], in: 0...255) else { return nil }
    return (UInt8(type), UInt8(code))
  }

  /// The name of a type and code: the code's own name where it has one, else the type's, else nil.
  public static func name(type: UInt8, code: UInt8, _ number: ProtocolNumber) -> String? {
    let rows = table(number)
    return rows.first { $0.type == type && $0.code == code }?.name
      ?? rows.first { $0.type == type && $0.code == nil }?.name
  }

  /// The name that `text` may be a misspelling of, or nil.
  public static func nearest(_ text: String, _ number: ProtocolNumber) -> String? {
    Spelling.nearest(to: text.lowercased(), among: table(number).map { $0.name })
  }
}

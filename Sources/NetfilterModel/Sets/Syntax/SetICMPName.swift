// Names of ICMP types and codes, of which ipset knows other ones than iptables.

/// Names of types and codes (libipset: `icmp_typecodes`, `icmpv6_typecodes`).
enum SetICMPName {
  /// Names that only iptables and people have.
  private static let unknown: Set<String> = [
    "beyond-scope", "failed-policy", "reject-route", "neighbor-solicitation", "neighbor-advertisement",
  ]
  /// Names that only ipset has.
  private static let own: [(name: String, type: UInt8, code: UInt8)] = [
    ("neigbour-solicitation", 135, 0), ("neigbour-advertisement", 136, 0),
  ]

  /// The names of a protocol in order: those of one type and code each.
  private static func rows(_ number: ProtocolNumber) -> [(name: String, type: UInt8, code: UInt8)] {
    let table = number == .icmpv6 ? ICMPNames.v6 : ICMPNames.v4
    let rows = table.compactMap { row -> (name: String, type: UInt8, code: UInt8)? in
      if unknown.contains(row.name) { return nil }
      if row.code == nil, table.contains(where: { $0.type == row.type && $0.code != nil }) { return nil }
      return (row.name, row.type, row.code ?? 0)
    }
    return number == .icmpv6 ? rows + own : rows
  }

  /// Reads a name in any case, or type/code; nil where it is neither.
  static func parse(_ text: Substring, _ number: ProtocolNumber) -> (type: UInt8, code: UInt8)? {
    let lower = text.lowercased()
    if let row = rows(number).first(where: { $0.name.lowercased() == lower }) { return (row.type, row.code) }
    guard let (type, code) = SetElementReader.cut(text, at: UInt8(ascii: "/")),
      let type = parseUnsigned(type, in: 0...255), let code = parseUnsigned(code, in: 0...255)
    else { return nil }
    return (UInt8(truncatingIfNeeded: type), UInt8(truncatingIfNeeded: code))
  }

  /// The name of a type and code, or both as numbers.
  static func text(type: UInt8, code: UInt8, _ number: ProtocolNumber) -> String {
    rows(number).first { $0.type == type && $0.code == code }?.name ?? "\(type)/\(code)"
  }
}

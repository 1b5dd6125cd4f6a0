// Addresses as text: dotted quads as inet_pton and inet_aton read them, IPv6 as RFC 4291 and RFC 5952 write it.

extension IPAddress: CustomStringConvertible {
  /// The canonical text (`192.0.2.1`, `2001:db8::1`; RFC 5952).
  public var description: String {
    if family == .ipv4 {
      let bits = v4Bits
      return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - 16 * ($0 % 4))) }
    if groups[0..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xffff {
      return "::ffff:\(IPAddress.v4(UInt32(truncatingIfNeeded: low)))"
    }
    var best = 0..<0
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, groups[end] == 0 { end += 1 }
      if end - index > max(1, best.count) { best = index..<end }
      index = max(end, index + 1)
    }
    let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
    if best.isEmpty { return text(groups[...]) }
    return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
  }

  /// Parses a numeric address of either family, or returns nil.
  public init?(_ text: some StringProtocol) {
    if let address = IPAddress(v4: text) ?? IPAddress(v6: text) { self = address } else { return nil }
  }

  /// Parses a numeric address of `family`, or returns nil.
  public init?(_ text: some StringProtocol, family: AddressFamily) {
    guard let address = family == .ipv4 ? IPAddress(v4: text) : IPAddress(v6: text) else { return nil }
    self = address
  }

  /// Parses four decimal numbers between 0 and 255 (iptables: `xtables_numeric_to_ipaddr`, which also takes fewer: `10.1` is 10.1.0.0).
  init?(v4 text: some StringProtocol) {
    var value: UInt32 = 0
    var parts = 0
    var digits = 0
    var part: UInt32 = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        part = part * 10 + UInt32(byte - 48)
        digits += 1
        if digits > 3 || part > 255 { return nil }
      case UInt8(ascii: "."):
        if digits == 0 || parts == 3 { return nil }
        value = value << 8 | part
        parts += 1
        part = 0
        digits = 0
      default: return nil
      }
    }
    guard digits > 0, parts == 3 else { return nil }
    self = .v4(value << 8 | part)
  }

  /// Parses an IPv6 address with optional `::` and an optional dotted quad at the end (RFC 4291 §2.2).
  init?(v6 text: some StringProtocol) {
    let all = Substring(text).split(separator: ":", omittingEmptySubsequences: false)
    guard all.count >= 3, all.count <= 9 else { return nil }
    var pieces = all
    if pieces[0].isEmpty {
      guard pieces[1].isEmpty else { return nil }
      pieces.removeFirst()
    }
    if pieces[pieces.count - 1].isEmpty {
      guard pieces.count >= 2, pieces[pieces.count - 2].isEmpty else { return nil }
      pieces.removeLast()
    }
    var groups: [UInt16] = []
    var gap: Int?
    for (index, piece) in pieces.enumerated() {
      if piece.isEmpty {
        guard gap == nil else { return nil }
        gap = groups.count
      } else if index == pieces.count - 1, piece.utf8.contains(UInt8(ascii: ".")) {
        guard let quad = IPAddress(v4: piece) else { return nil }
        groups.append(UInt16(quad.v4Bits >> 16))
        groups.append(UInt16(quad.v4Bits & 0xffff))
      } else {
        guard piece.utf8.count <= 4, !piece.hasPrefix("+"), !piece.hasPrefix("-"),
          let group = UInt16(piece, radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    if let gap {
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: [UInt16](repeating: 0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    let word = { (part: ArraySlice<UInt16>) in part.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
    self = .v6(word(groups[0..<4]), word(groups[4..<8]))
  }
}

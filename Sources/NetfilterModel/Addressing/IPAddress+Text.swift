// Addresses as text: read as inet_pton does, printed as RFC 5952 says.

extension IPAddress: CustomStringConvertible {
  /// The text that inet_ntop(3) prints (`192.0.2.1`, `2001:db8::1`; RFC 5952; `::192.0.2.1` behind six groups of zeros).
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
    // Six leading zeros count as an address with IPv4 inside (inet_ntop(3)).
    if best == 0..<6 { return "::\(IPAddress.v4(UInt32(truncatingIfNeeded: low)))" }
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

  /// Parses an IPv4 address (inet_pton(3)).
  init?(v4 text: some StringProtocol) {
    guard let bits = AddressReader.inetPton4(text) else { return nil }
    self = .v4(bits)
  }

  /// Parses an IPv4 address from its bytes (inet_pton(3)).
  package init?(v4 bytes: UnsafeBufferPointer<UInt8>) {
    guard let bits = AddressReader.inetPton4(bytes) else { return nil }
    self = .v4(bits)
  }

  /// Parses an IPv6 address (inet_pton(3)).
  init?(v6 text: some StringProtocol) {
    guard let (high, low) = AddressReader.inetPton6(text) else { return nil }
    self = .v6(high, low)
  }
}

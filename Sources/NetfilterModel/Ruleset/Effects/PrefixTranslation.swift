// The translation of prefixes without a state (RFC 6296).

/// A translation of the prefix of an IPv6 address (kernel: `struct ip6t_npt_tginfo`).
public struct PrefixTranslation: Hashable, Sendable {
  /// Which address of the packet it changes.
  public var manipulation: NATManipulation
  /// The prefix that is expected; only its checksum counts, and the quoted packets of ICMPv6 errors.
  public var from: AddressMatch
  /// The prefix that is put in place.
  public var to: AddressMatch

  /// Makes a translation; both prefixes have 64 bits at most.
  public init(_ manipulation: NATManipulation, from: AddressMatch, to: AddressMatch) {
    self.manipulation = manipulation
    self.from = from
    self.to = to
  }

  /// The ones' complement sum of an address's words.
  private static func sum(_ address: IPAddress) -> UInt32 {
    var sum: UInt32 = 0
    for word in 0..<8 { sum &+= UInt32(self.word(word, of: address)) }
    return fold(sum)
  }

  private static func fold(_ sum: UInt32) -> UInt32 {
    let once = (sum & 0xffff) &+ (sum >> 16)
    return (once & 0xffff) &+ (once >> 16)
  }

  private static func word(_ index: Int, of address: IPAddress) -> UInt16 {
    UInt16(truncatingIfNeeded: (index < 4 ? address.high : address.low) >> UInt64(48 - 16 * (index % 4)))
  }

  /// The address with the other prefix, and one word changed so that the sum over all stays; nil when no word can be
  /// changed (kernel: `ip6t_npt_map_pfx`).
  public func applied(to address: IPAddress) -> IPAddress? {
    let length = max(from.mask.prefixLength ?? 0, to.mask.prefixLength ?? 0)
    let mask = IPAddress.prefixMask(length, family: .ipv6)
    var result = IPAddress.v6(
      address.high & ~mask.high | to.address.high & mask.high, address.low & ~mask.low | to.address.low & mask.low)
    var index = 3
    if length > 48 {
      guard let free = (4..<8).first(where: { Self.word($0, of: result) != 0xffff }) else { return nil }
      index = free
    }
    let adjustment = Self.fold(Self.sum(from.address) &+ (~Self.sum(to.address) & 0xffff))
    let old = Self.word(index, of: result)
    var new = Self.fold(UInt32(old) &+ adjustment)
    if new == 0xffff { new = 0 }
    let shift = UInt64(48 - 16 * (index % 4))
    let change = UInt64(old ^ UInt16(truncatingIfNeeded: new)) << shift
    if index < 4 { result.high ^= change } else { result.low ^= change }
    return result
  }
}

// A place among the headers of an IPv6 packet.

/// A header of an IPv6 packet: what it is, where it begins, and what the fragment header before it says.
public struct IPv6HeaderPlace: Hashable, Sendable {
  /// The header's number.
  public var protocolNumber: ProtocolNumber
  /// Where it begins, in bytes.
  public var offset: Int
  /// The offset and flags of the fragment header that was passed last; 0 without one.
  public var fragmentation = IPv6Fragmentation(rawValue: 0)
  /// Whether a fragment header was passed.
  public var hasFragmentHeader = false

  /// Makes a place from the header's number and where it begins, in bytes.
  public init(protocolNumber: ProtocolNumber, offset: Int) {
    self.protocolNumber = protocolNumber
    self.offset = offset
  }

  /// What follows the IPv6 header of a packet.
  public static func first(in bytes: [UInt8]) -> IPv6HeaderPlace {
    IPv6HeaderPlace(protocolNumber: IPv6Header.nextHeader(in: bytes, at: 0), offset: IPv6Header.length)
  }

  /// The length of an extension header in bytes, 8...2048 (kernel: `ipv6_optlen`, `ipv6_authlen`).
  public func length(in bytes: [UInt8]) -> Int {
    switch protocolNumber {
    case .ipv6Fragment: IPv6FragmentHeader.length
    case .ah: AHHeader.length(in: bytes, at: offset)
    default: IPv6OptionsHeader.length(in: bytes, at: offset)
    }
  }

  /// Where an extension header says what follows it.
  public var numberOffset: Int { IPv6OptionsHeader.nextHeaderOffset(at: offset) }

  /// Reads the fragment header at the place; false when it is cut off.
  mutating func readFragment(_ bytes: [UInt8]) -> Bool {
    guard bytes.count &- offset >= IPv6FragmentHeader.lengthToFragmentation else { return false }
    hasFragmentHeader = true
    fragmentation = IPv6FragmentHeader.fragmentation(in: bytes, at: offset)
    return true
  }

  /// Goes on to the next header.
  public mutating func advance(_ bytes: [UInt8]) {
    let length = length(in: bytes)
    protocolNumber = IPv6OptionsHeader.nextHeader(in: bytes, at: offset)
    offset &+= length
  }
}

// Solicitations and advertisements of neighbours (RFC 4861 §4.3, §4.4).

/// A neighbour solicitation or advertisement, whose options begin `length` bytes behind the begin of the message (kernel:
/// `struct nd_msg`).
public enum NeighbourHeader {
  /// The length in bytes of the message before its options.
  public static var length: Int { 24 }
  /// The length in bytes of a router advertisement before its options (RFC 4861 §4.2; kernel: `struct ra_msg`).
  public static var routerAdvertisementLength: Int { 16 }
  /// The hop limit of all messages of neighbour discovery, which no router has forwarded therefore (RFC 4861 §3.1).
  public static var hopLimit: UInt8 { 255 }

  /// The address that the message is about, or nil when it is cut off.
  public static func target(in bytes: [UInt8], at start: Int) -> IPAddress? {
    IPAddress(family: .ipv6, bytes: bytes, at: start &+ ICMPMessage.headerLength)
  }

  /// The flags of an advertisement.
  public static func flags(in bytes: [UInt8], at start: Int) -> NeighbourAdvertisementFlags {
    NeighbourAdvertisementFlags(rawValue: ICMPMessage.information(in: bytes, at: start))
  }

  /// A message whose checksum is 0, with the option that names an Ethernet address if one is given.
  public static func make(
    _ type: ICMPv6Type, flags: NeighbourAdvertisementFlags = [], target: IPAddress, _ kind: NeighbourOptions.Kind,
    mac: [UInt8]?
  ) -> [UInt8] {
    var message = ICMPMessage.makeHeader(type: ICMPType(type.rawValue), information: flags.rawValue)
    message += target.bytes
    if let mac { message += NeighbourOptions.make(kind, mac: mac) }
    return message
  }
}

/// The flags of a neighbour advertisement (RFC 4861 §4.4).
public struct NeighbourAdvertisementFlags: OptionSet, Hashable, Sendable {
  /// The second word of the message.
  public let rawValue: UInt32
  /// Makes it from the second word of a message.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// The sender is a router.
  public static var router: NeighbourAdvertisementFlags { NeighbourAdvertisementFlags(rawValue: 0x8000_0000) }
  /// It answers a solicitation.
  public static var solicited: NeighbourAdvertisementFlags { NeighbourAdvertisementFlags(rawValue: 0x4000_0000) }
  /// It replaces the address that is known.
  public static var override: NeighbourAdvertisementFlags { NeighbourAdvertisementFlags(rawValue: 0x2000_0000) }
}

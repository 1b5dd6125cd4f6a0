// An option of the hop-by-hop and destination options headers of IPv6 (RFC 8200 §4.2).

/// The type of an IPv6 option (IANA "Destination Options and Hop-by-Hop Options").
public struct IPv6OptionKind: RawRepresentable, Hashable, Sendable {
  /// The number.
  public let rawValue: UInt8
  /// Makes it from its number.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Makes it from its number.
  public init(_ rawValue: UInt8) { self.rawValue = rawValue }

  /// One byte of padding (`IPV6_TLV_PAD1`).
  public static let pad1 = IPv6OptionKind(0)
  /// Padding of two bytes and more (`IPV6_TLV_PADN`).
  public static let padN = IPv6OptionKind(1)
  /// Router alert (`IPV6_TLV_ROUTERALERT`; RFC 2711).
  public static let routerAlert = IPv6OptionKind(5)
  /// A security label (`IPV6_TLV_CALIPSO`; RFC 5570).
  public static let calipso = IPv6OptionKind(7)
  /// In-situ operations (`IPV6_TLV_IOAM`; RFC 9486).
  public static let ioam = IPv6OptionKind(49)
  /// The length of a jumbogram (`IPV6_TLV_JUMBO`; RFC 2675).
  public static let jumbo = IPv6OptionKind(194)
  /// The home address of a mobile node (`IPV6_TLV_HAO`; RFC 6275).
  public static let homeAddress = IPv6OptionKind(201)

  /// What a node does that does not know the option (RFC 8200 §4.2).
  public var actionIfUnknown: IPv6OptionAction {
    switch rawValue >> 6 {
    case 0: .skip
    case 1: .discard
    case 2: .report
    default: .reportUnlessMulticast
    }
  }
}

/// What a node does that does not know an option (RFC 8200 §4.2).
public enum IPv6OptionAction: Hashable, Sendable {
  /// Go on behind it.
  case skip
  /// Drop the packet.
  case discard
  /// Drop the packet and tell the sender.
  case report
  /// Drop the packet and tell the sender, unless it was sent to a group.
  case reportUnlessMulticast
}

/// The fields of the option that begins at an offset of some bytes; bytes that are missing read as 0.
public enum IPv6Option {
  /// The offsets of the fields in bytes (RFC 8200 §4.2).
  @usableFromInline enum Field {
    @inlinable static var kind: Int { 0 }
    @inlinable static var length: Int { 1 }
    @inlinable static var data: Int { 2 }
  }

  /// The length in bytes of type and length.
  public static var headerLength: Int { 2 }
  /// Where the first option of an options header stands, in bytes from the header's begin.
  public static var firstOffset: Int { 2 }

  /// The type.
  public static func kind(in bytes: [UInt8], at start: Int) -> IPv6OptionKind {
    IPv6OptionKind(bytes.byte(at: start &+ Field.kind))
  }

  /// The length of the data in bytes.
  public static func dataLength(in bytes: [UInt8], at start: Int) -> Int { Int(bytes.byte(at: start &+ Field.length)) }

  /// Whether all of the data is zero.
  public static func isZero(in bytes: [UInt8], at start: Int) -> Bool {
    let first = start &+ Field.data
    return (0..<dataLength(in: bytes, at: start)).allSatisfy { bytes.byte(at: first &+ $0) == 0 }
  }

  /// The first four bytes of the data as a number (the length of a jumbogram in bytes).
  public static func word(in bytes: [UInt8], at start: Int) -> UInt32 { bytes.uint32(at: start &+ Field.data) }

  /// Where the data of the option at `start` begins.
  public static func dataOffset(at start: Int) -> Int { start &+ Field.data }
}

// The types of ICMP messages.

/// The type of an ICMP message (IANA "ICMP Type Numbers"; kernel: `include/uapi/linux/icmp.h`).
public struct ICMPType: RawRepresentable, Hashable, Sendable {
  /// The number, 0...255.
  public let rawValue: UInt8
  /// Makes it from its number.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Makes it from its number.
  @inlinable public init(_ rawValue: UInt8) { self.rawValue = rawValue }
  /// Whether the numbers are equal.
  @inlinable @inline(__always)
  public static func == (left: ICMPType, right: ICMPType) -> Bool { left.rawValue == right.rawValue }

  /// Echo reply (`ICMP_ECHOREPLY`).
  @inlinable public static var echoReply: ICMPType { ICMPType(0) }
  /// Destination unreachable (`ICMP_DEST_UNREACH`).
  @inlinable public static var destinationUnreachable: ICMPType { ICMPType(3) }
  /// Source quench (`ICMP_SOURCE_QUENCH`).
  @inlinable public static var sourceQuench: ICMPType { ICMPType(4) }
  /// Redirect (`ICMP_REDIRECT`).
  @inlinable public static var redirect: ICMPType { ICMPType(5) }
  /// Echo request (`ICMP_ECHO`).
  @inlinable public static var echoRequest: ICMPType { ICMPType(8) }
  /// Router advertisement (RFC 1256).
  @inlinable public static var routerAdvertisement: ICMPType { ICMPType(9) }
  /// Router solicitation (RFC 1256).
  @inlinable public static var routerSolicitation: ICMPType { ICMPType(10) }
  /// Time exceeded (`ICMP_TIME_EXCEEDED`).
  @inlinable public static var timeExceeded: ICMPType { ICMPType(11) }
  /// Parameter problem (`ICMP_PARAMETERPROB`).
  @inlinable public static var parameterProblem: ICMPType { ICMPType(12) }
  /// Timestamp request (`ICMP_TIMESTAMP`).
  @inlinable public static var timestampRequest: ICMPType { ICMPType(13) }
  /// Timestamp reply (`ICMP_TIMESTAMPREPLY`).
  @inlinable public static var timestampReply: ICMPType { ICMPType(14) }
  /// Information request (`ICMP_INFO_REQUEST`).
  @inlinable public static var informationRequest: ICMPType { ICMPType(15) }
  /// Information reply (`ICMP_INFO_REPLY`).
  @inlinable public static var informationReply: ICMPType { ICMPType(16) }
  /// Address mask request (`ICMP_ADDRESS`).
  @inlinable public static var addressMaskRequest: ICMPType { ICMPType(17) }
  /// Address mask reply (`ICMP_ADDRESSREPLY`).
  @inlinable public static var addressMaskReply: ICMPType { ICMPType(18) }

  /// Whether the kernel knows the type, up to 18 (`NR_ICMP_TYPES`).
  @inlinable public var isKnown: Bool { self.rawValue <= 18 }

  /// Whether a message of the type quotes the packet that it is about (kernel: `icmp_error_message` of
  /// nf_conntrack_proto_icmp).
  @inlinable public var quotesPacket: Bool {
    switch self {
    case .destinationUnreachable, .sourceQuench, .redirect, .timeExceeded, .parameterProblem: true
    default: false
    }
  }

  /// Whether a message of the type is an echo request or reply.
  @inlinable public var isEcho: Bool { self == .echoReply || self == .echoRequest }

  /// Whether a message of the type asks or answers, and has an identifier therefore.
  @inlinable public var isQuery: Bool {
    self == .echoReply || self == .echoRequest
      || (rawValue >= ICMPType.timestampRequest.rawValue && rawValue <= ICMPType.addressMaskReply.rawValue)
  }

  /// Whether a message of the type is an error, about which no error is sent; unknown types above 18 count (kernel:
  /// `icmp_pointers[].error`).
  @inlinable public var isError: Bool { !isQuery }

  /// Whether a message of the type begins a connection (kernel: `valid_new` of `nf_conntrack_icmp_packet`).
  @inlinable public var isRequest: Bool {
    switch self {
    case .echoRequest, .timestampRequest, .informationRequest, .addressMaskRequest: true
    default: false
    }
  }

  /// The type of the answer to a query, and the other way round; nil for the others (kernel: `invmap` of
  /// nf_conntrack_proto_icmp).
  @inlinable public var counterpart: ICMPType? {
    switch self {
    case .echoReply: .echoRequest
    case .echoRequest: .echoReply
    case .timestampRequest: .timestampReply
    case .timestampReply: .timestampRequest
    case .informationRequest: .informationReply
    case .informationReply: .informationRequest
    case .addressMaskRequest: .addressMaskReply
    case .addressMaskReply: .addressMaskRequest
    default: nil
    }
  }
}

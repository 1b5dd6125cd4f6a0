// The types of ICMPv6 messages.

/// The type of an ICMPv6 message (IANA "ICMPv6 Type Numbers"; kernel: `include/uapi/linux/icmpv6.h`).
public struct ICMPv6Type: RawRepresentable, Hashable, Sendable {
  /// The number, 0...255.
  public let rawValue: UInt8
  /// Makes it from its number.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Makes it from its number.
  @inlinable public init(_ rawValue: UInt8) { self.rawValue = rawValue }
  /// Whether the numbers are equal.
  @inlinable @inline(__always)
  public static func == (left: ICMPv6Type, right: ICMPv6Type) -> Bool { left.rawValue == right.rawValue }

  /// Destination unreachable (`ICMPV6_DEST_UNREACH`).
  @inlinable public static var destinationUnreachable: ICMPv6Type { ICMPv6Type(1) }
  /// Packet too big (`ICMPV6_PKT_TOOBIG`).
  @inlinable public static var packetTooBig: ICMPv6Type { ICMPv6Type(2) }
  /// Time exceeded (`ICMPV6_TIME_EXCEED`).
  @inlinable public static var timeExceeded: ICMPv6Type { ICMPv6Type(3) }
  /// Parameter problem (`ICMPV6_PARAMPROB`).
  @inlinable public static var parameterProblem: ICMPv6Type { ICMPv6Type(4) }
  /// Echo request (`ICMPV6_ECHO_REQUEST`).
  @inlinable public static var echoRequest: ICMPv6Type { ICMPv6Type(128) }
  /// Echo reply (`ICMPV6_ECHO_REPLY`).
  @inlinable public static var echoReply: ICMPv6Type { ICMPv6Type(129) }
  /// Router solicitation (`NDISC_ROUTER_SOLICITATION`).
  @inlinable public static var routerSolicitation: ICMPv6Type { ICMPv6Type(133) }
  /// Router advertisement (`NDISC_ROUTER_ADVERTISEMENT`).
  @inlinable public static var routerAdvertisement: ICMPv6Type { ICMPv6Type(134) }
  /// Neighbour solicitation (`NDISC_NEIGHBOUR_SOLICITATION`).
  @inlinable public static var neighbourSolicitation: ICMPv6Type { ICMPv6Type(135) }
  /// Neighbour advertisement (`NDISC_NEIGHBOUR_ADVERTISEMENT`).
  @inlinable public static var neighbourAdvertisement: ICMPv6Type { ICMPv6Type(136) }
  /// Redirect (`NDISC_REDIRECT`).
  @inlinable public static var redirect: ICMPv6Type { ICMPv6Type(137) }
  /// Node information query (`ICMPV6_NI_QUERY`).
  @inlinable public static var nodeInformationQuery: ICMPv6Type { ICMPv6Type(139) }
  /// Node information reply (`ICMPV6_NI_REPLY`).
  @inlinable public static var nodeInformationReply: ICMPv6Type { ICMPv6Type(140) }

  /// Whether a message of the type is an error, which quotes the packet that it is about (RFC 4443 §2.1).
  @inlinable public var isError: Bool { rawValue < 128 }

  /// Whether a message of the type is an echo request or reply, and has an identifier therefore.
  @inlinable public var isEcho: Bool { self == .echoRequest || self == .echoReply }

  /// Whether tracking leaves messages of the type alone: neighbour discovery without redirects, and multicast listeners (kernel:
  /// `noct_valid_new`).
  @inlinable public var isOfNeighbourDiscovery: Bool {
    (130...136).contains(rawValue) || [143, 151, 152].contains(rawValue)
  }

  /// The type of the answer to a query, and the other way round; nil for the others (kernel: `invmap` of
  /// nf_conntrack_proto_icmpv6).
  @inlinable public var counterpart: ICMPv6Type? {
    switch self {
    case .echoRequest: .echoReply
    case .echoReply: .echoRequest
    case .nodeInformationQuery: .nodeInformationReply
    case .nodeInformationReply: .nodeInformationQuery
    default: nil
    }
  }
}

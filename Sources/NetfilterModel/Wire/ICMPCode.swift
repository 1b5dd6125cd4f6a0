// The codes of ICMP errors.

/// The code of an ICMP message, whose meaning depends on the type (IANA "ICMP Type Numbers"; kernel:
/// `include/uapi/linux/icmp.h`).
public struct ICMPCode: RawRepresentable, Hashable, Sendable {
  /// The number, 0...255.
  public let rawValue: UInt8
  /// Makes it from its number.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Makes it from its number.
  @inlinable public init(_ rawValue: UInt8) { self.rawValue = rawValue }
  /// Whether the numbers are equal.
  @inlinable @inline(__always)
  public static func == (left: ICMPCode, right: ICMPCode) -> Bool { left.rawValue == right.rawValue }

  /// No more to say than the type does.
  @inlinable public static var none: ICMPCode { ICMPCode(0) }
  /// Destination unreachable: the network (`ICMP_NET_UNREACH`).
  @inlinable public static var networkUnreachable: ICMPCode { ICMPCode(0) }
  /// Destination unreachable: the host (`ICMP_HOST_UNREACH`).
  @inlinable public static var hostUnreachable: ICMPCode { ICMPCode(1) }
  /// Destination unreachable: the protocol (`ICMP_PROT_UNREACH`).
  @inlinable public static var protocolUnreachable: ICMPCode { ICMPCode(2) }
  /// Destination unreachable: the port (`ICMP_PORT_UNREACH`).
  @inlinable public static var portUnreachable: ICMPCode { ICMPCode(3) }
  /// Destination unreachable: too large to go on in one piece (`ICMP_FRAG_NEEDED`).
  @inlinable public static var fragmentationNeeded: ICMPCode { ICMPCode(4) }
  /// Destination unreachable: by its source route (`ICMP_SR_FAILED`).
  @inlinable public static var sourceRouteFailed: ICMPCode { ICMPCode(5) }
  /// Destination unreachable: the network is unknown (`ICMP_NET_UNKNOWN`).
  @inlinable public static var networkUnknown: ICMPCode { ICMPCode(6) }
  /// Destination unreachable: the host is unknown (`ICMP_HOST_UNKNOWN`).
  @inlinable public static var hostUnknown: ICMPCode { ICMPCode(7) }
  /// Destination unreachable: the source is isolated (`ICMP_HOST_ISOLATED`).
  @inlinable public static var hostIsolated: ICMPCode { ICMPCode(8) }
  /// Destination unreachable: the network is prohibited (`ICMP_NET_ANO`).
  @inlinable public static var networkProhibited: ICMPCode { ICMPCode(9) }
  /// Destination unreachable: the host is prohibited (`ICMP_HOST_ANO`).
  @inlinable public static var hostProhibited: ICMPCode { ICMPCode(10) }
  /// Destination unreachable: the network for this TOS (`ICMP_NET_UNR_TOS`).
  @inlinable public static var networkUnreachableForTOS: ICMPCode { ICMPCode(11) }
  /// Destination unreachable: the host for this TOS (`ICMP_HOST_UNR_TOS`).
  @inlinable public static var hostUnreachableForTOS: ICMPCode { ICMPCode(12) }
  /// Destination unreachable: filtered (`ICMP_PKT_FILTERED`).
  @inlinable public static var communicationProhibited: ICMPCode { ICMPCode(13) }
  /// Destination unreachable: precedence violation (`ICMP_PREC_VIOLATION`).
  @inlinable public static var hostPrecedenceViolation: ICMPCode { ICMPCode(14) }
  /// Destination unreachable: precedence cutoff (`ICMP_PREC_CUTOFF`).
  @inlinable public static var precedenceCutoff: ICMPCode { ICMPCode(15) }
  /// Redirect: for the network (`ICMP_REDIR_NET`).
  @inlinable public static var networkRedirect: ICMPCode { ICMPCode(0) }
  /// Redirect: for the host (`ICMP_REDIR_HOST`).
  @inlinable public static var hostRedirect: ICMPCode { ICMPCode(1) }
  /// Redirect: for the network and TOS (`ICMP_REDIR_NETTOS`).
  @inlinable public static var networkRedirectForTOS: ICMPCode { ICMPCode(2) }
  /// Redirect: for the host and TOS (`ICMP_REDIR_HOSTTOS`).
  @inlinable public static var hostRedirectForTOS: ICMPCode { ICMPCode(3) }
  /// Time exceeded: on the way (`ICMP_EXC_TTL`).
  @inlinable public static var ttlZeroInTransit: ICMPCode { ICMPCode(0) }
  /// Time exceeded: while fragments were awaited (`ICMP_EXC_FRAGTIME`).
  @inlinable public static var ttlZeroInReassembly: ICMPCode { ICMPCode(1) }
  /// Parameter problem: the pointer names the byte.
  @inlinable public static var headerBad: ICMPCode { ICMPCode(0) }
  /// Parameter problem: an option is missing (RFC 1108).
  @inlinable public static var requiredOptionMissing: ICMPCode { ICMPCode(1) }
}

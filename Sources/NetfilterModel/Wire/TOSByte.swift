// The parts of the TOS byte.

/// Masks and values of the TOS byte (RFC 1349, RFC 2474, RFC 3168; kernel: `include/uapi/linux/ip.h`).
public enum TOSByte {
  /// The type of service of RFC 1349 (`IPTOS_TOS_MASK`).
  @inlinable public static var serviceMask: UInt8 { 0x1e }
  /// The precedence (`IPTOS_PREC_MASK`).
  @inlinable public static var precedenceMask: UInt8 { 0xe0 }
  /// The precedence of ICMP errors (`IPTOS_PREC_INTERNETCONTROL`).
  @inlinable public static var internetControl: UInt8 { 0xc0 }
  /// The DSCP, shifted up by two (`INET_DSCP_MASK`).
  @inlinable public static var dscpMask: UInt8 { 0xfc }
  /// The ECN bits (`INET_ECN_MASK`).
  @inlinable public static var ecnMask: UInt8 { 0x03 }
  /// Congestion experienced (`INET_ECN_CE`).
  @inlinable public static var congestionExperienced: UInt8 { 0x03 }

  /// The TOS byte of an ICMP error about a packet with `tos` (kernel: `__icmp_send`).
  @inlinable public static func ofError(about tos: UInt8) -> UInt8 { tos & serviceMask | internetControl }
}

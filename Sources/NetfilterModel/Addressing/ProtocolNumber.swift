// IP protocol numbers, an open number space, with the names that iptables knows.

/// An IP protocol number (IANA "Assigned Internet Protocol Numbers"); 0 in a rule means any.
public struct ProtocolNumber: RawRepresentable, Hashable, Sendable {
  /// The number, 0...255 (65535 values exist only for IPv6 special cases and are not used here).
  public var rawValue: UInt8
  /// Makes a protocol number.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Makes a protocol number.
  public init(_ rawValue: UInt8) { self.rawValue = rawValue }

  /// Any protocol (`-p all`).
  public static let any = ProtocolNumber(0)
  /// ICMP (RFC 792).
  public static let icmp = ProtocolNumber(1)
  /// IPv4 inside IP (RFC 2003).
  public static let ipencap = ProtocolNumber(4)
  /// IPv6 inside IP (RFC 2473).
  public static let ipv6 = ProtocolNumber(41)
  /// TCP (RFC 9293).
  public static let tcp = ProtocolNumber(6)
  /// UDP (RFC 768).
  public static let udp = ProtocolNumber(17)
  /// DCCP (RFC 4340).
  public static let dccp = ProtocolNumber(33)
  /// GRE (RFC 2784).
  public static let gre = ProtocolNumber(47)
  /// ESP (RFC 4303).
  public static let esp = ProtocolNumber(50)
  /// AH (RFC 4302).
  public static let ah = ProtocolNumber(51)
  /// ICMPv6 (RFC 4443).
  public static let icmpv6 = ProtocolNumber(58)
  /// SCTP (RFC 9260).
  public static let sctp = ProtocolNumber(132)
  /// UDP-Lite (RFC 3828).
  public static let udplite = ProtocolNumber(136)
}

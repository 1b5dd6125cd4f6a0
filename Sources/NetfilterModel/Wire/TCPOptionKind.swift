// The kinds of TCP options.

/// The kind of a TCP option (IANA "TCP Option Kind Numbers"; kernel: `include/net/tcp.h`).
public struct TCPOptionKind: RawRepresentable, Hashable, Sendable {
  /// The number, 0...255.
  public let rawValue: UInt8
  /// Makes it from its number.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Makes it from its number.
  @inlinable public init(_ rawValue: UInt8) { self.rawValue = rawValue }
  /// Whether the numbers are equal.
  @inlinable @inline(__always)
  public static func == (left: TCPOptionKind, right: TCPOptionKind) -> Bool { left.rawValue == right.rawValue }

  /// The end of the options, one byte (`TCPOPT_EOL`).
  @inlinable public static var end: TCPOptionKind { TCPOptionKind(0) }
  /// Nothing, one byte (`TCPOPT_NOP`).
  @inlinable public static var noOperation: TCPOptionKind { TCPOptionKind(1) }
  /// The maximum segment size, 4 bytes (`TCPOPT_MSS`; RFC 9293 §3.7.1).
  @inlinable public static var maximumSegmentSize: TCPOptionKind { TCPOptionKind(2) }
  /// The window scale, 3 bytes (`TCPOPT_WINDOW`; RFC 7323 §2.2).
  @inlinable public static var windowScale: TCPOptionKind { TCPOptionKind(3) }
  /// SACK permitted, 2 bytes (`TCPOPT_SACK_PERM`; RFC 2018 §2).
  @inlinable public static var sackPermitted: TCPOptionKind { TCPOptionKind(4) }
  /// SACK blocks of 8 bytes each (`TCPOPT_SACK`; RFC 2018 §3).
  @inlinable public static var sack: TCPOptionKind { TCPOptionKind(5) }
  /// Timestamps, 10 bytes (`TCPOPT_TIMESTAMP`; RFC 7323 §3.2).
  @inlinable public static var timestamp: TCPOptionKind { TCPOptionKind(8) }
  /// An MD5 signature, 18 bytes (`TCPOPT_MD5SIG`; RFC 2385).
  @inlinable public static var md5: TCPOptionKind { TCPOptionKind(19) }
  /// TCP-AO (RFC 5925).
  @inlinable public static var authentication: TCPOptionKind { TCPOptionKind(29) }
}

// The kinds of IPv4 options.

/// The kind of an IPv4 option with its copy bit and class (RFC 791 §3.1; kernel: `IPOPT_*` of
/// `include/uapi/linux/ip.h`).
public struct IPv4OptionKind: RawRepresentable, Hashable, Sendable {
  /// The number, 0...255.
  public let rawValue: UInt8
  /// Makes it from its number.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Makes it from its number.
  @inlinable public init(_ rawValue: UInt8) { self.rawValue = rawValue }
  /// Whether the numbers are equal.
  @inlinable @inline(__always)
  public static func == (left: IPv4OptionKind, right: IPv4OptionKind) -> Bool { left.rawValue == right.rawValue }

  /// The end of the options, one byte (`IPOPT_END`).
  @inlinable public static var end: IPv4OptionKind { IPv4OptionKind(0) }
  /// Nothing, one byte (`IPOPT_NOOP`).
  @inlinable public static var noOperation: IPv4OptionKind { IPv4OptionKind(1) }
  /// Record route (`IPOPT_RR`).
  @inlinable public static var recordRoute: IPv4OptionKind { IPv4OptionKind(7) }
  /// Timestamp (`IPOPT_TIMESTAMP`).
  @inlinable public static var timestamp: IPv4OptionKind { IPv4OptionKind(68) }
  /// Loose source route (`IPOPT_LSRR`).
  @inlinable public static var looseSourceRoute: IPv4OptionKind { IPv4OptionKind(131) }
  /// Commercial security (`IPOPT_CIPSO`).
  @inlinable public static var cipso: IPv4OptionKind { IPv4OptionKind(134) }
  /// Strict source route (`IPOPT_SSRR`).
  @inlinable public static var strictSourceRoute: IPv4OptionKind { IPv4OptionKind(137) }
  /// Router alert (`IPOPT_RA`; RFC 2113).
  @inlinable public static var routerAlert: IPv4OptionKind { IPv4OptionKind(148) }

  /// Whether every fragment has the option, not only the first (`IPOPT_COPIED`).
  @inlinable public var isCopied: Bool { rawValue & 0x80 != 0 }
}

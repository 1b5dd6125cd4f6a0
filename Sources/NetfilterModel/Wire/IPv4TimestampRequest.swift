// What an IPv4 timestamp option asks for.

/// What a timestamp option asks for, its low four flag bits (RFC 791 §3.1; kernel: `IPOPT_TS_TSONLY` and its siblings).
public struct IPv4TimestampRequest: RawRepresentable, Hashable, Sendable {
  /// The number, 0...15.
  public let rawValue: UInt8
  /// Makes it from its number.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Makes it from its number.
  @inlinable public init(_ rawValue: UInt8) { self.rawValue = rawValue }

  /// Times only (`IPOPT_TS_TSONLY`).
  @inlinable public static var time: IPv4TimestampRequest { IPv4TimestampRequest(0) }
  /// Addresses and times (`IPOPT_TS_TSANDADDR`).
  @inlinable public static var addressAndTime: IPv4TimestampRequest { IPv4TimestampRequest(1) }
  /// The times of hosts whose addresses are there already (`IPOPT_TS_PRESPEC`).
  @inlinable public static var prespecified: IPv4TimestampRequest { IPv4TimestampRequest(3) }
}

// The types of SCTP chunks.

/// The type of an SCTP chunk (RFC 9260 §3.2; kernel: `enum sctp_cid`).
public struct SCTPChunkType: RawRepresentable, Hashable, Sendable {
  /// The number, 0...255.
  public let rawValue: UInt8
  /// Makes it from its number.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Makes it from its number.
  @inlinable public init(_ rawValue: UInt8) { self.rawValue = rawValue }
  /// Whether the numbers are equal.
  @inlinable @inline(__always)
  public static func == (left: SCTPChunkType, right: SCTPChunkType) -> Bool { left.rawValue == right.rawValue }

  /// DATA (`SCTP_CID_DATA`).
  @inlinable public static var data: SCTPChunkType { SCTPChunkType(0) }
  /// INIT (`SCTP_CID_INIT`).
  @inlinable public static var initiation: SCTPChunkType { SCTPChunkType(1) }
  /// INIT ACK (`SCTP_CID_INIT_ACK`).
  @inlinable public static var initiationAck: SCTPChunkType { SCTPChunkType(2) }
  /// HEARTBEAT (`SCTP_CID_HEARTBEAT`).
  @inlinable public static var heartbeat: SCTPChunkType { SCTPChunkType(4) }
  /// HEARTBEAT ACK (`SCTP_CID_HEARTBEAT_ACK`).
  @inlinable public static var heartbeatAck: SCTPChunkType { SCTPChunkType(5) }
  /// ABORT (`SCTP_CID_ABORT`).
  @inlinable public static var abort: SCTPChunkType { SCTPChunkType(6) }
  /// SHUTDOWN (`SCTP_CID_SHUTDOWN`).
  @inlinable public static var shutdown: SCTPChunkType { SCTPChunkType(7) }
  /// SHUTDOWN ACK (`SCTP_CID_SHUTDOWN_ACK`).
  @inlinable public static var shutdownAck: SCTPChunkType { SCTPChunkType(8) }
  /// ERROR (`SCTP_CID_ERROR`).
  @inlinable public static var error: SCTPChunkType { SCTPChunkType(9) }
  /// COOKIE ECHO (`SCTP_CID_COOKIE_ECHO`).
  @inlinable public static var cookieEcho: SCTPChunkType { SCTPChunkType(10) }
  /// COOKIE ACK (`SCTP_CID_COOKIE_ACK`).
  @inlinable public static var cookieAck: SCTPChunkType { SCTPChunkType(11) }
  /// SHUTDOWN COMPLETE (`SCTP_CID_SHUTDOWN_COMPLETE`).
  @inlinable public static var shutdownComplete: SCTPChunkType { SCTPChunkType(14) }
}

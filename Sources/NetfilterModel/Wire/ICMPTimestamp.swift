// The body of ICMP timestamp messages (RFC 792).

/// A timestamp message of ICMP, whose three times are milliseconds since midnight UTC (kernel: `icmp_timestamp`).
public enum ICMPTimestamp {
  /// The length in bytes of a message with its header.
  @inlinable public static var length: Int { 20 }
  /// How many bytes of a request the kernel needs: the header and the time of the sender.
  @inlinable public static var requiredLength: Int { 12 }

  /// The reply to a request of at least `requiredLength` bytes that came in and goes out at `time`, with its checksum.
  public static func reply(to request: [UInt8], time: UInt32) -> [UInt8] {
    var bytes = Array(request.prefix(requiredLength))
    bytes += [UInt8](repeating: 0, count: length - bytes.count)
    ICMPMessage.setType(.timestampReply, in: &bytes, at: 0)
    ICMPMessage.setCode(.none, in: &bytes, at: 0)
    bytes.setUInt32(time, at: 12)
    bytes.setUInt32(time, at: 16)
    ICMPMessage.updateChecksum(of: &bytes)
    return bytes
  }
}

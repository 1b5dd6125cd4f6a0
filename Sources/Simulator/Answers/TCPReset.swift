// The segment that ends a connection: of REJECT, and of a closed port.

import NetfilterModel

/// A reset, whatever carries it (RFC 9293 §3.10.7.1).
enum TCPReset {
  /// The reset that answers the segment at `start`, with its checksum; nil for resets and cut-off headers.
  static func segment(_ bytes: [UInt8], at start: Int, _ source: IPAddress, _ destination: IPAddress) -> [UInt8]? {
    let flags = TCPHeader.flags(in: bytes, at: start)
    guard bytes.count - start >= TCPHeader.minimumLength, !flags.contains(.rst) else { return nil }
    let isAcknowledging = flags.contains(.ack)
    let length = TCPHeader.sequenceLength(in: bytes, at: start, available: bytes.count - start)
    var segment = TCPHeader.make(
      sourcePort: TransportPorts.destination(in: bytes, at: start),
      destinationPort: TransportPorts.source(in: bytes, at: start),
      sequence: isAcknowledging ? TCPHeader.acknowledgement(in: bytes, at: start) : 0,
      acknowledgement: isAcknowledging ? 0 : TCPHeader.sequence(in: bytes, at: start) &+ length,
      flags: isAcknowledging ? .rst : [.rst, .ack])
    TransportChecksum.update(&segment, from: 0, .tcp, source: destination, destination: source)
    return segment
  }
}

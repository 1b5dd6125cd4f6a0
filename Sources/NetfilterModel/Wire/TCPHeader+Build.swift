// Making TCP headers.

extension TCPHeader {
  /// A header whose checksum is 0; the length of `options` is a multiple of 4 up to 40 bytes.
  public static func make(
    sourcePort: UInt16, destinationPort: UInt16, sequence: UInt32 = 0, acknowledgement: UInt32 = 0, flags: TCPFlags,
    window: UInt16 = 0, options: [UInt8] = []
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: minimumLength)
    if !options.isEmpty { bytes += options }
    TransportPorts.setSource(sourcePort, in: &bytes, at: 0)
    TransportPorts.setDestination(destinationPort, in: &bytes, at: 0)
    setSequence(sequence, in: &bytes, at: 0)
    setAcknowledgement(acknowledgement, in: &bytes, at: 0)
    setLength(bytes.count, in: &bytes, at: 0)
    setFlags(flags, in: &bytes, at: 0)
    setWindow(window, in: &bytes, at: 0)
    return bytes
  }

  /// The offsets of the options of the header at `start`, by its length; empty when there are none.
  @inlinable public static func options(in bytes: [UInt8], at start: Int) -> Range<Int> {
    let first = start &+ minimumLength
    return first..<Swift.max(first, start &+ length(in: bytes, at: start))
  }

  /// How much the segment at `start` takes of the sequence space: its data, SYN and FIN (kernel:
  /// `segment_seq_plus_len`).
  ///
  /// `available` is what there is from the header on, in bytes; a header that claims more counts against it.
  @inlinable public static func sequenceLength(in bytes: [UInt8], at start: Int, available: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: available &- length(in: bytes, at: start))
      &+ flags(in: bytes, at: start).sequenceLength
  }
}

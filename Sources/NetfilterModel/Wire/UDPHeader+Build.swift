// Making UDP headers.

extension UDPHeader {
  /// A header whose checksum is 0; `payloadLength` is in bytes.
  public static func make(sourcePort: UInt16, destinationPort: UInt16, payloadLength: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    TransportPorts.setSource(sourcePort, in: &bytes, at: 0)
    TransportPorts.setDestination(destinationPort, in: &bytes, at: 0)
    setDatagramLength(UInt16(truncatingIfNeeded: length + payloadLength), in: &bytes, at: 0)
    return bytes
  }
}

// Making IPv6 headers.

extension IPv6Header {
  /// A header; `payloadLength` is in bytes, `flowLabel` has 20 bits.
  public static func make(
    trafficClass: UInt8 = 0, flowLabel: UInt32 = 0, payloadLength: Int, nextHeader: ProtocolNumber, hopLimit: UInt8,
    source: IPAddress,
    destination: IPAddress
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    bytes.setUInt32(0x6000_0000 | UInt32(trafficClass) << 20 | flowLabel & 0xf_ffff, at: Field.versionClassAndLabel)
    setPayloadLength(UInt16(truncatingIfNeeded: payloadLength), in: &bytes, at: 0)
    bytes.setByte(nextHeader.rawValue, at: Field.nextHeader)
    setHopLimit(hopLimit, in: &bytes, at: 0)
    setSource(source, in: &bytes, at: 0)
    setDestination(destination, in: &bytes, at: 0)
    return bytes
  }
}

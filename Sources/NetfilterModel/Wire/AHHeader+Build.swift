// Making authentication headers.

extension AHHeader {
  /// The length in bytes of a header with a check value of 96 bits.
  public static let usualLength = minimumLength + 12

  /// A header with a check value of 96 zero bits.
  public static func make(nextHeader: ProtocolNumber, securityParameters: UInt32, sequence: UInt32 = 1) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: usualLength)
    bytes.setByte(nextHeader.rawValue, at: Field.nextHeader)
    bytes.setByte(UInt8(usualLength / 4 - 2), at: Field.length)
    bytes.setUInt32(securityParameters, at: Field.securityParameters)
    bytes.setUInt32(sequence, at: Field.sequence)
    return bytes
  }
}

// Making ICMP messages.

extension ICMPMessage {
  /// A header whose checksum is 0; `information` is the second word.
  public static func makeHeader(type: ICMPType, code: ICMPCode = .none, information: UInt32 = 0) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: headerLength)
    setType(type, in: &bytes, at: 0)
    setCode(code, in: &bytes, at: 0)
    setInformation(information, in: &bytes, at: 0)
    return bytes
  }

  /// A message of ICMP with its checksum: `information` is the second word of the header, `body` follows the header.
  public static func make(
    type: ICMPType, code: ICMPCode = .none, information: UInt32 = 0, body: some Sequence<UInt8>
  ) -> [UInt8] {
    var bytes = makeHeader(type: type, code: code, information: information)
    bytes += body
    updateChecksum(of: &bytes)
    return bytes
  }

  /// The name of the message's type and code, or both numbers; of ICMP or ICMPv6 by `protocolNumber`.
  public static func description(in bytes: [UInt8], at start: Int, _ protocolNumber: ProtocolNumber) -> String {
    let type = type(in: bytes, at: start).rawValue
    let code = code(in: bytes, at: start).rawValue
    return ICMPNames.name(type: type, code: code, protocolNumber) ?? "type \(type) code \(code)"
  }

  /// Computes the checksum of a message of ICMP, all of `bytes`.
  public static func updateChecksum(of bytes: inout [UInt8]) {
    setChecksum(0, in: &bytes, at: 0)
    setChecksum(Checksum.compute(bytes, in: 0..<bytes.count), in: &bytes, at: 0)
  }

  /// The second word of a parameter problem; `pointer` is the offset in bytes of what is wrong.
  @inlinable public static func information(pointer: Int) -> UInt32 { UInt32(truncatingIfNeeded: pointer) << 24 }

  /// The second word of a query.
  @inlinable public static func information(identifier: UInt16, sequence: UInt16) -> UInt32 {
    UInt32(identifier) << 16 | UInt32(sequence)
  }
}

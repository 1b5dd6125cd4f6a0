// Making IPv4 headers, and keeping their checksum right.

extension IPv4Header {
  /// A header with its checksum; `payloadLength` and the length of `options`, a multiple of 4 up to 40, are in bytes.
  public static func make(
    tos: UInt8 = 0, payloadLength: Int, identification: UInt16 = 0,
    fragmentation: IPv4Fragmentation = IPv4Fragmentation(), ttl: UInt8, protocolNumber: ProtocolNumber,
    source: IPAddress, destination: IPAddress, options: [UInt8] = []
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: minimumLength)
    if !options.isEmpty { bytes += options }
    bytes.setByte(0x40 | UInt8(truncatingIfNeeded: bytes.count / 4), at: Field.versionAndLength)
    setTOS(tos, in: &bytes, at: 0)
    setTotalLength(UInt16(truncatingIfNeeded: bytes.count + payloadLength), in: &bytes, at: 0)
    setIdentification(identification, in: &bytes, at: 0)
    setFragmentation(fragmentation, in: &bytes, at: 0)
    setTTL(ttl, in: &bytes, at: 0)
    bytes.setByte(protocolNumber.rawValue, at: Field.protocolNumber)
    setSource(source, in: &bytes, at: 0)
    setDestination(destination, in: &bytes, at: 0)
    updateChecksum(of: &bytes, length: bytes.count)
    return bytes
  }

  /// Whether the checksum of the header of `length` bytes that `bytes` begin with is right (kernel: `ip_fast_csum`).
  public static func isChecksumValid(_ bytes: [UInt8], length: Int) -> Bool {
    Checksum.sum(bytes, in: 0..<length) == 0xffff
  }

  /// Computes the checksum of the header of `length` bytes that `bytes` begin with (kernel: `ip_send_check`).
  public static func updateChecksum(of bytes: inout [UInt8], length: Int) {
    setChecksum(0, in: &bytes, at: 0)
    setChecksum(Checksum.compute(bytes, in: 0..<Swift.max(0, length)), in: &bytes, at: 0)
  }

  /// Replaces a word of the header that `bytes` begin with, at an even offset, and mends the checksum; false when it
  /// was there already.
  @discardableResult
  static func replaceWord(at offset: Int, with word: UInt16, in bytes: inout [UInt8]) -> Bool {
    let old = bytes.uint16(at: offset)
    guard old != word else { return false }
    let sum = Checksum.replacing(checksum(in: bytes, at: 0), old: old, new: word)
    bytes.setUInt16(word, at: offset)
    setChecksum(sum, in: &bytes, at: 0)
    return true
  }

  /// Replaces the TOS byte of the header that `bytes` begin with, and mends the checksum (kernel:
  /// `ipv4_change_dsfield`).
  static func replaceTOS(_ tos: UInt8, in bytes: inout [UInt8]) -> Bool {
    let word = UInt16(bytes.byte(at: Field.versionAndLength)) << 8 | UInt16(tos)
    return replaceWord(at: Field.versionAndLength, with: word, in: &bytes)
  }

  /// Replaces the TTL of the header that `bytes` begin with, and mends the checksum (kernel: `ip_decrease_ttl`).
  static func replaceTTL(_ ttl: UInt8, in bytes: inout [UInt8]) -> Bool {
    let word = UInt16(ttl) << 8 | UInt16(bytes.byte(at: Field.protocolNumber))
    return replaceWord(at: Field.ttl, with: word, in: &bytes)
  }

  /// Replaces the total length of the header that `bytes` begin with, and mends the checksum.
  static func replaceTotalLength(_ length: UInt16, in bytes: inout [UInt8]) -> Bool {
    replaceWord(at: Field.totalLength, with: length, in: &bytes)
  }

  /// Replaces the source address of the header at `start`, and mends its checksum (kernel: `nf_nat_ipv4_manip_pkt`).
  @inlinable public static func replaceSource(_ address: IPAddress, in bytes: inout [UInt8], at start: Int) {
    replaceAddress(address, field: Field.source, in: &bytes, at: start)
  }

  /// Replaces the destination address of the header at `start`, and mends its checksum (kernel:
  /// `nf_nat_ipv4_manip_pkt`).
  @inlinable public static func replaceDestination(_ address: IPAddress, in bytes: inout [UInt8], at start: Int) {
    replaceAddress(address, field: Field.destination, in: &bytes, at: start)
  }

  @inlinable @inline(__always)
  static func replaceAddress(_ address: IPAddress, field: Int, in bytes: inout [UInt8], at start: Int) {
    let sum = Checksum.replacing(
      checksum(in: bytes, at: start), old32: bytes.uint32(at: start &+ field), new32: address.v4Bits)
    setChecksum(sum, in: &bytes, at: start)
    bytes.setUInt32(address.v4Bits, at: start &+ field)
  }
}

// The parts of an end of a packet as it is written, found in one pass over its bytes.

import NetfilterModel

/// The parts of `ADDR[:PORT]`, `[ADDR6][:PORT]` or `$NAME[:PORT]`, by their bytes.
struct EndText {
  /// The address or name, without brackets.
  var host: Range<Int>
  /// What stands behind the colon, or behind the bracket; nil when there is nothing.
  var port: Range<Int>?
  /// The host as an address, where it is one of IPv4; others are read from their text.
  var address: IPAddress?
  /// The port, where it is a decimal number of 16 bits.
  var portNumber: UInt16?

  /// Finds the parts of a word.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    (host, port) = EndText.parts(bytes)
    address = IPAddress(v4: UnsafeBufferPointer(rebasing: bytes[host]))
    portNumber = port.flatMap { EndText.number(UnsafeBufferPointer(rebasing: bytes[$0])) }
  }

  private static func parts(_ bytes: UnsafeBufferPointer<UInt8>) -> (host: Range<Int>, port: Range<Int>?) {
    let colon = UInt8(ascii: ":")
    if bytes.first == UInt8(ascii: "["), let close = bytes.firstIndex(of: UInt8(ascii: "]")) {
      let behind = close + 1
      if behind == bytes.count { return (1..<close, nil) }
      return (1..<close, (bytes[behind] == colon ? behind + 1 : behind)..<bytes.count)
    }
    // With two colons it is an address of IPv6 without brackets, and has no port.
    guard let first = bytes.firstIndex(of: colon), !bytes[(first + 1)...].contains(colon) else {
      return (0..<bytes.count, nil)
    }
    return (0..<first, first + 1..<bytes.count)
  }

  private static func number(_ digits: UnsafeBufferPointer<UInt8>) -> UInt16? {
    var value: UInt32 = 0
    for byte in digits {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + UInt32(byte - 0x30)
      if value > 0xffff { return nil }
    }
    return digits.isEmpty ? nil : UInt16(value)
  }
}

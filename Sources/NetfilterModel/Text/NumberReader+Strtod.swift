// Numbers with a fraction.

extension NumberReader {
  /// The number that text starts with, in decimal or hexadecimal, `inf` and `nan` included (strtod(3)).
  ///
  /// - Returns: the number and where it ends; nil when there is none.
  static func strtod(_ text: String) -> (value: Double, rest: Substring)? {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count, isBlank(bytes[start]) { start += 1 }
    // The longest beginning that is a number; one has at most as many bytes as can matter to its value.
    var end = min(bytes.count, start + 64)
    while end > start {
      let candidate = String(decoding: bytes[start..<end], as: UTF8.self)
      if let value = Double(candidate) { return (value, Substring(decoding: bytes[end...], as: UTF8.self)) }
      end -= 1
    }
    return nil
  }

  /// The low 32 bits of a number without its fraction, as processors convert it; 0 beyond 63 bits.
  static func wrapping32(_ value: Double) -> UInt32 {
    guard value > -9.2e18, value < 9.2e18 else { return 0 }
    return UInt32(truncatingIfNeeded: Int64(value))
  }
}

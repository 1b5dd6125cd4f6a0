// Bytes as several extensions print them.

extension UInt8 {
  /// `0x0a`: two digits at least.
  var hexadecimal: String { (self < 16 ? "0x0" : "0x") + String(self, radix: 16) }
}

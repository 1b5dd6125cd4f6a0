// Bytes as several extensions print them.

/// `0x0a`: two digits at least.
func hexadecimalByte(_ value: UInt8) -> String {
  (value < 16 ? "0x0" : "0x") + String(value, radix: 16)
}

// Values of the TOS byte: under a mask, and by name.

/// A TOS value under a mask (kernel: `struct xt_tos_match_info`, `struct xt_tos_target_info`).
public struct MaskedTOS: Hashable, Sendable {
  /// The value.
  public var value: UInt8
  /// The mask.
  public var mask: UInt8

  /// Makes a masked value.
  public init(_ value: UInt8, mask: UInt8 = 0xff) {
    self.value = value
    self.mask = mask
  }

  /// The names of the values (RFC 1349 §4), valid under the mask 0x3f.
  static let names: [(name: String, value: UInt8)] = [
    ("Minimize-Delay", 0x10), ("Maximize-Throughput", 0x08), ("Maximize-Reliability", 0x04), ("Minimize-Cost", 0x02),
    ("Normal-Service", 0x00),
  ]

  /// The name, when the value has one and its mask is that of the names.
  public var name: String? {
    guard mask == 0x3f else { return nil }
    return MaskedTOS.names.first { $0.value == value }?.name
  }
}

extension ValueCodec where Value == MaskedTOS {
  /// `value[/mask]` or a name in any case, printed as `0x10/0x3f`; a value without a mask has 0xff, a name 0x3f.
  public static let tos = ValueCodec("value[/mask] or name") { (argument) throws(OptionError) in
    if let entry = MaskedTOS.names.first(where: { $0.name.lowercased() == argument.text.lowercased() }) {
      return MaskedTOS(entry.value, mask: 0x3f)
    }
    let parts = argument.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let value = parseUnsigned(parts.first ?? "", in: 0...255) else {
      throw OptionError(
        "`\(argument.text)` is not a TOS value: a number from 0 to 255, perhaps with `/mask`, or a name",
        help: "the names are " + MaskedTOS.names.map { $0.name }.joined(separator: ", "))
    }
    guard parts.count > 1 else { return MaskedTOS(UInt8(value)) }
    guard let mask = parseUnsigned(parts[1], in: 0...255) else {
      throw OptionError("`\(parts[1])` is not a mask: a number from 0 to 255")
    }
    return MaskedTOS(UInt8(value), mask: UInt8(mask))
  } print: { tos in
    let hex = { (byte: UInt8) in "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }
    return "\(hex(tos.value))/\(hex(tos.mask))"
  }
}

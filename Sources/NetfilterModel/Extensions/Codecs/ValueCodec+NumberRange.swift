// Numbers and `a:b` ranges as iptables reads them with strtoul: leading blanks, `+`, hexadecimal and octal are fine.

/// Reads an unsigned number from the start of `text` (iptables: `xtables_strtoul`).
///
/// - Returns: the number and what stands behind it; nil when there is no number, it is negative, or does not fit 64 bits.
public func scanUnsigned(_ text: some StringProtocol) -> (value: UInt64, rest: Substring)? {
  let bytes = Array(text.utf8)
  var index = 0
  while index < bytes.count, bytes[index] == 0x20 || (bytes[index] >= 9 && bytes[index] <= 13) { index += 1 }
  if index < bytes.count, bytes[index] == UInt8(ascii: "+") { index += 1 }
  func digit(_ position: Int, _ radix: UInt64) -> UInt64? {
    guard position < bytes.count else { return nil }
    let value: UInt8
    switch bytes[position] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): value = bytes[position] - 48
    case UInt8(ascii: "a")...UInt8(ascii: "f"): value = bytes[position] - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): value = bytes[position] - 55
    default: return nil
    }
    return UInt64(value) < radix ? UInt64(value) : nil
  }
  var radix: UInt64 = 10
  if index < bytes.count, bytes[index] == UInt8(ascii: "0") {
    radix = 8
    if index + 1 < bytes.count, bytes[index + 1] | 0x20 == UInt8(ascii: "x"), digit(index + 2, 16) != nil {
      radix = 16
      index += 2
    }
  }
  guard digit(index, radix) != nil else { return nil }
  var value: UInt64 = 0
  while let next = digit(index, radix) {
    let (product, tooLarge) = value.multipliedReportingOverflow(by: radix)
    let (sum, overflow) = product.addingReportingOverflow(next)
    if tooLarge || overflow { return nil }
    value = sum
    index += 1
  }
  return (value, Substring(decoding: bytes[index...], as: UTF8.self))
}

extension Substring {
  /// Makes text from bytes.
  init(decoding bytes: some Collection<UInt8>, as encoding: UTF8.Type) {
    self = String(decoding: bytes, as: encoding)[...]
  }
}

extension ValueCodec where Value: FixedWidthInteger & UnsignedInteger {
  /// A number as strtoul reads it, printed in decimal (iptables: `XTTYPE_UINT32` and its siblings).
  public static func unsigned(_ range: ClosedRange<Value> = Value.min...Value.max, placeholder: String = "value")
    -> ValueCodec
  {
    ValueCodec(placeholder) { (argument) throws(OptionError) in
      guard let (value, rest) = scanUnsigned(argument.text), rest.isEmpty, value >= UInt64(range.lowerBound),
        value <= UInt64(range.upperBound)
      else {
        throw OptionError("`\(argument.text)` is not a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return Value(truncatingIfNeeded: value)
    } print: {
      "\($0)"
    }
  }
}

/// Reads `a`, `a:b`, `a:` or `:b`; a missing end is 0 or `maximum` (iptables: `xtopt_parse_mint`).
///
/// - Returns: the lower end, and the upper one unless there was no colon; the ends may be in the wrong order.
public func parseNumberRange(_ text: some StringProtocol, maximum: UInt64) throws(OptionError) -> (
  lower: UInt64, upper: UInt64?
) {
  let parts = text.split(separator: ":", omittingEmptySubsequences: false)
  guard parts.count <= 2 else { throw OptionError("`\(text)` has more than two ends") }
  var ends: [UInt64] = []
  for part in parts {
    if part.isEmpty {
      ends.append(ends.isEmpty ? 0 : maximum)
    } else if let (value, rest) = scanUnsigned(part), rest.isEmpty, value <= maximum {
      ends.append(value)
    } else {
      throw OptionError("`\(part)` is not a number from 0 to \(maximum)")
    }
  }
  return (ends.first ?? 0, ends.count > 1 ? ends[1] : nil)
}

extension ValueCodec where Value == PortRange {
  /// `number[:number]` without service names; the ends may be in the wrong order (iptables: `XTTYPE_UINT16RC`).
  public static let numberRange = ValueCodec("number[:number]") { (argument) throws(OptionError) in
    let (lower, upper) = try parseNumberRange(argument.text, maximum: 65535)
    return PortRange(UInt16(truncatingIfNeeded: lower), UInt16(truncatingIfNeeded: upper ?? lower))
  } print: {
    $0.description
  }
}

// Numbers and `a:b` ranges as iptables reads them with strtoul: leading blanks, `+`, hexadecimal and octal are fine.

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
        throw OptionError(
          "`\(argument.text)` is not a number from \(range.lowerBound) to \(range.upperBound)",
          tool:
            "\(OptionError.extensionMark): bad value for option \"--\(OptionError.optionMark)\", or out of range (\(range.lowerBound)-\(range.upperBound)).\n"
        )
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
  guard parts.count <= 2 else {
    throw OptionError(
      "`\(text)` has more than two ends",
      tool: "\(OptionError.extensionMark): Too many components for option \"--\(OptionError.optionMark)\" (max: 2)\n")
  }
  var ends: [UInt64] = []
  for part in parts {
    if part.isEmpty {
      ends.append(ends.isEmpty ? 0 : maximum)
    } else if let (value, rest) = scanUnsigned(part), rest.isEmpty, value <= maximum {
      ends.append(value)
    } else if let (value, rest) = scanUnsigned(part), value <= maximum {
      // All behind the number is shown, up to the end of the text.
      let more = text[rest.startIndex...]
      throw OptionError(
        "`\(part)` is not a number from 0 to \(maximum)",
        tool: "\(OptionError.extensionMark): Argument to \"--\(OptionError.optionMark)\" has unexpected characters "
          + "near \"\(more)\".\n")
    } else {
      throw OptionError(
        "`\(part)` is not a number from 0 to \(maximum)",
        tool:
          "\(OptionError.extensionMark): bad value for option \"--\(OptionError.optionMark)\" near \"\(part)\", or out of range (0-\(maximum)).\n"
      )
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

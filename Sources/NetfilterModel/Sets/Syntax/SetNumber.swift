// Numbers in set files.

/// Reads numbers (libipset: `string_to_number_ll`).
enum SetNumber {
  /// A number within a range: decimal, `0x` hexadecimal or `0` octal.
  static func read(
    _ text: Substring, _ range: ClosedRange<UInt64>, _ word: SetWord, _ id: DiagnosticID = .badSetValue
  ) throws(SetTextError) -> UInt64 {
    guard let value = NumberReader.wrappingStrtoul(text), range.contains(value) else {
      throw SetTextError(id, "`\(text)` is not a number from \(range.lowerBound) to \(range.upperBound)", at: word)
    }
    return value
  }

  /// The hexadecimal number that text starts with, its low 32 bits (sscanf(3) with `%x`); nil when there is none.
  static func scanHexadecimal(_ text: Substring) -> (value: UInt32, rest: Substring)? {
    var rest = text
    if rest.hasPrefix("0x") || rest.hasPrefix("0X"),
      let third = rest.utf8.dropFirst(2).first, NumberReader.digit(third) < 16
    {
      rest = rest.dropFirst(2)
    }
    var value: UInt32 = 0
    var digits = 0
    while let first = rest.utf8.first, NumberReader.digit(first) < 16 {
      value = value << 4 | UInt32(NumberReader.digit(first))
      digits += 1
      rest = rest[rest.utf8.index(after: rest.startIndex)...]
    }
    return digits > 0 ? (value, rest) : nil
  }
}

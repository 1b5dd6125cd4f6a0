// Numbers as the functions of the C library read them that iptables and the kernel call: one reader for each function.

/// Reads numbers from text.
public enum NumberReader {
  /// Whether a byte is a blank of the C locale (isspace(3)).
  @inline(__always) static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) }

  /// The value of a digit, up to hexadecimal ones; 255 for every other byte.
  @inline(__always) static func digit(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 0x30...0x39: byte &- 0x30
    case 0x41...0x46: byte &- 0x37
    case 0x61...0x66: byte &- 0x57
    default: 255
    }
  }

  /// The number that text starts with: blanks, `+`, then decimal, `0x` hexadecimal or `0` octal digits (strtoul(3)
  /// with base 0, as `xtables_strtoul` calls it).
  ///
  /// - Returns: the number and where it ends; nil when there is none, it is negative, or does not fit 64 bits.
  static func strtoul<Text: StringProtocol>(_ text: Text) -> (value: UInt64, end: Text.Index)? {
    let bytes = text.utf8
    var index = bytes.startIndex
    while index < bytes.endIndex, isBlank(bytes[index]) { bytes.formIndex(after: &index) }
    if index < bytes.endIndex, bytes[index] == 0x2b { bytes.formIndex(after: &index) }
    var radix: UInt8 = 10
    if index < bytes.endIndex, bytes[index] == 0x30 {
      radix = 8
      let letter = bytes.index(after: index)
      if letter < bytes.endIndex, bytes[letter] | 0x20 == 0x78 {
        let first = bytes.index(after: letter)
        // Without a digit behind it the `x` is no part of the number.
        if first < bytes.endIndex, digit(bytes[first]) < 16 {
          radix = 16
          index = first
        }
      }
    }
    guard let (value, end) = digits(bytes, from: index, radix), let value else { return nil }
    return (value, end)
  }

  /// The number that text is, where a negative one counts from 2⁶⁴ down (strtoul(3) with base 0, as it is called where
  /// nothing looks for a sign).
  ///
  /// - Returns: nil when the text is no number, or does not fit 64 bits.
  static func wrappingStrtoul(_ text: some StringProtocol) -> UInt64? {
    let bytes = text.utf8
    var index = bytes.startIndex
    while index < bytes.endIndex, isBlank(bytes[index]) { bytes.formIndex(after: &index) }
    guard index < bytes.endIndex, bytes[index] == 0x2d else { return parseUnsigned(text) }
    let rest = text[bytes.index(after: index)...]
    // No second sign or blank.
    guard let first = rest.utf8.first, first >= 0x30, first <= 0x39 else { return nil }
    return parseUnsigned(rest).map { 0 &- $0 }
  }

  /// The digits from a place on, and where they end; nil when there are none, their value nil when it does not fit 64
  /// bits.
  private static func digits<Bytes: Collection<UInt8>>(
    _ bytes: Bytes, from start: Bytes.Index, _ radix: UInt8
  ) -> (value: UInt64?, end: Bytes.Index)? {
    var index = start
    var value: UInt64? = 0
    while index < bytes.endIndex {
      let next = digit(bytes[index])
      guard next < radix else { break }
      if let before = value {
        let (product, isTooLarge) = before.multipliedReportingOverflow(by: UInt64(radix))
        let (sum, isOver) = product.addingReportingOverflow(UInt64(next))
        value = isTooLarge || isOver ? nil : sum
      }
      bytes.formIndex(after: &index)
    }
    return index == start ? nil : (value, index)
  }

  /// A decimal number with an optional sign at the start of text: its size, nil beyond 64 bits, whether it is
  /// negative, and where it ends.
  private static func signed<Text: StringProtocol>(
    _ text: Text
  ) -> (size: UInt64?, isNegative: Bool, end: Text.Index)? {
    let bytes = text.utf8
    var index = bytes.startIndex
    while index < bytes.endIndex, isBlank(bytes[index]) { bytes.formIndex(after: &index) }
    let isNegative = index < bytes.endIndex && bytes[index] == 0x2d
    if index < bytes.endIndex, bytes[index] == 0x2d || bytes[index] == 0x2b { bytes.formIndex(after: &index) }
    guard let (size, end) = digits(bytes, from: index, 10) else { return nil }
    return (size, isNegative, end)
  }

  /// The decimal number that text starts with; a negative one counts from 2⁶⁴ down, one that is too large is the
  /// largest (sscanf(3) with `%llu`).
  ///
  /// - Returns: the number and where it ends; nil when there is none.
  static func scanf<Text: StringProtocol>(_ text: Text) -> (value: UInt64, end: Text.Index)? {
    guard let (size, isNegative, end) = signed(text) else { return nil }
    guard let size else { return (.max, end) }
    return (isNegative ? 0 &- size : size, end)
  }

  /// The decimal number that text starts with, 0 when there is none, at the limits of 64 bits when it lies beyond them
  /// (atoll(3)).
  static func atoll(_ text: some StringProtocol) -> Int64 {
    guard let (size, isNegative, _) = signed(text) else { return 0 }
    guard let size, size <= UInt64(Int64.max) else { return isNegative ? .min : .max }
    return isNegative ? -Int64(size) : Int64(size)
  }

  /// The number that is written to a file below `/proc/sys`: the first word, without a sign; decimal, `0x`
  /// hexadecimal or `0` octal (kernel: `proc_get_long`).
  ///
  /// - Returns: nil when the word is no such number or does not fit 64 bits.
  public static func procGetLong(_ text: String) -> UInt64? {
    guard let word = text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }).first else { return nil }
    return procGetLong(word: word)
  }

  private static func procGetLong(word: Substring) -> UInt64? {
    guard let first = word.utf8.first, first >= 0x30, first <= 0x39, let (value, end) = strtoul(word),
      end == word.endIndex
    else { return nil }
    return value
  }

  /// The same, with a `-` before it allowed (kernel: `do_proc_dointvec`).
  ///
  /// - Returns: nil when the word is no such number, longer than the 20 characters that the kernel reads, or does not fit.
  public static func procGetInteger(_ text: String) -> Int? {
    guard let word = text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }).first,
      word.utf8.count <= 20
    else { return nil }
    let isNegative = word.utf8.first == 0x2d
    guard let size = procGetLong(word: isNegative ? word.dropFirst() : word).flatMap({ Int(exactly: $0) }) else {
      return nil
    }
    return isNegative ? -size : size
  }

  /// The common form in one pass: up to 18 decimal digits without a leading zero; nil for every other, right or wrong.
  @inline(__always) fileprivate static func plain(_ text: some StringProtocol) -> UInt64? {
    var value: UInt64 = 0
    var digits = 0
    for byte in text.utf8 {
      guard byte >= 0x30, byte <= 0x39, digits < 18, digits == 0 || value > 0 else { return nil }
      value = value &* 10 &+ UInt64(byte &- 0x30)
      digits += 1
    }
    return digits > 0 ? value : nil
  }
}

/// Parses an unsigned number as iptables does: blanks and a `+` before it, decimal, `0x` hexadecimal or `0` octal,
/// nothing after it (iptables: `xtables_strtoui` without an end).
///
/// - Returns: nil when the text is no number or lies outside `range`.
public func parseUnsigned(_ text: some StringProtocol, in range: ClosedRange<UInt64> = 0...UInt64.max) -> UInt64? {
  if let value = NumberReader.plain(text) { return range.contains(value) ? value : nil }
  guard let (value, end) = NumberReader.strtoul(text), end == text.endIndex, range.contains(value) else { return nil }
  return value
}

/// Reads an unsigned number from the start of `text` (iptables: `xtables_strtoul`).
///
/// - Returns: the number and what stands behind it; nil when there is no number, it is negative, or does not fit 64
///   bits.
public func scanUnsigned(_ text: some StringProtocol) -> (value: UInt64, rest: Substring)? {
  guard let (value, end) = NumberReader.strtoul(text) else { return nil }
  return (value, Substring(text[end...]))
}

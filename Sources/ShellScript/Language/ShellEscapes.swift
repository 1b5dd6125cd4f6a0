// Escapes with a backslash, in which the commands of shells differ.

/// Replaces escapes with a backslash.
enum ShellEscapes {
  /// Whose escapes they are.
  enum Form: Sendable {
    /// `echo` of dash: `\\0NNN` and `\\NNN` are octal (dash(1)).
    case posixEcho
    /// `echo -e` of bash: `\\0NNN` alone is octal, `\\xHH` hexadecimal (bash(1)).
    case echo
    /// The format of `printf`: `\\NNN` is octal.
    case printf
    /// `%b` of `printf`: both.
    case argument
    /// `$'...'` of bash.
    case quote
  }

  /// A text with its escapes replaced; `stops` says that `\\c` ends it.
  static func text(_ text: String, _ form: Form, _ stops: inout Bool) -> String {
    guard text.utf8.contains(0x5c) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == 0x5c, index + 1 < bytes.count else {
        result.append(bytes[index])
        index += 1
        continue
      }
      index += 2
      switch bytes[index - 1] {
      case 0x6e: result.append(0x0a)
      case 0x74: result.append(0x09)
      case 0x72: result.append(0x0d)
      case 0x61: result.append(0x07)
      case 0x62: result.append(0x08)
      case 0x66: result.append(0x0c)
      case 0x76: result.append(0x0b)
      case 0x65 where form != .posixEcho: result.append(0x1b)
      case 0x5c: result.append(0x5c)
      case 0x22 where form == .quote || form == .printf: result.append(0x22)
      case 0x27 where form == .quote || form == .printf: result.append(0x27)
      case 0x63 where form != .quote && form != .printf:
        stops = true
        return String(decoding: result, as: UTF8.self)
      case 0x78 where form != .posixEcho: number(bytes, &index, radix: 16, most: 2, &result)
      case 0x30 where form == .echo || form == .posixEcho || form == .argument:
        number(bytes, &index, radix: 8, most: 3, &result)
      case 0x30...0x37 where form != .echo:
        index -= 1
        number(bytes, &index, radix: 8, most: 3, &result)
      default: result += [0x5c, bytes[index - 1]]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Reads digits; without any, the backslash and its letter stand for themselves.
  private static func number(
    _ bytes: [UInt8], _ index: inout Int, radix: Int, most: Int, _ result: inout [UInt8]
  ) {
    var value = 0
    let start = index
    while index < bytes.count, index - start < most {
      let byte = bytes[index]
      let digit: Int
      switch byte {
      case 0x30...0x39: digit = Int(byte) - 0x30
      case 0x61...0x66: digit = Int(byte) - 0x57
      case 0x41...0x46: digit = Int(byte) - 0x37
      default: digit = 99
      }
      guard digit < radix else { break }
      value = value * radix + digit
      index += 1
    }
    if index == start, radix == 16 {
      result += [0x5c, 0x78]
    } else {
      result.append(UInt8(truncatingIfNeeded: value))
    }
  }
}

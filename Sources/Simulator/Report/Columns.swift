// How wide text is on a terminal.

/// Counts the columns that text takes on a terminal.
enum Columns {
  /// The columns of a part of some UTF-8 text; a byte each where it is ASCII.
  static func count(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    for place in range where bytes[place] >= 0x80 {
      return String(decoding: bytes[range], as: UTF8.self).unicodeScalars.reduce(0) { $0 + width($1) }
    }
    return range.count
  }

  /// The columns of a text.
  static func count(_ text: String) -> Int {
    let bytes = Array(text.utf8)
    return count(bytes, 0..<bytes.count)
  }

  /// None for what joins the character before, two for what East Asian scripts and emoji draw wide (UAX #11), else one.
  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case ..<0x300: return 1
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
      0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f900...0x1f9ff, 0x20000...0x3fffd:
      return 2
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format: return 0
      default: return 1
      }
    }
  }
}

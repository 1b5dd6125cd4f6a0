// Differentiated services code points, by number and by class.

/// A differentiated services code point, 0...63 (RFC 2474).
public struct DSCP: Hashable, Sendable {
  /// The number.
  public var rawValue: UInt8

  /// The names of the classes (RFC 2474 class selectors, RFC 2597 assured and RFC 3246 expedited forwarding).
  static let classes: [(name: String, value: UInt8)] = [
    ("CS0", 0x00), ("CS1", 0x08), ("CS2", 0x10), ("CS3", 0x18), ("CS4", 0x20), ("CS5", 0x28), ("CS6", 0x30),
    ("CS7", 0x38), ("BE", 0x00), ("AF11", 0x0a), ("AF12", 0x0c), ("AF13", 0x0e), ("AF21", 0x12), ("AF22", 0x14),
    ("AF23", 0x16), ("AF31", 0x1a), ("AF32", 0x1c), ("AF33", 0x1e), ("AF41", 0x22), ("AF42", 0x24), ("AF43", 0x26),
    ("EF", 0x2e),
  ]

  static func hexadecimal(_ dscp: DSCP) -> String {
    "0x" + (dscp.rawValue < 16 ? "0" : "") + String(dscp.rawValue, radix: 16)
  }
}

extension ValueCodec where Value == DSCP {
  /// A number from 0 to 63, printed as `0x0a`.
  public static let dscp = ValueCodec("value") { (argument) throws(OptionError) in
    guard let value = parseUnsigned(argument.text, in: 0...63) else {
      throw OptionError(
        "`\(argument.text)` is not a DSCP value: a number from 0 to 63", tool: OptionError.outOfRange("0-63"))
    }
    return DSCP(rawValue: UInt8(value))
  } print: {
    DSCP.hexadecimal($0)
  }

  /// The name of a class in any case.
  public static let dscpClass = ValueCodec("class") { (argument) throws(OptionError) in
    guard let entry = DSCP.classes.first(where: { $0.name.lowercased() == argument.text.lowercased() }) else {
      throw OptionError(
        "`\(argument.text)` is not a DSCP class", help: "the classes are CS0 to CS7, BE, AF11 to AF43 and EF",
        tool: "Invalid DSCP value `\(argument.text)'")
    }
    return DSCP(rawValue: entry.value)
  } print: {
    DSCP.hexadecimal($0)
  }
}

// How a kind of value is read and written; the codecs that several extensions share.

/// Reads a value from an option's argument and prints it in canonical form.
public struct ValueCodec<Value: Sendable>: Sendable {
  /// What the value looks like, for help.
  public var placeholder: String
  /// Reads the value.
  public var parse: @Sendable (OptionArgument) throws(OptionError) -> Value
  /// Prints the value as iptables-save does.
  public var print: @Sendable (Value) -> String

  /// Makes a codec.
  public init(
    _ placeholder: String, parse: @escaping @Sendable (OptionArgument) throws(OptionError) -> Value,
    print: @escaping @Sendable (Value) -> String
  ) {
    self.placeholder = placeholder
    self.parse = parse
    self.print = print
  }
}

/// Parses an unsigned number as iptables does: decimal, `0x` hexadecimal or `0` octal, blanks and a `+` before it,
/// nothing after it (iptables: `xtables_strtoui`).
///
/// - Returns: nil when the text is no number or lies outside `range`.
public func parseUnsigned(_ text: some StringProtocol, in range: ClosedRange<UInt64> = 0...UInt64.max) -> UInt64? {
  if let value = plainNumber(text) { return range.contains(value) ? value : nil }
  var digits = text.utf8.drop { $0 == 0x20 || $0 == 0x09 }
  if digits.first == 0x2b { digits = digits.dropFirst() }
  var radix: UInt64 = 10
  if digits.first == 0x30 {
    let rest = digits.dropFirst()
    if rest.first == 0x78 || rest.first == 0x58 {
      radix = 16
      digits = rest.dropFirst()
    } else if !rest.isEmpty {
      radix = 8
      digits = rest
    }
  }
  guard !digits.isEmpty else { return nil }
  var value: UInt64 = 0
  for byte in digits {
    let digit: UInt64
    switch byte {
    case 0x30...0x39: digit = UInt64(byte &- 0x30)
    case 0x41...0x46: digit = UInt64(byte &- 0x37)
    case 0x61...0x66: digit = UInt64(byte &- 0x57)
    default: return nil
    }
    guard digit < radix else { return nil }
    let (product, over) = value.multipliedReportingOverflow(by: radix)
    let (sum, carry) = product.addingReportingOverflow(digit)
    if over || carry { return nil }
    value = sum
  }
  return range.contains(value) ? value : nil
}

/// The common form in one pass: up to 18 decimal digits without a leading zero; nil for every other, right or wrong.
private func plainNumber(_ text: some StringProtocol) -> UInt64? {
  var value: UInt64 = 0
  var digits = 0
  for byte in text.utf8 {
    guard byte >= 0x30, byte <= 0x39, digits < 18, digits == 0 || value > 0 else { return nil }
    value = value &* 10 &+ UInt64(byte &- 0x30)
    digits += 1
  }
  return digits > 0 ? value : nil
}

extension ValueCodec where Value: FixedWidthInteger & UnsignedInteger {
  /// A number within a range, printed in decimal.
  public static func number(_ range: ClosedRange<Value> = Value.min...Value.max, placeholder: String = "value")
    -> ValueCodec
  {
    ValueCodec(placeholder) { (argument) throws(OptionError) in
      guard let value = parseUnsigned(argument.text, in: UInt64(range.lowerBound)...UInt64(range.upperBound)) else {
        throw OptionError("`\(argument.text)` is not a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return Value(truncatingIfNeeded: value)
    } print: {
      "\($0)"
    }
  }

  /// A number within a range, printed in hexadecimal with `0x`.
  public static func hexadecimal(_ range: ClosedRange<Value> = Value.min...Value.max, placeholder: String = "value")
    -> ValueCodec
  {
    var codec = number(range, placeholder: placeholder)
    codec.print = { "0x" + String($0, radix: 16) }
    return codec
  }
}

/// A number under a mask, `value[/mask]`, in hexadecimal (`-m mark`, `-m connmark`).
public struct MaskedValue: Hashable, Sendable {
  /// The value.
  public var value: UInt32
  /// The mask.
  public var mask: UInt32

  /// Makes a masked value.
  public init(_ value: UInt32, mask: UInt32 = .max) {
    self.value = value
    self.mask = mask
  }
}

extension ValueCodec where Value == MaskedValue {
  /// `value[/mask]`, printed in hexadecimal, the mask only when it is not all ones.
  public static let masked = ValueCodec("value[/mask]") { (argument) throws(OptionError) in
    if !argument.text.utf8.contains(0x2f), let value = parseUnsigned(argument.text, in: 0...0xffff_ffff) {
      return MaskedValue(UInt32(truncatingIfNeeded: value))
    }
    let parts = argument.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let value = parseUnsigned(parts.first ?? "", in: 0...0xffff_ffff) else {
      throw OptionError("`\(argument.text)` is not a mark: a 32-bit number, perhaps with `/mask`")
    }
    guard parts.count > 1 else { return MaskedValue(UInt32(value)) }
    guard let mask = parseUnsigned(parts[1], in: 0...0xffff_ffff) else {
      throw OptionError("`\(parts[1])` is not a mask: a 32-bit number")
    }
    return MaskedValue(UInt32(value), mask: UInt32(mask))
  } print: { masked in
    masked.mask == .max
      ? "0x" + String(masked.value, radix: 16)
      : "0x" + String(masked.value, radix: 16) + "/0x" + String(masked.mask, radix: 16)
  }
}

extension ValueCodec where Value == PortRange {
  /// `port[:port]` with service names; a missing end means 0 or 65535 (iptables: `XTTYPE_PORTRC`).
  public static let portRange = ValueCodec("port[:port]") { (argument) throws(OptionError) in
    if let number = parseUnsigned(argument.text, in: 0...65535) { return PortRange(UInt16(truncatingIfNeeded: number)) }
    let parts = argument.text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let lower = parts[0].isEmpty && parts.count > 1 ? 0 : try parsePort(parts[0], argument)
    guard parts.count > 1 else { return PortRange(lower) }
    let upper = parts[1].isEmpty ? 65535 : try parsePort(parts[1], argument)
    guard lower <= upper else {
      throw OptionError("port range `\(argument.text)` starts after its end", help: "write it as `\(upper):\(lower)`")
    }
    return PortRange(lower, upper)
  } print: {
    $0.description
  }
}

/// Parses a port number or a service name of the rule's protocol (iptables: `xtables_parse_port`).
public func parsePort(_ text: some StringProtocol, _ argument: OptionArgument) throws(OptionError) -> UInt16 {
  if let number = parseUnsigned(text, in: 0...65535) { return UInt16(number) }
  if let port = ServiceNames.port(named: text, protocolNumber: argument.protocolNumber?.value) { return port }
  throw OptionError("`\(text)` is not a port: a number from 0 to 65535 or the name of a service")
}

extension ValueCodec where Value == String {
  /// Any text up to `maximum` bytes, printed in quotes when needed.
  public static func string(maximum: Int, placeholder: String = "string") -> ValueCodec {
    ValueCodec(placeholder) { (argument) throws(OptionError) in
      guard argument.text.utf8.count <= maximum else {
        throw OptionError("the text is \(argument.text.utf8.count) bytes long; at most \(maximum) are allowed")
      }
      return argument.text
    } print: {
      SaveWriter.quoted($0)
    }
  }
}

extension ValueCodec where Value == IPAddress {
  /// A numeric address of the rule's family.
  public static let address = ValueCodec("address") { (argument) throws(OptionError) in
    guard let address = IPAddress(argument.text, family: argument.family) else {
      throw OptionError("`\(argument.text)` is not an address")
    }
    return address
  } print: {
    $0.description
  }
}

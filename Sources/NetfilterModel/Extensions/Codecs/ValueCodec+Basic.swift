// Codecs that several extensions share: numbers, marks, ports, text and addresses.

extension ValueCodec where Value: FixedWidthInteger & UnsignedInteger {
  /// A number within a range, printed in decimal.
  public static func number(_ range: ClosedRange<Value> = Value.min...Value.max, placeholder: String = "value")
    -> ValueCodec
  {
    ValueCodec(placeholder) { (argument) throws(OptionError) in
      guard let value = parseUnsigned(argument.text, in: UInt64(range.lowerBound)...UInt64(range.upperBound)) else {
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

  /// A number within a range, printed in hexadecimal with `0x`.
  public static func hexadecimal(_ range: ClosedRange<Value> = Value.min...Value.max, placeholder: String = "value")
    -> ValueCodec
  {
    var codec = number(range, placeholder: placeholder)
    codec.print = { "0x" + String($0, radix: 16) }
    return codec
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
      throw OptionError(
        "`\(argument.text)` is not a mark: a 32-bit number, perhaps with `/mask`",
        tool:
          "\(OptionError.extensionMark): bad integer value for option \"--\(OptionError.optionMark)\", or out of range.\n"
      )
    }
    guard parts.count > 1 else { return MaskedValue(UInt32(value)) }
    guard let mask = parseUnsigned(parts[1], in: 0...0xffff_ffff) else {
      throw OptionError(
        "`\(parts[1])` is not a mask: a 32-bit number",
        tool:
          "\(OptionError.extensionMark): bad integer value for option \"--\(OptionError.optionMark)\", or out of range.\n"
      )
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
      throw OptionError(
        "port range `\(argument.text)` starts after its end", help: "write it as `\(upper):\(lower)`",
        tool: "invalid portrange (min > max)")
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
  throw OptionError(
    "`\(text)` is not a port: a number from 0 to 65535 or the name of a service",
    tool: "invalid port/service `\(text)' specified")
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

extension ValueCodec where Value == String {
  /// Text that is cut to a number of bytes and printed without quotes, as it lies in the kernel's structure (iptables:
  /// `XTTYPE_STRING` with `XTOPT_PUT`).
  static func copied(maximum: Int, minimum: Int = 0) -> ValueCodec {
    ValueCodec("text") { (argument) throws(OptionError) in
      guard argument.text.utf8.count >= minimum else { throw OptionError("the text is empty") }
      return ProcName.cut(argument.text, to: maximum)
    } print: {
      $0
    }
  }
}

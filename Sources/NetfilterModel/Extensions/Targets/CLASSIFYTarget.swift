// -j CLASSIFY: sets the traffic-control class of the packet.

/// Sets the packet's priority (kernel: `classify_tg`; man page: iptables-extensions, CLASSIFY).
public struct CLASSIFYTarget: TargetExtension {
  /// The class, major number in the upper 16 bits.
  public var priority: UInt32?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "CLASSIFY", hooks: [.forward, .output, .postrouting], summary: "sets the packet's traffic-control class")

  /// The option table.
  public static let options: [OptionSpec<CLASSIFYTarget>] = [
    .value(
      "set-class", .init({ $0.priority }, { $0.priority = $1 }),
      ValueCodec("major:minor") { (argument) throws(OptionError) in
        var rest = argument.text.utf8[...]
        guard let major = scanHexadecimal(&rest), rest.popFirst() == UInt8(ascii: ":"),
          let minor = scanHexadecimal(&rest)
        else { throw OptionError("`\(argument.text)` is not a class: two hexadecimal numbers with `:` between") }
        return major << 16 | minor & 0xffff
      } print: { priority in
        pad(priority >> 16) + ":" + pad(priority & 0xffff)
      }, isMandatory: true)
  ]

  static func pad(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// Reads a number as scanf's `%x` does: blanks, a sign and `0x` may come first; higher bits are lost.
  static func scanHexadecimal(_ text: inout Substring.UTF8View.SubSequence) -> UInt32? {
    while let first = text.first, first == 0x20 || (first >= 0x09 && first <= 0x0d) { text.removeFirst() }
    var negative = false
    if let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      negative = sign == UInt8(ascii: "-")
      text.removeFirst()
    }
    var value: UInt32 = 0
    var hasDigits = false
    if text.first == UInt8(ascii: "0") {
      text.removeFirst()
      hasDigits = true
      if let x = text.first, x | 0x20 == UInt8(ascii: "x") { text.removeFirst() }
    }
    while let byte = text.first, let digit = Character(UnicodeScalar(byte)).hexDigitValue {
      value = value << 4 | UInt32(digit)
      hasDigits = true
      text.removeFirst()
    }
    guard hasDigits else { return nil }
    return negative ? 0 &- value : value
  }

  /// Sets the class (kernel: `classify_tg`).
  public var effects: [Effect] {
    priority.map { [.priority($0)] } ?? []
  }

  /// `CLASSIFY set 1:2`.
  public func listing(_ style: ListStyle) -> String {
    let class32 = priority ?? 0
    return "CLASSIFY set \(String(class32 >> 16, radix: 16)):\(String(class32 & 0xffff, radix: 16))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A FORWARD -j CLASSIFY --set-class 1:2", saves: "-A FORWARD -j CLASSIFY --set-class 0001:0002"),
    .accepted(
      "-A POSTROUTING -j CLASSIFY --set-class 0x10:FFFF", saves: "-A POSTROUTING -j CLASSIFY --set-class 0010:ffff",
      table: .mangle),
    .accepted("-A OUTPUT -j CLASSIFY --set-class 12345:12345", saves: "-A OUTPUT -j CLASSIFY --set-class 2345:2345"),
    .accepted("-A OUTPUT -j CLASSIFY --set-class 1:2x", saves: "-A OUTPUT -j CLASSIFY --set-class 0001:0002"),
    .accepted("-A OUTPUT -j CLASSIFY --set-class +1:-2", saves: "-A OUTPUT -j CLASSIFY --set-class 0001:fffe"),
    .refused("-A FORWARD -j CLASSIFY"),
    .refused("-A FORWARD -j CLASSIFY --set-class 1:"),
    .refused("-A FORWARD -j CLASSIFY --set-class 1"),
    .refused("-A FORWARD -j CLASSIFY --set-class g:1"),
    .refused("-A INPUT -j CLASSIFY --set-class 1:2"),
    .refused("-A PREROUTING -j CLASSIFY --set-class 1:2", table: .mangle),
  ]
}

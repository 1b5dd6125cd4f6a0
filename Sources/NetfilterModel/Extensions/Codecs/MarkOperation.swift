// The five ways in which MARK and CONNMARK say how a mark changes, and how both print the result.

/// An option of MARK or CONNMARK that changes a mark; all of them end up as `mark = (mark & ~mask) ^ value`.
enum MarkOperation: CaseIterable, Hashable, Sendable {
  case setXmark, setMark, andMark, orMark, xorMark

  var optionName: String {
    switch self {
    case .setXmark: "set-xmark"
    case .setMark: "set-mark"
    case .andMark: "and-mark"
    case .orMark: "or-mark"
    case .xorMark: "xor-mark"
    }
  }

  var placeholder: String { self == .setXmark || self == .setMark ? "value[/mask]" : "value" }

  /// The options it cannot stand beside.
  var otherNames: [String] { MarkOperation.allCases.filter { $0 != self }.map { $0.optionName } }

  /// Reads the argument; only the two set forms take a mask (iptables: `XTTYPE_MARKMASK32`, `XTTYPE_UINT32`).
  func parse(_ argument: OptionArgument) throws(OptionError) -> MaskedValue {
    if self == .setXmark { return try ValueCodec.masked.parse(argument) }
    if self == .setMark {
      let masked = try ValueCodec.masked.parse(argument)
      return MaskedValue(masked.value, mask: masked.value | masked.mask)
    }
    let bits = try ValueCodec<UInt32>.number(placeholder: "value").parse(argument)
    return switch self {
    case .andMark: MaskedValue(0, mask: ~bits)
    case .orMark: MaskedValue(bits, mask: bits)
    default: MaskedValue(bits, mask: 0)
    }
  }

  static func hex(_ value: UInt32) -> String { "0x" + String(value, radix: 16) }

  /// `0x1/0xffffffff`: the mask is always printed.
  static func saved(_ mark: MaskedValue) -> String { hex(mark.value) + "/" + hex(mark.mask) }

  /// `set 0x1`, `and 0xf`, ... as `iptables -L` names the change.
  static func listed(_ mark: MaskedValue) -> String {
    if mark.value == 0 { return "and \(hex(~mark.mask))" }
    if mark.value == mark.mask { return "or \(hex(mark.value))" }
    if mark.mask == 0 { return "xor \(hex(mark.value))" }
    if mark.mask == .max { return "set \(hex(mark.value))" }
    return "xset \(saved(mark))"
  }
}

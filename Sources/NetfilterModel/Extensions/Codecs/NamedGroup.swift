// Numbers under a mask that may have a name in a file of iproute2, as devgroup and realm take them.

/// A number under a mask, of which 0 may have a name (libxtables: `XTTYPE_...` of `xtables_parse_val_mask`).
struct NamedGroup: Hashable, Sendable {
  /// The name of 0 in the file that Debian ships.
  let nameOfZero: String
  /// What the number is, for messages.
  let what: String

  /// Groups of interfaces (`/etc/iproute2/group`).
  static let interface = NamedGroup(nameOfZero: "default", what: "group of interfaces")
  /// Realms of routes (`/etc/iproute2/rt_realms`).
  static let realm = NamedGroup(nameOfZero: "cosmos", what: "realm")

  /// `value[/mask]` or a name.
  var codec: ValueCodec<MaskedValue> {
    ValueCodec("value[/mask]") { (argument) throws(OptionError) in
      let parts = argument.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      if let value = parseUnsigned(parts.first ?? "", in: 0...0xffff_ffff) {
        guard parts.count > 1 else { return MaskedValue(UInt32(value)) }
        guard let mask = parseUnsigned(parts[1], in: 0...0xffff_ffff) else {
          throw OptionError("`\(parts[1])` is not a mask: a 32-bit number")
        }
        return MaskedValue(UInt32(value), mask: UInt32(mask))
      }
      guard argument.text == nameOfZero else {
        throw OptionError(
          "`\(argument.text)` is not a \(what)",
          help: "names stand in a file of the host, and only `\(nameOfZero)` is known here: write the number")
      }
      return MaskedValue(0)
    } print: {
      text($0, numeric: false)
    }
  }

  /// The number in hexadecimal, or its name.
  func text(_ value: MaskedValue, numeric: Bool) -> String {
    if value.mask == .max, value.value == 0, !numeric { return nameOfZero }
    let hex = "0x" + String(value.value, radix: 16)
    return value.mask == .max ? hex : hex + "/0x" + String(value.mask, radix: 16)
  }
}

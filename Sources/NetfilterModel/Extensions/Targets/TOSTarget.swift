// -j TOS: changes the type-of-service byte.

/// Changes the TOS byte (kernel: `tos_tg`; man page: iptables-extensions, TOS).
public struct TOSTarget: TargetExtension {
  /// The new bits.
  public var value: UInt8 = 0
  /// The bits that are cleared first: the byte becomes `(tos & ~mask) ^ value`.
  public var mask: UInt8 = 0
  /// Whether any of the options was given.
  public var isSet = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("TOS", tables: .mangle, summary: "changes the type-of-service byte")

  /// The names of values under the mask 0x3f (iptables: `tos_symbol_names`).
  static let names: [(name: String, value: UInt8)] = [
    ("Minimize-Delay", 0x10), ("Maximize-Throughput", 0x08), ("Maximize-Reliability", 0x04), ("Minimize-Cost", 0x02),
    ("Normal-Service", 0x00),
  ]
  static let actions = ["set-tos", "and-tos", "or-tos", "xor-tos"]

  /// The option table; every form is kept and printed as `--set-tos value/mask`.
  public static let options: [OptionSpec<TOSTarget>] = [
    form("set-tos", placeholder: "value[/mask]") { (argument) throws(OptionError) in
      if let known = names.first(where: { $0.name.lowercased() == argument.text.lowercased() }) {
        return (known.value, 0x3f)
      }
      let parts = argument.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard let value = parseUnsigned(parts.first ?? "", in: 0...255),
        let mask = parts.count > 1 ? parseUnsigned(parts[1], in: 0...255) : 0xff
      else {
        throw OptionError(
          "`\(argument.text)` is not a TOS value: 0 to 255, perhaps with `/mask`, or a name",
          help: "the names are " + names.map { $0.name }.joined(separator: " "))
      }
      return (UInt8(value), UInt8(mask))
    },
    form("and-tos") { (argument) throws(OptionError) in (0, ~(try byte(argument))) },
    form("or-tos") { (argument) throws(OptionError) in
      let bits = try byte(argument)
      return (bits, bits)
    },
    form("xor-tos") { (argument) throws(OptionError) in (try byte(argument), 0) },
  ]

  static func byte(_ argument: OptionArgument) throws(OptionError) -> UInt8 {
    try ValueCodec<UInt8>.number().parse(argument)
  }

  static func form(
    _ name: String, placeholder: String = "bits",
    _ read: @escaping @Sendable (OptionArgument) throws(OptionError) -> (UInt8, UInt8)
  ) -> OptionSpec<TOSTarget> {
    OptionSpec(
      name, excludes: actions.filter { $0 != name }, placeholder: placeholder,
      parse: { (owner, argument) throws(OptionError) in
        (owner.value, owner.mask) = try read(argument)
        owner.isSet = true
      },
      save: { owner, writer in if name == "set-tos" { writer.option(name, owner.pair) } })
  }

  var pair: String { value.hexadecimal + "/" + mask.hexadecimal }

  /// Refuses the target without an option.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if !isSet {
      throw OptionError(
        "TOS needs an action", help: "add --set-tos, --and-tos, --or-tos or --xor-tos",
        tool: "TOS: An action is required")
    }
  }

  /// Changes the byte (kernel: `tos_tg`).
  public var effects: [Effect] {
    [.tos(value: value, mask: mask)]
  }

  /// `TOS set 0x10/0xff`; a known name is printed as iptables 1.8 does it, with a blank too many before and one too few within.
  public func listing(_ style: ListStyle) -> String {
    if style.numeric { return "TOS set " + pair }
    if mask == 0x3f, let known = TOSTarget.names.first(where: { $0.value == value }) { return " TOS set" + known.name }
    if value == 0 { return "TOS and " + (~mask).hexadecimal }
    if value == mask { return "TOS or " + value.hexadecimal }
    if mask == 0 { return "TOS xor " + value.hexadecimal }
    return "TOS set " + pair
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A FORWARD -j TOS --set-tos 16", saves: "-A FORWARD -j TOS --set-tos 0x10/0xff", table: .mangle),
    .accepted(
      "-A FORWARD -j TOS --set-tos minimize-delay", saves: "-A FORWARD -j TOS --set-tos 0x10/0x3f", table: .mangle),
    .accepted(
      "-A FORWARD -j TOS --set-tos Normal-Service", saves: "-A FORWARD -j TOS --set-tos 0x00/0x3f", table: .mangle),
    .same("-A FORWARD -j TOS --set-tos 0x11/0x3f", table: .mangle),
    .accepted("-A FORWARD -j TOS --and-tos 0x10", saves: "-A FORWARD -j TOS --set-tos 0x00/0xef", table: .mangle),
    .accepted("-A FORWARD -j TOS --or-tos 0x10", saves: "-A FORWARD -j TOS --set-tos 0x10/0x10", table: .mangle),
    .accepted("-A FORWARD -j TOS --xor-tos 0x10", saves: "-A FORWARD -j TOS --set-tos 0x10/0x00", table: .mangle),
    .refused("-A FORWARD -j TOS --set-tos 256", table: .mangle),
    .refused("-A FORWARD -j TOS --set-tos Min", table: .mangle),
    .refused("-A FORWARD -j TOS --set-tos 0x10/", table: .mangle),
    .refused("-A FORWARD -j TOS --set-tos 1 --or-tos 2", table: .mangle),
    .refused("-A FORWARD -j TOS", table: .mangle),
    .refused("-A FORWARD -j TOS --set-tos 1"),
  ]
}

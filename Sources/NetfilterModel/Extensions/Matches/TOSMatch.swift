// -m tos: compares the TOS byte or traffic class.

/// Matches the TOS byte under a mask (kernel: `tos_mt`; man page: iptables-extensions, tos).
public struct TOSMatch: MatchExtension {
  /// The value and mask.
  public var tos: Invertible<MaskedTOS>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("tos", summary: "the type of service byte")

  /// The option table.
  public static let options: [OptionSpec<TOSMatch>] = [
    .invertible("tos", .init({ $0.tos }, { $0.tos = $1 }), .tos, isMandatory: true)
  ]

  /// Compares the byte (kernel: `tos_mt`).
  public var conditions: [Condition] {
    [
      tos.map {
        Condition(
          "tos", .tos, .masked(value: UInt64($0.value.value), mask: UInt64($0.value.mask)), inverted: $0.inverted)
      }
    ].compactMap { $0 }
  }

  /// `tos match Minimize-Delay`, or `tos match0x10/0xff`, without a blank, for a value without a name.
  public func listing(_ style: ListStyle) -> String {
    guard let tos else { return "" }
    let start = "tos match" + (tos.inverted ? "!" : "")
    if !style.numeric, let name = tos.value.name { return "\(start) \(name)" }
    return start + ValueCodec.tos.print(tos.value)
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m tos ! --tos 16", saves: "-A INPUT -m tos ! --tos 0x10/0xff"),
    .accepted("-A INPUT -m tos --tos maximize-throughput", saves: "-A INPUT -m tos --tos 0x08/0x3f"),
    .accepted("-A INPUT -m tos --tos Normal-Service", saves: "-A INPUT -m tos --tos 0x00/0x3f"),
    .accepted("-A INPUT -m tos --tos 0/0", saves: "-A INPUT -m tos --tos 0x00/0x00"),
    .same("-A INPUT -m tos --tos 0x11/0x10"),
    .refused("-A INPUT -m tos --tos Min"),
    .refused("-A INPUT -m tos --tos 256"),
    .refused("-A INPUT -m tos --tos 1/256"),
    .refused("-A INPUT -m tos --tos 1/"),
    .refused("-A INPUT -m tos --tos Minimize-Delay/0xff"),
    .refused("-A INPUT -m tos"),
  ]
}

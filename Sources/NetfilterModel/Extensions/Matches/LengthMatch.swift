// -m length: the length of the packet by its IP header.

/// Matches the total length of the packet, header included (kernel: `length_mt`; man page: iptables-extensions, length).
public struct LengthMatch: MatchExtension {
  /// The lengths in bytes; a range that starts after its end never matches.
  public var length: Invertible<PortRange>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("length", summary: "the length of the packet")

  /// The option table.
  public static let options: [OptionSpec<LengthMatch>] = [
    .invertible("length", .init({ $0.length }, { $0.length = $1 }), .numberRange, isMandatory: true)
  ]

  /// Compares the total length (kernel: `length_mt`, `length_mt6`).
  public var conditions: [Condition] { [.range("length", .totalLength, length)].compactMap { $0 } }

  /// `length 100:200`.
  public func listing(_ style: ListStyle) -> String {
    guard let length else { return "" }
    return "length \(length.inverted ? "!" : "")\(length.value)"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m length --length 100"),
    .same("-A INPUT -m length ! --length 100:200"),
    .accepted("-A INPUT -m length --length 100:", saves: "-A INPUT -m length --length 100:65535"),
    .accepted("-A INPUT -m length --length :200", saves: "-A INPUT -m length --length 0:200"),
    .accepted("-A INPUT -m length --length 0x10", saves: "-A INPUT -m length --length 16"),
    .accepted("-A INPUT -m length --length 010", saves: "-A INPUT -m length --length 8"),
    .accepted("-A INPUT -m length --length +5", saves: "-A INPUT -m length --length 5"),
    .same("-A INPUT -m length --length 200:100"),
    .refused("-A INPUT -m length --length 65536"),
    .refused("-A INPUT -m length --length 5:6:7"),
    .refused("-A INPUT -m length --length 5-6"),
    .refused("-A INPUT -m length"),
  ]
}

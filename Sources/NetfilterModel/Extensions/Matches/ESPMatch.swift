// -m esp: the security parameter index of an ESP packet; loaded by itself for `-p esp --espspi`.

/// Matches the security parameter index of the ESP header (kernel: `esp_mt`; man page: iptables-extensions, esp).
public struct ESPMatch: MatchExtension {
  /// The indexes; nil for every one.
  public var indexes: Invertible<SPIRange>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "esp", protocols: [.esp], summary: "the security parameter index of ESP")

  /// The option table. Every index is not printed even when it is negated, as iptables 1.8.9 does.
  public static let options: [OptionSpec<ESPMatch>] = [
    .invertible("espspi", .init({ $0.indexes }, { $0.indexes = $1 }), .indexRange, omitting: { $0.value == .all })
  ]

  /// Compares the index; a later fragment never matches, a cut-off header is dropped (kernel: `esp_mt`).
  public var conditions: [Condition] {
    [
      .demand(.fragmentOffset, .equals(0)), .demand(.transportLength, .between(8, Int.max), drops: true),
      indexes.map {
        Condition(
          "espspi", .securityParameterIndex, .between($0.value.lower, $0.value.upper), inverted: $0.inverted)
      },
    ].compactMap { $0 }
  }

  /// `esp spi:500`, `esp spis:!0:10`; only `esp` for every index.
  public func listing(_ style: ListStyle) -> String { "esp" + (indexes?.listing ?? "") }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -p esp -m esp"),
    .same("-A INPUT -p esp -m esp --espspi 500"),
    .same("-A INPUT -p esp -m esp ! --espspi 0:10"),
    .same("-A INPUT -p esp -m esp --espspi 10:5"),
    .accepted("-A INPUT -p esp --espspi 7", saves: "-A INPUT -p esp -m esp --espspi 7"),
    .accepted("-A INPUT -p 50 -m esp ! --espspi 1", saves: "-A INPUT -p esp -m esp ! --espspi 1"),
    .accepted("-A INPUT -p esp -m esp --espspi 0x100:0x200", saves: "-A INPUT -p esp -m esp --espspi 256:512"),
    .accepted("-A INPUT -p esp -m esp --espspi 010", saves: "-A INPUT -p esp -m esp --espspi 8"),
    .accepted("-A INPUT -p esp -m esp --espspi 5:5", saves: "-A INPUT -p esp -m esp --espspi 5"),
    .accepted("-A INPUT -p esp -m esp --espspi :32", saves: "-A INPUT -p esp -m esp --espspi 0:32"),
    .accepted("-A INPUT -p esp -m esp --espspi 32:", saves: "-A INPUT -p esp -m esp --espspi 32:4294967295"),
    .accepted("-A INPUT -p esp -m esp --espspi 0:4294967295", saves: "-A INPUT -p esp -m esp"),
    .accepted("-A INPUT -p esp -m esp ! --espspi :", saves: "-A INPUT -p esp -m esp"),
    .refused("-A INPUT -p esp -m esp --espspi x"),
    .refused("-A INPUT -p esp -m esp --espspi 4294967296"),
    .refused("-A INPUT -p esp -m esp --espspi 1:2:3"),
    .refused("-A INPUT -p esp -m esp --espspi 1 --espspi 2"),
    .refused("-A INPUT -p esp -m esp --espspi"),
    .refused("-A INPUT -p tcp -m esp --espspi 5"),
    .refused("-A INPUT ! -p esp -m esp --espspi 5"),
    .refused("-A INPUT -m esp --espspi 5"),
  ]
}

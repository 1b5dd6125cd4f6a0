// -m ah: the security parameter index of an authentication header; loaded by itself for `-p ah --ahspi`.

/// Matches the security parameter index of the authentication header (kernel: `ah_mt`; man page: iptables-extensions, ah).
public struct AHMatch: MatchExtension {
  /// The indexes; nil for every one.
  public var indexes: Invertible<SPIRange>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts. The match of this name for IPv6 has options of its own.
  public static let spec = ExtensionSpec(
    "ah", families: [.ipv4], protocols: [.ah], summary: "the security parameter index of the authentication header")

  /// The option table. Every index is not printed even when it is negated, as iptables 1.8.9 does.
  public static let options: [OptionSpec<AHMatch>] = [
    .invertible("ahspi", .init({ $0.indexes }, { $0.indexes = $1 }), .indexRange, omitting: { $0.value == .all })
  ]

  /// Compares the index; a later fragment never matches, a cut-off header is dropped (kernel: `ah_mt`).
  public var conditions: [Condition] {
    [
      .demand(.fragmentOffset, .equals(0)),
      .demand(.transportLength, .between(AHHeader.minimumLength, Int.max), drops: true),
      indexes.map { indexes in
        .opaque(
          "ahspi",
          OpaqueTest(
            reads: [.protocolNumber, .fragmentOffset, .transportLength, .other], keepsState: false,
            saw: { packet, _, _ in "the packet has \(Self.index(of: packet))" },
            evaluate: { packet, _, _ in
              ConditionResult(indexes.value.contains(Self.index(of: packet)) != indexes.inverted)
            }))
      },
    ].compactMap { $0 }
  }

  private static func index(of packet: borrowing PacketContext) -> UInt32 {
    AHHeader.securityParameters(in: packet.packet.bytes, at: packet.transportOffset)
  }

  /// `ah spi:500`, `ah spis:!0:10`; only `ah` and a blank for every index.
  public func listing(_ style: ListStyle) -> String {
    let text = indexes?.listing ?? ""
    return "ah" + (text.isEmpty ? " " : text)
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -p ah -m ah"),
    .same("-A INPUT -p ah -m ah --ahspi 500"),
    .same("-A INPUT -p ah -m ah ! --ahspi 0:10"),
    .same("-A INPUT -p ah -m ah --ahspi 10:5"),
    .same("-A INPUT -p ah -m ah ! --ahspi 0"),
    .accepted("-A INPUT -p ah --ahspi 7", saves: "-A INPUT -p ah -m ah --ahspi 7"),
    .accepted("-A INPUT -p 51 -m ah ! --ahspi 1", saves: "-A INPUT -p ah -m ah ! --ahspi 1"),
    .accepted("-A INPUT -p ah -m ah --ahspi 0x100:0x200", saves: "-A INPUT -p ah -m ah --ahspi 256:512"),
    .accepted("-A INPUT -p ah -m ah --ahspi 010", saves: "-A INPUT -p ah -m ah --ahspi 8"),
    .accepted("-A INPUT -p ah -m ah --ahspi 5:5", saves: "-A INPUT -p ah -m ah --ahspi 5"),
    .accepted("-A INPUT -p ah -m ah --ahspi :32", saves: "-A INPUT -p ah -m ah --ahspi 0:32"),
    .accepted("-A INPUT -p ah -m ah --ahspi 32:", saves: "-A INPUT -p ah -m ah --ahspi 32:4294967295"),
    .accepted("-A INPUT -p ah -m ah --ahspi 0:4294967295", saves: "-A INPUT -p ah -m ah"),
    .accepted("-A INPUT -p ah -m ah ! --ahspi :", saves: "-A INPUT -p ah -m ah"),
    .refused("-A INPUT -p ah -m ah --ahspi x"),
    .refused("-A INPUT -p ah -m ah --ahspi -1"),
    .refused("-A INPUT -p ah -m ah --ahspi 4294967296"),
    .refused("-A INPUT -p ah -m ah --ahspi 1:2:3"),
    .refused("-A INPUT -p ah -m ah --ahspi 1 --ahspi 2"),
    .refused("-A INPUT -p ah -m ah --ahspi"),
    .refused("-A INPUT -p tcp -m ah --ahspi 5"),
    .refused("-A INPUT ! -p ah -m ah --ahspi 5"),
    .refused("-A INPUT -m ah --ahspi 5"),
    .refused("-A INPUT -m ah"),
  ]
}

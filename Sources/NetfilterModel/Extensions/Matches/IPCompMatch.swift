// -m ipcomp: the parameter index of compressed packets; loaded by itself for `-p ipcomp`.

/// Matches the compression parameter index of IPComp (kernel: `comp_mt`; iptables: libxt_ipcomp, which the manual
/// leaves out).
public struct IPCompMatch: MatchExtension {
  /// The indexes; 0 alone without the option, as iptables 1.8.9 has it.
  public var indexes = Invertible(SPIRange(lower: 0, upper: 0), inverted: false)
  /// `--compres`, which the kernel does not look at.
  public var isReserved = false
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "ipcomp", protocols: [ProtocolNumber(108)], summary: "the parameter index of compressed packets")

  /// The option table. Every index is not printed even when it is negated, as iptables 1.8.9 does.
  public static let options: [OptionSpec<IPCompMatch>] = [
    OptionSpec(
      "ipcompspi", canInvert: true, placeholder: "min[:max]",
      parse: { (owner, argument) throws(OptionError) in
        owner.indexes = Invertible(try ValueCodec.indexRange.parse(argument), inverted: argument.inverted)
      },
      save: { owner, writer in
        if owner.indexes.value == .all { return }
        writer.option(
          "ipcompspi", ValueCodec.indexRange.print(owner.indexes.value), inverted: owner.indexes.inverted)
      }),
    .flag("compres", .init({ $0.isReserved }, { $0.isReserved = $1 })),
  ]

  /// Compares the index; a later fragment never matches, a cut-off header is dropped (kernel: `comp_mt`).
  public var conditions: [Condition] {
    let indexes = indexes
    return [
      .demand(.fragmentOffset, .equals(0)),
      .demand(.transportLength, .between(IPCompHeader.length, Int.max), drops: true),
      .opaque(
        "ipcompspi",
        OpaqueTest(
          reads: [.transportLength, .other], keepsState: false,
          saw: { packet, _, _ in "the packet has \(Self.index(of: packet))" },
          evaluate: { packet, _, _ in
            ConditionResult(indexes.value.contains(Self.index(of: packet)) != indexes.inverted)
          })),
    ]
  }

  private static func index(of packet: borrowing PacketContext) -> UInt32 {
    UInt32(IPCompHeader.parameterIndex(in: packet.packet.bytes, at: packet.transportOffset))
  }

  /// `comp spi:500`, `comp spis:!5:10 reserved`; `comp` and a blank for every index.
  public func listing(_ style: ListStyle) -> String {
    let text = indexes.listing
    return "comp" + (text.isEmpty ? " " : text) + (isReserved ? " reserved" : "")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -p ipcomp -m ipcomp", saves: "-A INPUT -p ipcomp -m ipcomp --ipcompspi 0"),
    .same("-A INPUT -p ipcomp -m ipcomp ! --ipcompspi 5:10 --compres"),
    .same("-A INPUT -p ipcomp -m ipcomp --ipcompspi 10:5", family: .ipv6),
    .accepted("-A INPUT -p 108 --ipcompspi 0x10", saves: "-A INPUT -p ipcomp -m ipcomp --ipcompspi 16"),
    .accepted("-A INPUT -p ipcomp -m ipcomp ! --ipcompspi :", saves: "-A INPUT -p ipcomp -m ipcomp"),
    .refused("-A INPUT -p ipcomp -m ipcomp --ipcompspi x"), .refused("-A INPUT -p tcp -m ipcomp --ipcompspi 5"),
    .refused("-A INPUT -m ipcomp --ipcompspi 5"), .refused("-A INPUT ! -p ipcomp -m ipcomp --ipcompspi 5"),
  ]
}

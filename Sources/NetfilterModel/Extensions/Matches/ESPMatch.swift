// -m esp: the security parameter index of an ESP packet; loaded by itself for `-p esp --espspi`.

/// The security parameter indexes from `lower` to `upper` (kernel: `spis` of `struct xt_esp`).
public struct SPIRange: Hashable, Sendable {
  /// The first index.
  public var lower: UInt32
  /// The last index; smaller than `lower` never matches.
  public var upper: UInt32

  /// Every index.
  public static let all = SPIRange(lower: 0, upper: .max)

  /// Whether `index` lies inside (kernel: `spi_match`).
  public func contains(_ index: UInt32) -> Bool { index >= lower && index <= upper }
}

extension ValueCodec where Value == SPIRange {
  /// `min[:max]`; the ends may be in the wrong order (iptables: `XTTYPE_UINT32RC`).
  static let indexRange = ValueCodec("min[:max]") { (argument) throws(OptionError) in
    let (lower, upper) = try parseNumberRange(argument.text, maximum: UInt64(UInt32.max))
    return SPIRange(lower: UInt32(truncatingIfNeeded: lower), upper: UInt32(truncatingIfNeeded: upper ?? lower))
  } print: {
    $0.lower == $0.upper ? "\($0.lower)" : "\($0.lower):\($0.upper)"
  }
}

/// Matches the security parameter index of the ESP header (kernel: `esp_mt`; man page: iptables-extensions, esp).
public struct ESPMatch: MatchExtension {
  /// The indexes; nil for every one.
  public var indexes: Invertible<SPIRange>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "esp", protocols: [.esp], summary: "the security parameter index of ESP", readsPacketAlone: true)

  /// The option table. Every index is not printed even when it is negated, as iptables 1.8.9 does.
  public static let options: [OptionSpec<ESPMatch>] = [
    .invertible("espspi", .init({ $0.indexes }, { $0.indexes = $1 }), .indexRange, omitting: { $0.value == .all })
  ]

  /// Compares (kernel: `esp_mt`): later fragments never match, a packet without room for the 8 bytes of the header is dropped at once.
  public func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    if packet.header.fragmentOffset != 0 { return .no }
    guard packet.transportLength >= 8 else {
      packet.hotDrop = true
      return .no
    }
    guard let indexes else { return .yes }
    let index = packet.packet.bytes.uint32(at: packet.transportOffset)
    return MatchResult(indexes.value.contains(index) != indexes.inverted)
  }

  /// `esp spi:500`, `esp spis:!0:10`; only `esp` for every index.
  public func listing(_ style: ListStyle) -> String {
    guard let indexes, indexes.inverted || indexes.value != .all else { return "esp" }
    let name = indexes.value.lower == indexes.value.upper ? "spi" : "spis"
    return "esp \(name):\(indexes.inverted ? "!" : "")\(ValueCodec.indexRange.print(indexes.value))"
  }

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

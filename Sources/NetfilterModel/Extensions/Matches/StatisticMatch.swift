// -m statistic: every nth packet, or packets by chance.

/// How `-m statistic` chooses packets (kernel: `enum xt_statistic_mode`).
public enum StatisticMode: String, Hashable, Sendable, CaseIterable {
  /// By chance.
  case random
  /// By counting.
  case nth
}

extension ValueCodec where Value == UInt32 {
  /// A probability between 0 and 1 in units of 2^-31, printed with eleven decimals.
  static let probability = ValueCodec("p") { (argument) throws(OptionError) in
    let text = argument.text.drop { $0 == " " || $0 == "\t" }
    guard let value = Double(text), !(value < 0), !(value > 1) else {
      throw OptionError(
        "`\(argument.text)` is not a probability from 0 to 1", tool: OptionError.outOfRange("0-1"))
    }
    guard !value.isNaN else { return 0 }
    // Half away from zero, as lround does it; `rounded()` would need the mathematics library.
    let scaled = value * 0x8000_0000
    let whole = UInt32(scaled)
    return scaled - Double(whole) < 0.5 ? whole : whole + 1
  } print: { value in
    // value * 10^11 / 2^31, rounded to even as printf does; the product needs more than 64 bits.
    let (high, low) = UInt64(value).multipliedFullWidth(by: 100_000_000_000)
    var quotient = high << 33 | low >> 31
    let rest = low & 0x7fff_ffff
    if rest > 0x4000_0000 || (rest == 0x4000_0000 && quotient & 1 == 1) { quotient += 1 }
    let decimals = "\(quotient % 100_000_000_000)"
    return "\(quotient / 100_000_000_000)." + String(repeating: "0", count: max(0, 11 - decimals.count)) + decimals
  }
}

/// Matches packets by chance or by counting (kernel: `statistic_mt`; man page: iptables-extensions, statistic).
///
/// The first word of the rule's state is the kernel's counter of the nth mode.
public struct StatisticMatch: MatchExtension {
  /// The mode.
  public var mode: StatisticMode?
  /// The probability in units of 2^-31.
  public var probability: Invertible<UInt32>?
  /// The length of the nth mode's cycle, at least 1.
  public var every: Invertible<UInt32>?
  /// Which packet of the cycle matches, from 0.
  public var packet: UInt32?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "statistic", summary: "every nth packet, or packets by chance", outside: "chance, with `--mode random`")

  /// The option table.
  public static let options: [OptionSpec<StatisticMatch>] = [
    .value("mode", .init({ $0.mode }, { $0.mode = $1 }), .keyword("mode", tool: "Bad mode"), isMandatory: true),
    .invertible(
      "probability", .init({ $0.probability }, { $0.probability = $1 }), .probability, excludes: ["every", "packet"]),
    .invertible("every", .init({ $0.every }, { $0.every = $1 }), .unsigned(1...(.max)), excludes: ["probability"]),
    .value("packet", .init({ $0.packet }, { $0.packet = $1 }), .unsigned(), excludes: ["probability"]),
  ]

  /// Refuses options that do not fit the mode.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    switch mode {
    case .random:
      if probability == nil {
        throw OptionError(
          "mode random needs --probability", tool: "--probability must be specified when using random mode")
      }
    case .nth:
      if every == nil, packet == nil {
        throw OptionError(
          "mode nth needs --every and --packet", tool: "--every and --packet must be specified when using nth mode")
      }
    case nil:
      throw OptionError("statistic needs --mode", tool: "--probability must be specified when using random mode")
    }
    if every == nil, packet != nil {
      throw OptionError(
        "--packet also needs --every", tool: mode == .nth ? "the --packet p must be 0 <= p <= n-1" : nil)
    }
    if let every, let packet, packet >= every.value {
      throw OptionError(
        "--packet \(packet) is not less than --every \(every.value)", tool: "the --packet p must be 0 <= p <= n-1")
    }
    if every != nil, packet == nil {
      throw OptionError(
        "--every also needs --packet", tool: "statistic: option \"--every\" also requires \"--packet\".\n")
    }
  }

  /// Counts, or draws (kernel: `statistic_mt`).
  public var conditions: [Condition] {
    if mode == .nth, let every { return [nth(every)] }
    guard mode == .random, let probability else { return [] }
    return [
      .opaque(
        "probability",
        OpaqueTest(
          reads: [], keepsState: true, mayBeUnknown: true,
          nature: .chance(probability.value, isInverted: probability.inverted),
          saw: { _, _, _ in "chance decided otherwise" },
          evaluate: { _, _, memory in
            if probability.value == 0 { return ConditionResult(probability.inverted) }
            if probability.value > 0x7fff_ffff { return ConditionResult(!probability.inverted) }
            guard memory.random.isInjected else { return .unknown }
            let draw = memory.random.next32() & 0x7fff_ffff
            return ConditionResult((draw < probability.value) != probability.inverted)
          }))
    ]
  }

  private func nth(_ every: Invertible<UInt32>) -> Condition {
    let start = UInt64(every.value &- 1 &- (packet ?? 0))
    return .opaque(
      "every",
      OpaqueTest(
        reads: [], keepsState: true, nature: .turn(every: every.value),
        initialState: { _ in MatchState(first: start) },
        saw: { _, state, _ in "\(state.first) packets were passed over since the last" },
        evaluate: { _, state, _ in
          state.first = state.first == UInt64(every.value &- 1) ? 0 : state.first &+ 1
          return ConditionResult((state.first == 0) != every.inverted)
        }))
  }

  /// `statistic mode nth every 3 packet 1`.
  public func listing(_ style: ListStyle) -> String {
    if mode == .nth, let every {
      let tail = packet.map { $0 == 0 ? "" : " packet \($0)" } ?? ""
      return "statistic mode nth \(every.inverted ? "! " : "")every \(every.value)\(tail)"
    }
    guard let probability else { return "" }
    return "statistic mode random \(probability.inverted ? "! " : "")probability "
      + ValueCodec.probability.print(probability.value)
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A INPUT -m statistic --mode random --probability 0.5",
      saves: "-A INPUT -m statistic --mode random --probability 0.50000000000"),
    .accepted(
      "-A INPUT -m statistic --mode random ! --probability 0.1",
      saves: "-A INPUT -m statistic --mode random ! --probability 0.10000000009"),
    .accepted(
      "-A INPUT -m statistic --mode random --probability .3333",
      saves: "-A INPUT -m statistic --mode random --probability 0.33330000006"),
    .accepted(
      "-A INPUT -m statistic --mode random --probability 1e-3",
      saves: "-A INPUT -m statistic --mode random --probability 0.00100000016"),
    .accepted(
      "-A INPUT -m statistic --mode random --probability 1",
      saves: "-A INPUT -m statistic --mode random --probability 1.00000000000"),
    .same("-A INPUT -m statistic --mode nth --every 3 --packet 0"),
    .same("-A INPUT -m statistic --mode nth ! --every 3 --packet 2"),
    .refused("-A INPUT -m statistic --mode random --probability 1.1"),
    .refused("-A INPUT -m statistic --mode random --probability 0.5x"),
    .refused("-A INPUT -m statistic --mode nth --every 3"),
    .refused("-A INPUT -m statistic --mode nth --every 3 --packet 3"),
    .refused("-A INPUT -m statistic --mode nth --probability 0.5"),
    .refused("-A INPUT -m statistic --mode random --every 3 --packet 0"),
    .refused("-A INPUT -m statistic --mode foo --probability 0.5"),
    .refused("-A INPUT -m statistic --probability 0.5"),
  ]
}

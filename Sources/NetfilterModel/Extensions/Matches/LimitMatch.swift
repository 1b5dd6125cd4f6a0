// -m limit: a token bucket of the rule's own.

/// An average rate of packets, held as the time between two of them.
public struct PacketRate: Hashable, Sendable {
  /// The ten-thousandths of a second from one packet to the next, at least 1 (kernel: `xt_rateinfo.avg`, `XT_LIMIT_SCALE`).
  public var period: UInt32

  /// The ten-thousandths of a second in the units that can be written, shortest first.
  static let units: [(name: String, period: UInt32)] = [
    ("second", 10_000), ("minute", 600_000), ("hour", 36_000_000), ("day", 864_000_000),
  ]

  /// Parses `rate[/second|/minute|/hour|/day]`, the unit possibly cut short (iptables: `parse_rate`).
  static func parse(_ text: String) throws(OptionError) -> PacketRate {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    var unit: UInt32 = 10_000
    if parts.count > 1 {
      guard let entry = units.first(where: { WordList.isAbbreviation(parts[1], of: $0.name) }) else {
        throw OptionError(
          "`\(parts[1])` is not a unit of time", help: "the units are second, minute, hour and day",
          tool: "bad rate \"\(text)\"'")
      }
      unit = entry.period
    }
    // The number is read as atoi(3) does: what follows the digits is ignored, and only 32 bits are kept.
    var start = (parts.first ?? "").drop { $0 == " " || $0 == "\t" }
    if start.first == "+" { start = start.dropFirst() }
    let digits = start.prefix { $0.isASCII && $0.isNumber }
    guard let number = UInt64(digits) else {
      throw OptionError("`\(text)` is not a rate: a number, perhaps with a unit", tool: "bad rate \"\(text)\"'")
    }
    let count = UInt32(truncatingIfNeeded: number)
    guard count > 0 else { throw OptionError("rate `\(text)` is zero", tool: "bad rate \"\(text)\"'") }
    guard unit / count > 0 else {
      throw OptionError(
        "rate `\(text)` is too fast: at most 10000 a second are possible", tool: "Rate too fast \"\(text)\"")
    }
    return PacketRate(period: unit / count)
  }

  /// The rate in the unit that keeps most of it (iptables: `print_rate`).
  public var text: String {
    let units: [(name: String, period: UInt32)] = [
      ("day", 864_000_000), ("hour", 36_000_000), ("min", 600_000), ("sec", 10_000),
    ]
    guard period > 0 else { return "inf" }
    var best = units[0]
    for unit in units.dropFirst() {
      if period > unit.period || unit.period / period < unit.period % period { break }
      best = unit
    }
    return "\(best.period / period)/\(best.name)"
  }
}

/// Matches at a limited rate (kernel: `limit_mt`; man page: iptables-extensions, limit).
///
/// `MatchState.first` holds the credit, `MatchState.second` the time in ticks of the last packet that was looked at.
public struct LimitMatch: MatchExtension {
  /// The kernel's ticks a second (`CONFIG_HZ` of the distribution kernel that this mirrors).
  static let ticksPerSecond: UInt64 = 250
  /// The credits that a tick earns: the power of two below what a day can hold in 32 bits (kernel: `CREDITS_PER_JIFFY`).
  static let creditsPerTick: UInt64 = 128

  /// The average rate.
  public var rate = PacketRate(period: 12_000_000)
  /// How many packets may come at once, 1...10000.
  public var burst: UInt32 = 5

  /// Makes the match before any option was read: 3/hour, burst 5.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("limit", summary: "a limited rate of packets")

  /// The option table.
  public static let options: [OptionSpec<LimitMatch>] = [
    OptionSpec(
      "limit", placeholder: "rate[/unit]",
      parse: { (owner, argument) throws(OptionError) in owner.rate = try PacketRate.parse(argument.text) },
      save: { owner, writer in writer.option("limit", owner.rate.text) }),
    OptionSpec(
      "limit-burst", placeholder: "number",
      parse: { (owner, argument) throws(OptionError) in
        guard let burst = parseUnsigned(argument.text, in: 0...10_000) else {
          throw OptionError(
            "`\(argument.text)` is not a burst: a number from 0 to 10000",
            tool:
              "\(OptionError.extensionMark): bad value for option \"--\(OptionError.optionMark)\", or out of range (0-10000).\n"
          )
        }
        owner.burst = UInt32(burst)
      },
      save: { owner, writer in if owner.burst != 5 { writer.option("limit-burst", "\(owner.burst)") } }),
  ]

  /// The credits that a time in ten-thousandths of a second earns, in 32 bits (kernel: `user2credits`).
  static func credits(_ time: UInt32) -> UInt32 {
    let perSecond = UInt32(ticksPerSecond * creditsPerTick)
    if time > .max / perSecond { return (time / 10_000) &* perSecond }
    return time &* perSecond / 10_000
  }

  var cost: UInt32 { LimitMatch.credits(rate.period) }
  var cap: UInt32 { LimitMatch.credits(rate.period &* burst) }

  /// Refuses a burst of 0, and one that overflows 32 bits so far that it holds less than one packet (kernel: `limit_mt_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if burst == 0 { return OptionError("a burst of 0 lets nothing through") }
    if cap < cost {
      return OptionError(
        "rate \(rate.text) with burst \(burst) overflows the kernel's counter",
        help: "try a lower burst or a faster rate", tool: "Numerical result out of range")
    }
    return nil
  }

  static func ticks(_ nanoseconds: UInt64) -> UInt64 { nanoseconds / (1_000_000_000 / ticksPerSecond) }

  /// Takes from the rule's bucket (kernel: `limit_mt`).
  public var conditions: [Condition] {
    let (price, cap) = (cost, cap)
    return [
      .opaque(
        "limit",
        OpaqueTest(
          reads: [], keepsState: true, nature: .rate(isAbove: false),
          initialState: { memory in MatchState(first: UInt64(cap), second: LimitMatch.ticks(memory.now)) },
          saw: { _, _, _ in "the limit is used up" },
          evaluate: { _, state, memory in
            let now = LimitMatch.ticks(memory.now)
            let earned = (now &- state.second) &* LimitMatch.creditsPerTick
            state.second = now
            // The kernel adds in 32 bits, so that a very long pause may earn little.
            let credit = min(UInt32(truncatingIfNeeded: state.first &+ earned), cap)
            state.first = UInt64(credit >= price ? credit &- price : credit)
            return ConditionResult(credit >= price)
          }))
    ]
  }

  /// `limit: avg 3/hour burst 5`.
  public func listing(_ style: ListStyle) -> String { "limit: avg \(rate.text) burst \(burst)" }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m limit --limit +5/s", saves: "-A INPUT -m limit --limit 5/sec"),
    .accepted("-A INPUT -m limit", saves: "-A INPUT -m limit --limit 3/hour"),
    .accepted("-A INPUT -m limit --limit 3/hour --limit-burst 5", saves: "-A INPUT -m limit --limit 3/hour"),
    .same("-A INPUT -m limit --limit 10/sec --limit-burst 1"),
    .accepted("-A INPUT -m limit --limit 60/min", saves: "-A INPUT -m limit --limit 1/sec"),
    .same("-A INPUT -m limit --limit 90/min"),
    .same("-A INPUT -m limit --limit 3333/hour"),
    .accepted("-A INPUT -m limit --limit 1000000/day", saves: "-A INPUT -m limit --limit 694/min"),
    .accepted("-A INPUT -m limit --limit 7000/sec", saves: "-A INPUT -m limit --limit 10000/sec"),
    .accepted("-A INPUT -m limit --limit 5x/SECOND", saves: "-A INPUT -m limit --limit 5/sec"),
    .accepted("-A INPUT -m limit --limit 5", saves: "-A INPUT -m limit --limit 5/sec"),
    .same("-A INPUT -m limit --limit 2/min --limit-burst 10000"),
    .same("-A INPUT -m limit --limit 1/hour --limit-burst 100"),
    .same("-A INPUT -m limit --limit 1/day --limit-burst 1"),
    .refused("-A INPUT -m limit --limit 1/day"),
    .refused("-A INPUT -m limit --limit 1/hour --limit-burst 120"),
    .refused("-A INPUT -m limit --limit 1/sec --limit-burst 0"),
    .refused("-A INPUT -m limit --limit 1/sec --limit-burst 10001"),
    .refused("-A INPUT -m limit --limit 10001/sec"),
    .refused("-A INPUT -m limit --limit 1/seconds"),
    .refused("-A INPUT -m limit --limit 0/sec"),
    .refused("-A INPUT -m limit --limit 1/"),
    .refused("-A INPUT -m limit ! --limit 1/hour"),
  ]
}

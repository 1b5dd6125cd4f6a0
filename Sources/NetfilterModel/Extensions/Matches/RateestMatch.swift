// -m rateest: what an estimator of rates says.

/// How `-m rateest` compares (kernel: `enum xt_rateest_match_mode`).
public enum RateComparison: String, Hashable, Sendable, CaseIterable {
  /// Less.
  case lt
  /// Greater.
  case gt
  /// Equal.
  case eq
}

/// Compares the rates of estimators that RATEEST made (kernel: `xt_rateest_mt`; man page: iptables-extensions,
/// rateest).
public struct RateestMatch: MatchExtension {
  /// The estimator, at most 15 bytes.
  public var first = ""
  /// The estimator that it is compared with, or nil.
  public var second: String?
  /// `--rateest-delta`: the difference to the given rates counts.
  public var isDelta = false
  /// Bytes a second, of the first and the second; nil where bytes do not count.
  public var bytes: [UInt32]?
  /// Packets a second.
  public var packets: [UInt32]?
  /// How it is compared.
  public var comparison: RateComparison?
  /// Whether the contrary is demanded.
  public var isInverted = false
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "rateest", summary: "what an estimator of rates says", outside: "the rates that were estimated")

  /// The option table, in the order of iptables; the comparison is printed before each rate.
  public static let options: [OptionSpec<RateestMatch>] =
    [
      .flag("rateest-delta", .init({ $0.isDelta }, { $0.isDelta = $1 })),
      OptionSpec(
        "rateest1", aliases: ["rateest"], placeholder: "name",
        parse: { (owner, argument) throws(OptionError) in owner.first = ProcName.cut(argument.text, to: 15) },
        save: { owner, writer in
          writer.option(owner.second == nil ? "rateest" : "rateest1", owner.first)
          owner.saveRates(into: &writer)
        }),
      OptionSpec(
        "rateest2", placeholder: "name",
        parse: { (owner, argument) throws(OptionError) in owner.second = ProcName.cut(argument.text, to: 15) },
        save: { owner, writer in if let second = owner.second { writer.option("rateest2", second) } }),
      rate("rateest-bps1", 0, ofBytes: true), rate("rateest-pps1", 0, ofBytes: false),
      rate("rateest-bps2", 1, ofBytes: true, alias: "rateest-bps"),
      rate("rateest-pps2", 1, ofBytes: false, alias: "rateest-pps"),
    ]
    + RateComparison.allCases.map { comparison in
      OptionSpec(
        "rateest-\(comparison.rawValue)", arity: .none, canInvert: true,
        parse: { (owner, argument) throws(OptionError) in
          owner.comparison = comparison
          if argument.inverted { owner.isInverted = true }
        }, save: { _, _ in })
    }

  private static func rate(_ name: String, _ place: Int, ofBytes: Bool, alias: String? = nil) -> OptionSpec<
    RateestMatch
  > {
    OptionSpec(
      name, aliases: alias.map { [$0] } ?? [], arity: .optional, placeholder: "rate",
      parse: { (owner, argument) throws(OptionError) in
        var rates = (ofBytes ? owner.bytes : owner.packets) ?? [0, 0]
        if !argument.text.isEmpty {
          rates[place] =
            ofBytes
            ? try TrafficRate.rate(argument.text) : try ValueCodec<UInt32>.number(placeholder: "rate").parse(argument)
        }
        if ofBytes { owner.bytes = rates } else { owner.packets = rates }
      }, save: { _, _ in })
  }

  private func saveRates(into writer: inout SaveWriter) {
    let comparison = comparison?.rawValue ?? ""
    for (name, rates) in [("rateest-bps", bytes), ("rateest-pps", packets)] {
      guard let rates else { continue }
      let text = { (rate: UInt32) in
        name == "rateest-bps" ? TrafficRate.text(rate, numeric: false) : "\(rate)"
      }
      if isDelta { writer.option(name + "1", text(rates[0])) }
      writer.option("rateest-" + comparison, inverted: isInverted)
      if isDelta {
        writer.option(name + "2", text(rates[1]))
      } else if second == nil {
        writer.option(name, text(rates[1]))
      } else {
        writer.option(name)
      }
    }
  }

  /// Refuses the match without a comparison, without a kind of rate, and with estimators that no rule before made
  /// (kernel: `xt_rateest_mt_checkentry`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if comparison == nil { return OptionError("the kernel wants --rateest-lt, --rateest-gt or --rateest-eq") }
    if bytes == nil, packets == nil { return OptionError("the kernel wants a rate of bytes or packets") }
    for name in [first, second].compactMap({ $0 }) where !rule.objects.contains(where: { $0.name == "rateest \(name)" })
    {
      return OptionError(
        "there is no estimator `\(name)`",
        help: "a rule before this one must make it: `-j RATEEST --rateest-name \(name)`",
        tool: "No chain/target/match by that name")
    }
    return nil
  }

  /// What was estimated is not known (kernel: `xt_rateest_mt`).
  public var conditions: [Condition] {
    [.opaque("rateest1", OpaqueTest.unknown("the rates of estimators are not simulated"))]
  }

  /// `rateest match a bps 1000bit lt`.
  public func listing(_ style: ListStyle) -> String {
    let comparison = (isInverted ? "! " : "") + (comparison?.rawValue ?? "")
    var words = ["rateest match", first]
    if isDelta { words.append("delta") }
    if let rates = bytes {
      words.append("bps")
      if isDelta { words.append(TrafficRate.text(rates[0], numeric: style.numeric)) }
      if second == nil { words += [TrafficRate.text(rates[1], numeric: style.numeric), comparison] }
    }
    if let packets {
      words.append("pps")
      if isDelta { words.append("\(packets[0])") }
      if second == nil { words += [comparison, "\(packets[1])"] }
    }
    guard let second else { return words.joined(separator: " ") }
    words += [comparison, second]
    if let rates = bytes {
      words.append("bps")
      if isDelta { words.append(TrafficRate.text(rates[1], numeric: style.numeric)) }
    }
    if let packets {
      words.append("pps")
      if isDelta { words.append("\(packets[1])") }
    }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs. Those that are accepted need an estimator, and stand in the tests.
  public static let examples: [ExtensionExample] = [
    .refused("-A INPUT -m rateest --rateest a --rateest-lt --rateest-pps 1"), .refused("-A INPUT -m rateest"),
    .refused("-A INPUT -m rateest --rateest a --rateest-lt --rateest-bps 1x", family: .ipv6),
    .refused("-A INPUT -m rateest --rateest a --rateest1 b --rateest-lt --rateest-pps 1"),
    .refused("-A INPUT -m rateest ! --rateest a --rateest-lt --rateest-pps 1"),
  ]
}

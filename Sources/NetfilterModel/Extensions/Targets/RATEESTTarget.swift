// -j RATEEST: estimates the rate of the packets that come by.

/// Counts the packet for an estimator and goes on (kernel: `xt_rateest_tg`; man page: iptables-extensions, RATEEST).
public struct RATEESTTarget: TargetExtension {
  /// The estimator's name, at most 15 bytes.
  public var name: String?
  /// How often it measures, in microseconds as given.
  public var interval: UInt32 = 0
  /// The time constant of the average, in microseconds as given.
  public var average: UInt32 = 0
  /// The interval as the kernel has it: 250 ms times 2 to this power, 0...5.
  var intervalPower: UInt32 = 0
  /// The average as the kernel has it: the interval times 2 to this power, 1...30.
  var averagePower: UInt32 = 0
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "RATEEST", summary: "estimates the rate of the packets that come by", makesObjects: true)

  /// The option table; both times are printed as the kernel has them.
  public static let options: [OptionSpec<RATEESTTarget>] = [
    .value("rateest-name", .init({ $0.name }, { $0.name = $1 }), .copied(maximum: 15), isMandatory: true),
    OptionSpec(
      "rateest-interval", placeholder: "seconds",
      parse: { (owner, argument) throws(OptionError) in owner.interval = try TrafficRate.time(argument.text) },
      save: { owner, writer in
        writer.option("rateest-interval", TrafficRate.text(microseconds: owner.storedInterval))
      }),
    OptionSpec(
      "rateest-ewmalog", placeholder: "seconds",
      parse: { (owner, argument) throws(OptionError) in owner.average = try TrafficRate.time(argument.text) },
      save: { owner, writer in writer.option("rateest-ewmalog", TrafficRate.text(microseconds: owner.storedAverage)) }),
  ]

  private var storedInterval: UInt32 { 250_000 << intervalPower }
  private var storedAverage: UInt32 { storedInterval << averagePower }

  /// 1 / -ln(1 - 2^-n) of the powers 1 to 30 is what an average has of intervals; this is -ln(1 - 2^-n).
  private static let logarithms: [Double] = [
    0.6931471805599453, 0.2876820724517809, 0.13353139262452263, 0.06453852113757118, 0.0317486983145803,
    0.015748356968139168, 0.007843177461025893, 0.003913899321136329, 0.0019550348358033506, 0.0009770396478266127,
    0.0004884004981088745, 0.0002441704321739145, 0.00012207776368698225, 6.103701897094392e-05,
    3.0518043795761425e-05, 1.5258905479006077e-05, 7.629423635228488e-06, 3.814704541601118e-06,
    1.9073504518042164e-06, 9.5367477115389e-07, 4.768372718899988e-07, 2.3841860752327643e-07,
    1.1920929665620916e-07, 5.960464655174753e-08, 2.980232283178453e-08, 1.490116130486996e-08,
    7.450580624679404e-09, 3.725290305400808e-09, 1.8626451509656805e-09, 9.313225750491594e-10,
  ]

  /// Finds the powers (iptables: `RATEEST_final_check`).
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    guard let power = (0...5).first(where: { UInt64(interval) <= UInt64(250_000) << UInt64($0) }) else {
      throw OptionError("--rateest-interval is longer than 8 s")
    }
    intervalPower = UInt32(power)
    let (given, wanted) = (Double(interval), Double(average))
    let first = Self.logarithms.firstIndex { given / $0 > wanted }
    guard let first, first > 0 else {
      throw OptionError(
        "--rateest-ewmalog does not fit --rateest-interval",
        help: "both must be given, and the average be longer than 1.45 intervals")
    }
    averagePower = UInt32(first)
  }

  /// An estimator has one interval and one average.
  public var object: KernelObject? {
    KernelObject("rateest \(name ?? "")", parameters: "\(intervalPower) \(averagePower)")
  }

  /// Rules that share an estimator must agree (kernel: `xt_rateest_tg_checkentry`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    guard let object, rule.objects.contains(where: { $0.name == object.name && $0.parameters != object.parameters })
    else { return nil }
    return OptionError("a rule before this one has the estimator `\(name ?? "")` with other times")
  }

  /// Counts the packet (kernel: `xt_rateest_tg`).
  public var effects: [Effect] { [.outside("counts the packet for estimator \(name ?? "")")] }

  /// `name x interval 250.0ms ewmalog 500.0ms`.
  public func listing(_ style: ListStyle) -> String {
    "name \(name ?? "") interval \(TrafficRate.text(microseconds: storedInterval)) "
      + "ewmalog \(TrafficRate.text(microseconds: storedAverage))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A INPUT -j RATEEST --rateest-name x --rateest-interval 250ms --rateest-ewmalog 361ms",
      saves: "-A INPUT -j RATEEST --rateest-name x --rateest-interval 250.0ms --rateest-ewmalog 500.0ms"),
    .accepted(
      "-A INPUT -j RATEEST --rateest-interval 3secs --rateest-name 1234567890123456 --rateest-ewmalog 10SEC",
      saves: "-A INPUT -j RATEEST --rateest-name 123456789012345 --rateest-interval 4.0s --rateest-ewmalog 8.0s",
      family: .ipv6),
    .accepted(
      "-A INPUT -j RATEEST --rateest-name x --rateest-interval 1e0s --rateest-ewmalog 0x4s",
      saves: "-A INPUT -j RATEEST --rateest-name x --rateest-interval 1.0s --rateest-ewmalog 4.0s"),
    .accepted(
      "-A INPUT -j RATEEST --rateest-name x --rateest-interval 100us --rateest-ewmalog 1000000us",
      saves: "-A INPUT -j RATEEST --rateest-name x --rateest-interval 250.0ms --rateest-ewmalog 2048.0s"),
    .refused("-A INPUT -j RATEEST --rateest-name x --rateest-interval 8.1s --rateest-ewmalog 500s"),
    .refused("-A INPUT -j RATEEST --rateest-name x --rateest-interval 250ms --rateest-ewmalog 360ms"),
    .refused("-A INPUT -j RATEEST --rateest-name x --rateest-interval 250ms"),
    .refused("-A INPUT -j RATEEST --rateest-interval 250ms --rateest-ewmalog 1s"),
    .refused("-A INPUT -j RATEEST --rateest-name x --rateest-interval foo --rateest-ewmalog 1s"),
    .refused("-A INPUT -j RATEEST --rateest-name x --rateest-interval -1s --rateest-ewmalog 4s"),
    .refused("-A INPUT -j RATEEST"),
  ]
}

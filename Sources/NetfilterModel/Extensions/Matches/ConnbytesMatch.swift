// -m connbytes: how many packets or bytes the connection has carried.

/// What `-m connbytes` counts (kernel: `enum xt_connbytes_what`).
public enum ConnbytesMode: String, Hashable, Sendable, CaseIterable {
  /// Packets.
  case packets
  /// Bytes, by the IP total length.
  case bytes
  /// Bytes for each packet.
  case averagePacket = "avgpkt"
}

/// Which direction `-m connbytes` counts (kernel: `enum xt_connbytes_direction`).
public enum ConnbytesDirection: String, Hashable, Sendable, CaseIterable {
  /// As the first packet went.
  case original
  /// The answers.
  case reply
  /// Both together.
  case both
}

extension ValueCodec where Value: RawRepresentable<String> & CaseIterable {
  /// One of the raw values.
  static func keyword(_ what: String, tool: String? = nil) -> ValueCodec {
    ValueCodec(Value.allCases.map { $0.rawValue }.joined(separator: "|")) { (argument) throws(OptionError) in
      guard let value = Value(rawValue: argument.text) else {
        let names = Value.allCases.map { $0.rawValue }.joined(separator: ", ")
        throw OptionError(
          "`\(argument.text)` is not a \(what)", help: "it is one of \(names)",
          tool: tool.map { "\($0) \"\(argument.text)\"" })
      }
      return value
    } print: {
      $0.rawValue
    }
  }
}

/// Matches the counters of the connection (kernel: `connbytes_mt`; man page: iptables-extensions, connbytes).
public struct ConnbytesMatch: MatchExtension {
  /// The lower end, or the upper one when `!` stood before the range (iptables swaps the ends to say so).
  public var from: UInt64 = 0
  /// The upper end, or the lower one when `!` stood before the range.
  public var to: UInt64 = .max
  /// What is counted.
  public var mode: ConnbytesMode?
  /// In which direction.
  public var direction: ConnbytesDirection?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("connbytes", summary: "packets and bytes that the connection has carried")

  /// The option table.
  public static let options: [OptionSpec<ConnbytesMatch>] = [
    OptionSpec(
      "connbytes", canInvert: true, isMandatory: true, placeholder: "from[:to]",
      parse: { (owner, argument) throws(OptionError) in
        let (lower, upper) = try parseNumberRange(argument.text, maximum: .max)
        guard lower <= upper ?? .max else {
          throw OptionError("the range `\(argument.text)` starts after its end")
        }
        owner.from = argument.inverted ? upper ?? .max : lower
        owner.to = argument.inverted ? lower : upper ?? .max
      },
      save: { owner, writer in writer.option("connbytes", owner.rangeText, inverted: owner.isInverted) }),
    .value("connbytes-mode", .init({ $0.mode }, { $0.mode = $1 }), .keyword("mode"), isMandatory: true),
    .value("connbytes-dir", .init({ $0.direction }, { $0.direction = $1 }), .keyword("direction"), isMandatory: true),
  ]

  /// Whether the ends are swapped; `!` before a range of one number is lost.
  var isInverted: Bool { from > to }

  /// `from`, or `from:to` when there is an upper end other than 0 and the greatest number.
  var rangeText: String {
    let (lower, upper) = (min(from, to), max(from, to))
    return upper != 0 && upper < .max ? "\(lower):\(upper)" : "\(lower)"
  }

  /// Connection tracking is needed (kernel: `connbytes_mt_check`).
  public var enablesConntrack: Bool { true }
  /// Counters are turned on for the connections that follow (kernel: `connbytes_mt_check`).
  public var enablesAccounting: Bool { true }

  /// Compares what the connection has carried (kernel: `connbytes_mt`); a range that runs backwards is one that is negated.
  public var conditions: [Condition] {
    let measure: TrafficMeasure =
      switch mode {
      case .bytes: .bytes
      case .averagePacket: .averageLength
      case .packets, nil: .packets
      }
    let side: ConnectionDirection? = direction == .original ? .original : direction == .reply ? .reply : nil
    return [
      Condition(
        "connbytes", .connectionTraffic(measure, side), .between(min(from, to), max(from, to)), inverted: isInverted)
    ]
  }

  /// `connbytes 100:200 connbytes mode bytes connbytes direction both`.
  public func listing(_ style: ListStyle) -> String {
    "\(isInverted ? "! " : "")connbytes \(rangeText) connbytes mode \(mode?.rawValue ?? "unknown")"
      + " connbytes direction \(direction?.rawValue ?? "unknown")"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A INPUT -m connbytes --connbytes-mode packets --connbytes-dir both --connbytes 100:200",
      saves: "-A INPUT -m connbytes --connbytes 100:200 --connbytes-mode packets --connbytes-dir both"),
    .same("-A INPUT -m connbytes ! --connbytes 100:200 --connbytes-mode bytes --connbytes-dir both"),
    .same("-A INPUT -m connbytes ! --connbytes 100 --connbytes-mode bytes --connbytes-dir both"),
    .accepted(
      "-A INPUT -m connbytes --connbytes : --connbytes-dir reply --connbytes-mode avgpkt",
      saves: "-A INPUT -m connbytes --connbytes 0 --connbytes-mode avgpkt --connbytes-dir reply"),
    .accepted(
      "-A INPUT -m connbytes ! --connbytes 5:5 --connbytes-dir reply --connbytes-mode avgpkt",
      saves: "-A INPUT -m connbytes --connbytes 5:5 --connbytes-mode avgpkt --connbytes-dir reply"),
    .accepted(
      "-A INPUT -m connbytes --connbytes 0:0 --connbytes-dir reply --connbytes-mode avgpkt",
      saves: "-A INPUT -m connbytes --connbytes 0 --connbytes-mode avgpkt --connbytes-dir reply"),
    .refused("-A INPUT -m connbytes --connbytes 200:100 --connbytes-dir reply --connbytes-mode avgpkt"),
    .refused("-A INPUT -m connbytes --connbytes 5:6:7 --connbytes-dir both --connbytes-mode bytes"),
    .refused("-A INPUT -m connbytes --connbytes 100 --connbytes-dir orig --connbytes-mode packets"),
    .refused("-A INPUT -m connbytes --connbytes 100 --connbytes-dir original --connbytes-mode p"),
    .refused("-A INPUT -m connbytes --connbytes 100 --connbytes-dir original"),
  ]
}

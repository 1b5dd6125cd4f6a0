// -j NFLOG: hands a copy of the packet to a logging program.

/// Logs through nfnetlink and goes on (kernel: `nflog_tg`; man page: iptables-extensions, NFLOG).
public struct NFLOGTarget: TargetExtension {
  /// The prefix, 1...63 bytes, or nil.
  public var prefix: String?
  /// The netlink group.
  public var group: UInt16?
  /// The bytes to copy; had no effect in old kernels.
  public var range: UInt32?
  /// The bytes to copy.
  public var size: UInt32?
  /// The packets to collect before they are sent.
  public var threshold: UInt16?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("NFLOG", summary: "hands a copy of the packet to a logging program")

  /// The option table; a group, range and threshold of 0 are not printed, a size of 0 is.
  public static let options: [OptionSpec<NFLOGTarget>] = [
    .value("nflog-prefix", .init({ $0.prefix }, { $0.prefix = $1 }), .logPrefix(maximum: 63)),
    .value("nflog-group", .init({ $0.group }, { $0.group = $1 }), .number(placeholder: "group"), omitting: { $0 == 0 }),
    .value(
      "nflog-size", .init({ $0.size }, { $0.size = $1 }), .number(placeholder: "bytes"), excludes: ["nflog-range"]),
    .value(
      "nflog-range", .init({ $0.range }, { $0.range = $1 }), .number(placeholder: "bytes"), excludes: ["nflog-size"],
      omitting: { $0 == 0 }),
    .value(
      "nflog-threshold", .init({ $0.threshold }, { $0.threshold = $1 }), .number(placeholder: "packets"),
      omitting: { $0 == 0 }),
  ]

  /// Hands a copy on (kernel: `nflog_tg`).
  public var effects: [Effect] {
    [.log(LogRecord(target: NFLOGTarget.spec.name, prefix: prefix ?? "", number: UInt32(group ?? 0)))]
  }

  /// `nflog-prefix x nflog-group 3`: the options without their dashes.
  public func listing(_ style: ListStyle) -> String {
    var words: [String] = []
    if let prefix { words.append("nflog-prefix " + SaveWriter.quoted(prefix)) }
    if let group, group != 0 { words.append("nflog-group \(group)") }
    if let size { words.append("nflog-size \(size)") }
    if let range, range != 0 { words.append("nflog-range \(range)") }
    if let threshold, threshold != 0 { words.append("nflog-threshold \(threshold)") }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -j NFLOG"),
    .accepted("-A INPUT -j NFLOG --nflog-group 0", saves: "-A INPUT -j NFLOG"),
    .accepted(
      "-A INPUT -j NFLOG --nflog-group 3 --nflog-prefix \"a b\" --nflog-threshold 20 --nflog-size 0",
      saves: "-A INPUT -j NFLOG --nflog-prefix \"a b\" --nflog-group 3 --nflog-size 0 --nflog-threshold 20"),
    .same("-A INPUT -j NFLOG --nflog-range 3 --nflog-threshold 5"),
    .accepted("-A INPUT -j NFLOG --nflog-range 0 --nflog-threshold 0", saves: "-A INPUT -j NFLOG"),
    .same("-A INPUT -j NFLOG --nflog-size 4294967295"),
    .refused("-A INPUT -j NFLOG --nflog-size 4294967296"),
    .refused("-A INPUT -j NFLOG --nflog-group 65536"),
    .refused("-A INPUT -j NFLOG --nflog-size 10 --nflog-range 20"),
    .refused("-A INPUT -j NFLOG --nflog-prefix \"\""),
  ]
}

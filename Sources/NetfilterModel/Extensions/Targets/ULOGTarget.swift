// -j ULOG: hands a copy of the packet to a logging program, as kernels before 3.17 did.

/// Logs through netlink and goes on (kernel: `ulog_tg` before 3.17; man page: iptables-extensions, ULOG).
public struct ULOGTarget: TargetExtension {
  /// The netlink group, 1...32.
  public var group: UInt8 = 1
  /// The bytes to copy; 0 for all.
  public var range: UInt64 = 0
  /// The packets to collect before they are sent, 1...50.
  public var threshold: UInt64 = 1
  /// The prefix, 1...31 bytes, or nil.
  public var prefix: String?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "ULOG", families: [.ipv4], summary: "hands a copy of the packet to a logging program", isCompared: false)

  /// The option table; what is as without the option is not printed.
  public static let options: [OptionSpec<ULOGTarget>] = [
    .value("ulog-prefix", .init({ $0.prefix }, { $0.prefix = $1 }), .logPrefix(maximum: 31)),
    OptionSpec(
      "ulog-nlgroup", placeholder: "group",
      parse: { (owner, argument) throws(OptionError) in
        owner.group = try ValueCodec<UInt8>.number(1...32).parse(argument)
      },
      save: { owner, writer in if owner.group != 1 { writer.option("ulog-nlgroup", "\(owner.group)") } }),
    OptionSpec(
      "ulog-cprange", placeholder: "bytes",
      parse: { (owner, argument) throws(OptionError) in owner.range = try ValueCodec<UInt64>.number().parse(argument) },
      save: { owner, writer in
        if owner.range != 0 { writer.option("ulog-cprange", "\(UInt32(truncatingIfNeeded: owner.range))") }
      }),
    OptionSpec(
      "ulog-qthreshold", placeholder: "packets",
      parse: { (owner, argument) throws(OptionError) in
        owner.threshold = try ValueCodec<UInt64>.number(1...50).parse(argument)
      },
      save: { owner, writer in if owner.threshold != 1 { writer.option("ulog-qthreshold", "\(owner.threshold)") } }),
  ]

  /// Hands a copy on (kernel: `ulog_tg`).
  public var effects: [Effect] {
    [.log(LogRecord(target: ULOGTarget.spec.name, prefix: prefix ?? "", number: UInt32(group)))]
  }

  /// `ULOG copy_range 0 nlgroup 1 queue_threshold 1`.
  public func listing(_ style: ListStyle) -> String {
    "ULOG copy_range \(UInt32(truncatingIfNeeded: range)) nlgroup \(group)"
      + (prefix.map { " prefix \"\($0)\"" } ?? "") + " queue_threshold \(threshold)"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -j ULOG"),
    .accepted(
      "-A INPUT -j ULOG --ulog-qthreshold 50 --ulog-nlgroup 1 --ulog-cprange 100 --ulog-prefix \"a b\"",
      saves: "-A INPUT -j ULOG --ulog-prefix \"a b\" --ulog-cprange 100 --ulog-qthreshold 50"),
    .same("-A INPUT -j ULOG --ulog-nlgroup 32"), .refused("-A INPUT -j ULOG --ulog-nlgroup 0"),
    .refused("-A INPUT -j ULOG --ulog-nlgroup 33"), .refused("-A INPUT -j ULOG --ulog-qthreshold 51"),
    .refused("-A INPUT -j ULOG --ulog-prefix \"\""), .refused("-A INPUT -j ULOG", family: .ipv6),
  ]
}

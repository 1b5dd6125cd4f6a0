// -j LOG: writes a line to the kernel log.

/// Logs the packet and goes on (kernel: `log_tg`; man page: iptables-extensions, LOG).
public struct LOGTarget: TargetExtension {
  /// The syslog level, 0...7.
  public var level: UInt8 = 4
  /// The prefix, 1...29 bytes, or nil.
  public var prefix: String?
  /// `--log-tcp-sequence`.
  public var tcpSequence = false
  /// `--log-tcp-options`.
  public var tcpOptions = false
  /// `--log-ip-options`.
  public var ipOptions = false
  /// `--log-uid`.
  public var uid = false
  /// `--log-macdecode`.
  public var macDecode = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("LOG", summary: "writes the packet to the kernel log")

  /// The names that `--log-level` takes besides 0...7; `err` and `warn` are not among them.
  static let levels: [(name: String, level: UInt8)] = [
    ("alert", 1), ("crit", 2), ("debug", 7), ("emerg", 0), ("error", 3), ("info", 6), ("notice", 5), ("panic", 0),
    ("warning", 4),
  ]
  /// The names that `iptables -L` prints.
  static let listed = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"]

  /// The option table.
  public static let options: [OptionSpec<LOGTarget>] = [
    .value("log-prefix", .init({ $0.prefix }, { $0.prefix = $1 }), .logPrefix(maximum: 29)),
    OptionSpec(
      "log-level", placeholder: "level",
      parse: { (owner, argument) throws(OptionError) in
        if let number = parseUnsigned(argument.text, in: 0...7) {
          owner.level = UInt8(number)
        } else if let known = levels.first(where: { $0.name == argument.text }) {
          owner.level = known.level
        } else {
          throw OptionError(
            "`\(argument.text)` is not a log level",
            help: "the levels are 0 to 7 or " + levels.map { $0.name }.joined(separator: " "),
            tool: "log level \"\(argument.text)\" unknown\n")
        }
      },
      save: { owner, writer in if owner.level != 4 { writer.option("log-level", "\(owner.level)") } }),
    .flag("log-tcp-sequence", .init({ $0.tcpSequence }, { $0.tcpSequence = $1 })),
    .flag("log-tcp-options", .init({ $0.tcpOptions }, { $0.tcpOptions = $1 })),
    .flag("log-ip-options", .init({ $0.ipOptions }, { $0.ipOptions = $1 })),
    .flag("log-uid", .init({ $0.uid }, { $0.uid = $1 })),
    .flag("log-macdecode", .init({ $0.macDecode }, { $0.macDecode = $1 })),
  ]

  /// The flags by bit (kernel: `NF_LOG_TCPSEQ` ... `NF_LOG_MACDECODE`).
  var flags: [(bit: Int, name: String, isSet: Bool)] {
    [
      (0x01, "tcp-sequence", tcpSequence), (0x02, "tcp-options", tcpOptions), (0x04, "ip-options", ipOptions),
      (0x08, "uid", uid), (0x20, "macdecode", macDecode),
    ]
  }

  /// Writes a line (kernel: `log_tg`).
  public var effects: [Effect] {
    [
      .log(
        LogRecord(
          target: LOGTarget.spec.name, prefix: prefix ?? "", number: UInt32(level),
          detail: LogDetail(
            sequence: tcpSequence, tcpOptions: tcpOptions, ipOptions: ipOptions, owner: uid)))
    ]
  }

  /// `LOG level warn tcp-options prefix "x"`, or numerically `LOG flags 2 level 4 prefix "x"`.
  public func listing(_ style: ListStyle) -> String {
    var text: String
    if style.numeric {
      text = "LOG flags \(flags.reduce(0) { $0 + ($1.isSet ? $1.bit : 0) }) level \(level)"
    } else {
      text = "LOG level \(level < 8 ? LOGTarget.listed[Int(level)] : "UNKNOWN")"
      for flag in flags where flag.isSet { text += " " + flag.name }
    }
    if let prefix { text += " prefix \"\(prefix)\"" }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -j LOG"),
    .accepted("-A INPUT -j LOG --log-level warning", saves: "-A INPUT -j LOG"),
    .accepted("-A INPUT -j LOG --log-level panic", saves: "-A INPUT -j LOG --log-level 0"),
    .accepted("-A INPUT -j LOG --log-level error", saves: "-A INPUT -j LOG --log-level 3"),
    .same("-A INPUT -j LOG --log-prefix \"abc: \""),
    .accepted(
      "-A INPUT -j LOG --log-prefix 123456789012345678901234567890",
      saves: "-A INPUT -j LOG --log-prefix 12345678901234567890123456789"),
    .same("-A INPUT -j LOG --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode"),
    .accepted(
      "-A INPUT -j LOG --log-tcp-sequence --log-level 3 --log-prefix x",
      saves: "-A INPUT -j LOG --log-prefix x --log-level 3 --log-tcp-sequence"),
    .refused("-A INPUT -j LOG --log-level warn"),
    .refused("-A INPUT -j LOG --log-level 8"),
    .refused("-A INPUT -j LOG --log-level INFO"),
    .refused("-A INPUT -j LOG --log-prefix \"\""),
  ]
}

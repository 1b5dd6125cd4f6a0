// -j REJECT: drops the packet and answers with an ICMP error or a TCP reset.

/// Answers and drops (kernel: `reject_tg`, `reject_tg6`; man page: iptables-extensions, REJECT).
public struct REJECTTarget: TargetExtension {
  /// What is sent.
  public var kind = RejectAnswer.usual(.ipv4)
  /// Whether `--reject-with` was given.
  private var isGiven = false
  /// The family of the rules, which decides the names.
  private var family = AddressFamily.ipv4
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "REJECT", tables: .filter, hooks: [.input, .forward, .output],
    summary: "drops the packet and tells the sender")

  var answerName: String { RejectAnswer.all(family).first { $0.kind == kind }?.name ?? "" }

  /// The option table; a name may be cut short and written in capitals, the first that fits counts.
  public static let options: [OptionSpec<REJECTTarget>] = [
    OptionSpec(
      "reject-with", placeholder: "type",
      parse: { (owner, argument) throws(OptionError) in
        let text = argument.text.lowercased()
        let answers = RejectAnswer.all(argument.family)
        guard let answer = answers.first(where: { $0.name.hasPrefix(text) || $0.alias.hasPrefix(text) }) else {
          throw OptionError(
            "`\(argument.text)` is not a way to reject",
            help: "the ways are " + answers.map { $0.name }.joined(separator: " "),
            tool: "unknown reject type \"\(argument.text)\"")
        }
        owner.kind = answer.kind
        owner.isGiven = true
      },
      save: { owner, writer in writer.option("reject-with", owner.answerName) })
  ]

  /// Settles what is sent without an option.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    family = rule.family
    if !isGiven { kind = RejectAnswer.usual(family) }
  }

  /// A reset needs `-p tcp` (kernel: `reject_tg_check`, `reject_tg6_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if kind == .tcpReset, !rule.requiresProtocol(.tcp) {
      return OptionError("--reject-with tcp-reset works for TCP only", help: "add `-p tcp` to the rule")
    }
    return nil
  }

  /// Answers and drops (kernel: `reject_tg`).
  public var effects: [Effect] {
    [.reject(kind)]
  }

  /// `reject-with icmp-port-unreachable`.
  public func listing(_ style: ListStyle) -> String { "reject-with " + answerName }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -j REJECT", saves: "-A INPUT -j REJECT --reject-with icmp-port-unreachable"),
    .same("-A INPUT -j REJECT --reject-with icmp-net-unreachable"),
    .same("-A INPUT -j REJECT --reject-with icmp-host-unreachable"),
    .accepted(
      "-A INPUT -j REJECT --reject-with proto-unreach", saves: "-A INPUT -j REJECT --reject-with icmp-proto-unreachable"
    ),
    .accepted(
      "-A INPUT -j REJECT --reject-with net-prohib", saves: "-A INPUT -j REJECT --reject-with icmp-net-prohibited"),
    .accepted(
      "-A FORWARD -j REJECT --reject-with admin-prohib",
      saves: "-A FORWARD -j REJECT --reject-with icmp-admin-prohibited"),
    .accepted(
      "-A INPUT -j REJECT --reject-with icmp-h", saves: "-A INPUT -j REJECT --reject-with icmp-host-unreachable"),
    .accepted(
      "-A INPUT -j REJECT --reject-with ICMP-PORT-UNREACHABLE",
      saves: "-A INPUT -j REJECT --reject-with icmp-port-unreachable"),
    .accepted(
      "-A INPUT -p tcp -j REJECT --reject-with tcp-rst", saves: "-A INPUT -p tcp -j REJECT --reject-with tcp-reset"),
    .refused("-A INPUT -j REJECT --reject-with tcp-reset"),
    .refused("-A INPUT ! -p tcp -j REJECT --reject-with tcp-reset"),
    .refused("-A INPUT -j REJECT --reject-with echo-reply"),
    .refused("-A INPUT -j REJECT --reject-with icmp-port-unreachablex"),
    .refused("-A INPUT -j REJECT", table: .mangle),
    .accepted("-A INPUT -j REJECT", saves: "-A INPUT -j REJECT --reject-with icmp6-port-unreachable", family: .ipv6),
    .same("-A INPUT -j REJECT --reject-with icmp6-no-route", family: .ipv6),
    .same("-A INPUT -j REJECT --reject-with icmp6-reject-route", family: .ipv6),
    .same("-A INPUT -p tcp -j REJECT --reject-with tcp-reset", family: .ipv6),
    .accepted(
      "-A INPUT -j REJECT --reject-with addr-unreach", saves: "-A INPUT -j REJECT --reject-with icmp6-addr-unreachable",
      family: .ipv6),
    .accepted(
      "-A INPUT -j REJECT --reject-with ICMP6-A", saves: "-A INPUT -j REJECT --reject-with icmp6-adm-prohibited",
      family: .ipv6),
    .accepted(
      "-A INPUT -j REJECT --reject-with pol", saves: "-A INPUT -j REJECT --reject-with icmp6-policy-fail", family: .ipv6
    ),
    .accepted(
      "-A INPUT -j REJECT --reject-with p", saves: "-A INPUT -j REJECT --reject-with icmp6-port-unreachable",
      family: .ipv6),
    .refused("-A INPUT -j REJECT --reject-with tcp-reset", family: .ipv6),
    .refused("-A INPUT -p tcp -j REJECT --reject-with tcp-rst", family: .ipv6),
    .refused("-A INPUT -j REJECT --reject-with icmp-port-unreachable", family: .ipv6),
    .refused("-A INPUT -j REJECT --reject-with icmp6-not-neighbour", family: .ipv6),
    .refused("-A FORWARD -j REJECT", table: .mangle, family: .ipv6),
  ]
}

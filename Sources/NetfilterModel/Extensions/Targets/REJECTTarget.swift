// -j REJECT: drops the packet and answers with an ICMP error or a TCP reset.

/// Answers and drops (kernel: `reject_tg`; man page: iptables-extensions, REJECT).
public struct REJECTTarget: TargetExtension {
  /// What is sent.
  public var kind = RejectKind.unreachable(code: 3)
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "REJECT", families: [.ipv4], tables: .filter, hooks: [.input, .forward, .output],
    summary: "drops the packet and tells the sender")

  var answerName: String { RejectAnswer.all.first { $0.kind == kind }?.name ?? "" }

  /// The option table; a name may be cut short and written in capitals, the first that fits counts.
  public static let options: [OptionSpec<REJECTTarget>] = [
    OptionSpec(
      "reject-with", placeholder: "type",
      parse: { (owner, argument) throws(OptionError) in
        let text = argument.text.lowercased()
        guard let answer = RejectAnswer.all.first(where: { $0.name.hasPrefix(text) || $0.alias.hasPrefix(text) }) else {
          throw OptionError(
            "`\(argument.text)` is not a way to reject",
            help: "the ways are " + RejectAnswer.all.map { $0.name }.joined(separator: " "))
        }
        owner.kind = answer.kind
      },
      save: { owner, writer in writer.option("reject-with", owner.answerName) })
  ]

  /// A reset needs `-p tcp` (kernel: `reject_tg_check`).
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
  ]
}

// 6001: INPUT accepts what no rule asks for.

import NetfilterModel
import Simulator

/// 6001: a new packet on an interface that no rule names, to a port that no rule names, is accepted.
enum InputOpenByDefault: LintCheck {
  static let code = LintCode(
    6001, "input-open-by-default", .warning, "INPUT accepts what no rule asks for", basis: .packet,
    page: LintPage(
      problematic: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        -A INPUT -m conntrack --ctstate INVALID -j DROP
        """,
        input: "ACCEPT"),
      correct: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        -A INPUT -m conntrack --ctstate INVALID -j DROP
        """
      ),
      why: """
        Rules open ports one by one, but the rest is not denied: what no rule asks for goes to the policy, which
        accepts it. Every service that listens on this host is open, also those of tomorrow.
        """,
      exceptions: "A list of what is blocked, where all else is meant to be open; a firewall in front of the host."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter, let chain = filter.place(of: .input),
      AcceptsOnly.chainThatOnlyAccepts(.input, filter) == nil
    else { return }
    let rules = filter.rules(from: .input).filter { filter.owner($0.position.chain) == nil }
    let opens = rules.contains { rule in
      rule.outcome == .accept && rule.set.mayBe(.new)
        && (rule.set[.destinationPort] != nil || rule.set[.protocolNumber] != nil || rule.set[.source] != nil)
        && rule.set[.input] != PacketSet.single(.loopback)
    }
    let denies = rules.contains { $0.outcome.denies && $0.set.mayBe(.new) }
    guard opens || denies, let far = subject.prober.neutral.sources.first else { return }
    let neutral = subject.prober.neutral
    let packet = SamplePacket.text(.tcp, far, NeutralValues.clientPort, neutral.own, neutral.port)
    guard let answer = subject.prober.walk(["in on \(neutral.interface) \(packet) deliver"]), !answer.isUnknown,
      case .delivered = answer.last
    else { return }
    // The rest of some interface is denied: the others are trusted, or were forgotten.
    let deniesAnInterface = rules.contains { rule in
      rule.outcome.denies && rule.set[.input] != nil
        && rule.set.fields.allSatisfy { [.input, .state].contains($0.dimension) }
    }
    let isWarned = opens && !deniesAnInterface
    let example = "TCP port \(neutral.port)" + (deniesAnInterface ? " on another interface" : "")
    sink.add(
      code, atChain: chain, in: filter,
      "INPUT accepts what no rule \(isWarned ? "asks for" : "denies"): \(example) from anywhere, for one",
      help: isWarned
        ? "set the policy with `:INPUT DROP`, or end the chain with `-j DROP`"
        : "fine for a list of what is blocked; else set the policy with `:INPUT DROP`",
      severity: isWarned ? .warning : .info,
      proof: subject.prober.proof(answer))
  }
}

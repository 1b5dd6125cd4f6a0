// 2014: replies are accepted below rules that drop them.

import NetfilterModel

/// 2014: ESTABLISHED is accepted below a rule that drops a whole protocol.
enum StateAcceptLate: LintCheck {
  static let code = LintCode(
    2014, "state-accept-late", .info,
    "Packets of established connections are dropped before the rule that accepts them",
    page: LintPage(
      problematic: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -p udp -j DROP
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        """
      ),
      correct: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -p udp -j DROP
        """
      ),
      why: """
        A rule that drops a whole protocol stands above the one that accepts replies: answers to the host's own
        questions of that protocol, as those of DNS and NTP, are dropped.
        """,
      exceptions: "The protocol is really to be blocked in both directions."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let view = subject.filter else { return }
    for hook in [Hook.input, .forward, .output] {
      guard let chain = view.place(of: hook),
        let accept = view.rules[chain].first(where: { rule in
          rule.outcome == .accept && rule.set[.state] != nil && rule.set.mayBe(.established)
            && !rule.set.mayBe(.new) && rule.set.others.isEmpty
            && rule.set.fields.allSatisfy { [.state, .input, .output].contains($0.dimension) }
        })
      else { continue }
      for rule in view.rules[chain].prefix(accept.position.rule) where rule.outcome.denies && rule.set.isExact {
        guard let number = rule.set[.protocolNumber]?.single, number == 6 || number == 17, rule.set.others.isEmpty,
          rule.set.fields.allSatisfy({ [.protocolNumber, .fragmentOffset, .transportLength].contains($0.dimension) }),
          rule.set.intersects(accept.set)
        else { continue }
        sink.add(
          code, at: rule, in: view,
          "this drops packets of established connections too, which \(view.place(accept.position)) would accept",
          help: "move it below that rule", notes: accept.note(view, "accepts replies"))
      }
    }
  }
}

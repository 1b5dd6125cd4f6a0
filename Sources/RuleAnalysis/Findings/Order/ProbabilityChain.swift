// 2015: rules by chance that do not share packets evenly.

import NetfilterModel

/// 2015: a sequence of rules by chance with the same probability each, which do not share packets evenly.
enum ProbabilityChain: LintCheck {
  static let code = LintCode(
    2015, "probability-chain", .warning, "Rules that share packets by chance do not share them evenly",
    page: LintPage(
      problematic: LintPage.nat(
        """
        -A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -m statistic --mode random --probability 0.33 -j DNAT \
        --to-destination 10.0.0.1
        -A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -m statistic --mode random --probability 0.33 -j DNAT \
        --to-destination 10.0.0.2
        -A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.3
        """
      ),
      correct: LintPage.nat(
        """
        -A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -m statistic --mode random --probability 0.33333333333 -j \
        DNAT --to-destination 10.0.0.1
        -A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -m statistic --mode random --probability 0.50000000000 -j \
        DNAT --to-destination 10.0.0.2
        -A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.3
        """
      ),
      why: """
        A rule sees only what the rules before it left. For even shares of n, the probabilities are 1/n, 1/(n-1),
        and so on, to 1/2, and the last rule has none.
        """,
      exceptions: "Uneven shares that are meant."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for rules in view.rules {
        var index = 0
        while index < rules.count {
          guard let share = chance(rules[index]) else {
            index += 1
            continue
          }
          var end = index + 1
          while end < rules.count, chance(rules[end]) == share, rules[end].set == rules[index].set { end += 1 }
          if end - index >= 2, share > 0, share < 0x7fff_ffff { report(rules[index..<end], view, &sink) }
          index = end
        }
      }
    }
  }

  private static func chance(_ rule: RuleView) -> UInt32? {
    for question in rule.questions {
      if case .chance(let share, false) = question.nature, rule.outcome.endsTable || isJump(rule) { return share }
    }
    return nil
  }

  private static func isJump(_ rule: RuleView) -> Bool {
    switch rule.outcome {
    case .calls, .goes: true
    default: false
    }
  }

  private static func report(_ rules: ArraySlice<RuleView>, _ view: TableView, _ sink: inout LintSink) {
    guard let second = rules.dropFirst().first, let share = chance(second) else { return }
    let percent = Int((Double(share) * 100 / 2_147_483_648).rounded())
    sink.add(
      code, at: second, in: view,
      "this rule gets \(percent) % of what the rule before it left, not \(percent) % of all packets",
      help: "for even shares of n the probabilities are 1/n, 1/(n-1), ... 1/2")
  }
}

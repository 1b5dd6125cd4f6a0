// 2007: a jump to a chain without rules.

import NetfilterModel

/// 2007: a jump to a chain without rules.
enum EmptyChain: LintCheck {
  static let code = LintCode(
    2007, "empty-chain", .info, "A rule leads to a chain that has no rules",
    page: LintPage(
      problematic: LintPage.filter(
        """
        :blocked - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -j blocked
        """
      ),
      correct: LintPage.filter(
        """
        :blocked - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -j blocked
        -A blocked -s 198.51.100.66/32 -j DROP
        """
      ),
      why: "A packet comes back from an empty chain at once: the jump does nothing.",
      exceptions: "A chain that a program fills while it runs."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views where !view.isFragment {
      for chain in view.rules.indices where view.rules[chain].isEmpty && view.owner(chain) == nil {
        guard let caller = view.callers[chain].first, view.owner(caller.chain) == nil else { continue }
        let rule = view.rule(caller)
        sink.add(
          code, at: rule, in: view, word: view.name(chain),
          "chain `\(view.name(chain))` has no rules, so the jump does nothing",
          help: "fill the chain, or take the jump away")
      }
    }
  }
}

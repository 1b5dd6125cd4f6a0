// 2018: a list of recent that no rule fills.

import NetfilterModel

/// 2018: a rule asks for a list of `recent` that no rule fills.
enum RecentNeverSet: LintCheck {
  static let code = LintCode(
    2018, "recent-never-set", .warning, "A rule asks for a list of addresses that no rule fills",
    page: LintPage(
      problematic: LintPage.server(
        """
        -A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 60 --hitcount 4 \
        --name ssh -j DROP
        -A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name SSH -j ACCEPT
        """
      ),
      correct: LintPage.server(
        """
        -A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 60 --hitcount 4 \
        --name ssh -j DROP
        -A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name ssh -j ACCEPT
        """
      ),
      why: """
        `--update` and `--rcheck` match addresses that are in the list, and `--update` adds none. No rule that
        packets reach puts addresses into this list with `--set`, so that the rule never matches.
        """,
      exceptions: "A program writes into /proc/net/xt_recent."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    var filled: Set<String> = []
    for view in subject.views {
      for rule in view.reachedRules {
        for question in rule.questions {
          if case .list(let name, true, _) = question.nature { filled.insert(name) }
        }
      }
    }
    var said: Set<String> = []
    for view in subject.views where !view.isFragment {
      for rule in view.reachedRules {
        for question in rule.questions {
          guard case .list(let name, false, false) = question.nature, !filled.contains(name), said.insert(name).inserted
          else { continue }
          sink.add(
            code, at: rule, in: view, word: name, "no rule puts addresses into list `\(name)`, so this never matches",
            help: filled.isEmpty
              ? "fill it with `-m recent --set --name \(name)`"
              : "the rules fill " + filled.sorted().map { "`\($0)`" }.joined(separator: ", "))
        }
      }
    }
  }
}

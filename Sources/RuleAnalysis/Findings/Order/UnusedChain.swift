// 2006: a chain that no packet reaches.

import NetfilterModel

/// 2006: a chain that no packet reaches from a built-in chain; of a tree of such chains only the root.
enum UnusedChain: LintCheck {
  static let code = LintCode(
    2006, "unused-chain", .info, "No rule that packets reach leads to a chain",
    page: LintPage(
      problematic: LintPage.filter(
        """
        :web - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A web -p tcp -m tcp --dport 80 -j ACCEPT
        """
      ),
      correct: LintPage.filter(
        """
        :web - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -j web
        -A web -p tcp -m tcp --dport 80 -j ACCEPT
        """
      ),
      why: "Rules of a chain are asked only when a rule of another chain leads to it. Nothing leads to this one.",
      exceptions: "A chain that a program fills and connects while it runs."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views where !view.isFragment {
      let hasOwnRules = view.rules.indices.contains { view.chain($0).isBuiltIn && !view.rules[$0].isEmpty }
      var led: Set<Int> = []
      for rule in view.rules.joined() {
        switch rule.outcome {
        case .calls(let target), .goes(let target): led.insert(target)
        default: break
        }
      }
      for chain in view.rules.indices where !view.isReached(chain) && !led.contains(chain) {
        let owner = view.owner(chain)
        if let owner, !(owner.bans && hasOwnRules) { continue }
        let count = view.rules[chain].count
        sink.add(
          code, atChain: chain, in: view,
          "nothing leads to chain `\(view.name(chain))`"
            + (count == 0 ? "" : ": its \(count) rule\(count == 1 ? " is" : "s are") never asked"),
          help: owner != nil
            ? "its bans have no effect: restart the program, which connects it"
            : "jump to it from a built-in chain, or take it away")
      }
    }
  }
}

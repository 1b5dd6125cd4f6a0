// 2008: a chain with nothing but RETURN.

import NetfilterModel

/// 2008: a chain with nothing but RETURN.
enum ReturnsOnlyChain: LintCheck {
  static let code = LintCode(
    2008, "returns-only-chain", .info, "A chain has nothing but RETURN",
    page: LintPage(
      problematic: LintPage.filter(
        """
        :blocked - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -j blocked
        -A blocked -s 192.0.2.1/32 -j RETURN
        -A blocked -j RETURN
        """
      ),
      correct: LintPage.filter(
        """
        :blocked - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -j blocked
        -A blocked -s 192.0.2.1/32 -j RETURN
        -A blocked -j DROP
        """
      ),
      why: "Every packet comes back from the chain as it went in: the chain does nothing.",
      exceptions: "A chain that a program fills while it runs."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for chain in view.rules.indices where view.owner(chain) == nil && !view.chain(chain).isBuiltIn {
        let rules = view.rules[chain]
        guard !rules.isEmpty, view.isReached(chain), rules.allSatisfy({ $0.outcome == .returns && !$0.keepsState })
        else {
          continue
        }
        sink.add(
          code, atChain: chain, in: view, "chain `\(view.name(chain))` has nothing but RETURN, so it does nothing",
          help: "fill the chain, or take it and the jumps to it away")
      }
    }
  }
}

// 2017: a chain whose rules and policy all accept.

import NetfilterModel

/// 2017: every rule of a built-in chain accepts, and so does its policy.
enum AcceptsOnly: LintCheck {
  static let code = LintCode(
    2017, "accepts-only", .warning, "All rules of a chain accept, and so does its policy",
    page: LintPage(
      problematic: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        """,
        input: "ACCEPT"),
      correct: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        """
      ),
      why: """
        The rules say what is allowed, but nothing denies the rest: what no rule asks for is accepted by the policy.
        The chain filters nothing. Mostly a last `-j DROP`, or the policy DROP, was forgotten.
        """,
      exceptions: "Rules that are only there to be counted."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let view = subject.filter else { return }
    for hook in [Hook.input, .forward, .output] {
      guard let chain = chainThatOnlyAccepts(hook, view) else { continue }
      let count = view.rules(from: HookSet(hook)).filter { $0.outcome == .accept }.count
      let rules = count == 1 ? "its rule accepts" : "its \(count) rules accept"
      sink.add(
        code, atChain: chain, in: view,
        "\(hook.chainName) accepts every packet: \(rules), and so does its policy",
        help: "set the policy with `:\(hook.chainName) DROP`, or end the chain with `-j DROP` or `-j REJECT`")
    }
  }

  /// The chain of a hook, when it has rules that accept, none that does anything else, and a policy that accepts.
  static func chainThatOnlyAccepts(_ hook: Hook, _ view: TableView) -> Int? {
    guard let chain = view.place(of: hook), view.chain(chain).policy == .accept, view.chain(chain).location != nil
    else {
      return nil
    }
    let summary = view.summaries[chain]
    guard summary.ends.contains(.accept), summary.ends.isSubset(of: [.accept, .returns]), !summary.hasEffects else {
      return nil
    }
    let isOwned = view.rules(from: HookSet(hook)).contains { rule in
      switch rule.outcome {
      case .calls(let target), .goes(let target): view.owner(target) != nil
      default: false
      }
    }
    return isOwned ? nil : chain
  }
}

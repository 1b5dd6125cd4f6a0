// 5013: a built-in chain without its policy.

import NetfilterModel

/// 5013: rules in a built-in chain whose policy the file does not say.
enum PolicyUndeclared: LintCheck {
  static let code = LintCode(
    5013, "policy-undeclared", .info, "A built-in chain has rules and no line with its policy",
    page: LintPage(
      problematic: "*filter\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT\n",
      correct:
        "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT\n",
      why: """
        A policy that a file does not say stays what it was before the file was loaded: DROP after one file, ACCEPT
        after a restart. What happens to packets that no rule takes then depends on what was there before.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for chain in view.rules.indices {
        let value = view.chain(chain)
        guard value.isBuiltIn, value.location == nil, let first = view.rules[chain].first, !view.takesEverything(chain)
        else { continue }
        sink.add(
          code, at: first, in: view, "the file does not say the policy of `\(value.name)`: it stays what it was before",
          help: "add `:\(value.name) ACCEPT [0:0]` or `:\(value.name) DROP [0:0]` behind `*\(view.kind.name)`")
        break
      }
    }
  }
}

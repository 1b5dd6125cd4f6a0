// 4015: a rule for all states that filters nothing.

import NetfilterModel

/// 4015: a rule accepts NEW, ESTABLISHED and RELATED and asks for nothing else.
enum StateAcceptsAll: LintCheck {
  static let code = LintCode(
    4015, "state-accepts-all", .warning, "A rule accepts packets of every state but INVALID",
    page: LintPage(
      problematic: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate NEW,RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 23 -j DROP
        """
      ),
      correct: LintPage.server("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"),
      why: """
        With NEW in the list the rule accepts whoever begins a connection, to any port. Only packets that belong to
        nothing are left for the rules behind it.
        """,
      exceptions: "An interface that is trusted; then name it with `-i`."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let view = subject.filter else { return }
    for hook in [Hook.input, .forward] {
      guard let chain = view.place(of: hook) else { continue }
      for rule in view.rules[chain] where rule.outcome == .accept && rule.set.isExact && rule.set.others.isEmpty {
        guard let states = rule.set[.state], rule.set.fields.count == 1,
          states.contains(StateValues.numbers([.new, .established]))
        else { continue }
        sink.add(
          code, at: rule, in: view, "this accepts every packet that is not INVALID",
          help: "take NEW out, and accept new connections by port or interface")
      }
    }
  }
}

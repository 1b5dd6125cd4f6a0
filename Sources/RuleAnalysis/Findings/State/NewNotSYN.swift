// 4008: a rule that counts connections counts more.

import NetfilterModel

/// 4008: a rule that counts connections takes every NEW packet, not only those that begin one.
enum NewNotSYN: LintCheck {
  static let code = LintCode(
    4008, "new-not-syn", .info, "A rule that counts connections takes NEW packets that begin none",
    page: LintPage(
      problematic: LintPage.server(
        "-A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m limit --limit 3/min -j ACCEPT"),
      correct: LintPage.server(
        "-A INPUT -p tcp -m tcp --dport 22 --syn -m conntrack --ctstate NEW -m limit --limit 3/min -j ACCEPT"),
      why: """
        With `nf_conntrack_tcp_loose`, which is on as a rule, any TCP packet of an unknown connection is NEW, also
        an ACK in the middle of one. A rule that counts connections counts those too, unless it asks for `--syn`.
        """,
      exceptions: "net.netfilter.nf_conntrack_tcp_loose is 0."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    var said = false
    let dropsOthers = subject.views.contains { view in
      view.reachedRules.contains { rule in
        rule.outcome.denies && rule.set[.tcpFlags] != nil && rule.set.mayBe(.new)
          && rule.set[.tcpFlags].map { !$0.contains(2) && $0.contains(16) } == true
      }
    }
    if dropsOthers { return }
    for view in subject.views where !said {
      for rule in view.reachedRules where rule.counts && view.owner(rule.position.chain) == nil {
        let set = view.packets(at: rule)
        guard set[.protocolNumber]?.single == 6, let states = set[.state],
          StateValues.numbers(.new).contains(states), set[.tcpFlags] == nil
        else { continue }
        sink.add(
          code, at: rule, in: view, "this counts every TCP packet that is NEW, not only those that begin a connection",
          help: "add `--syn`, or drop NEW packets without SYN before")
        said = true
        break
      }
    }
  }
}

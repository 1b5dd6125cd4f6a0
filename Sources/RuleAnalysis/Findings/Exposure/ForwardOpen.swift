// 6002: FORWARD accepts what no rule asks for.

import NetfilterModel

/// 6002: FORWARD accepts what no rule asks for.
enum ForwardOpen: LintCheck {
  static let code = LintCode(
    6002, "forward-open", .warning, "FORWARD accepts what no rule asks for",
    page: LintPage(
      problematic: LintPage.nat("-A POSTROUTING -o eth0 -j MASQUERADE")
        + LintPage.filter(
          "-A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", forward: "ACCEPT"),
      correct: LintPage.nat("-A POSTROUTING -o eth0 -j MASQUERADE")
        + LintPage.filter(
          """
          -A INPUT -i lo -j ACCEPT
          -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
          -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
          -A FORWARD -i eth1 -o eth0 -j ACCEPT
          """
        ),
      why: """
        The host translates addresses, so it is a router, and FORWARD accepts everything: whoever can send packets
        to it, from either side, reaches all networks behind it.
        """,
      exceptions: "A router that is not meant to filter; a host that forwards nothing."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter, let chain = filter.place(of: .forward), filter.chain(chain).location != nil,
      filter.defaultOutcome(.forward) == .accept, AcceptsOnly.chainThatOnlyAccepts(.forward, filter) == nil
    else { return }
    let rules = filter.rules(from: .forward)
    guard !rules.contains(where: { filter.owner($0.position.chain) != nil }) else { return }
    let isRouter = subject.nat?.rules(from: .postrouting).contains { $0.translation != nil } ?? false
    // A rule of its own that accepts everything is meant; a policy is often left as it is.
    let isRule = rules.contains { $0.outcome == .accept && $0.set.isEverything }
    let denies = rules.contains { $0.outcome.denies }
    let isWarned = (isRouter || !rules.isEmpty) && !isRule && !denies
    sink.add(
      code, atChain: chain, in: filter,
      isRouter
        ? "FORWARD accepts what no rule asks for, and table nat makes the host a router"
        : "FORWARD accepts what no rule asks for",
      help: "set the policy with `:FORWARD DROP`, and accept what is meant", severity: isWarned ? .warning : .info)
  }
}

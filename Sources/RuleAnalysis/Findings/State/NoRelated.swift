// 4005: errors about the host's connections are dropped.

import NetfilterModel

/// 4005: ICMP errors about connections are dropped where their replies are accepted.
enum NoRelated: LintCheck {
  static let code = LintCode(
    4005, "no-related", .warning, "ICMP errors about connections are dropped where replies are accepted",
    page: LintPage(
      problematic: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
        -A INPUT -p icmp -m icmp --icmp-type 3/4 -j ACCEPT
        """
      ),
      correct: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -p icmp -m icmp --icmp-type 3/4 -j ACCEPT
        """
      ),
      why: """
        A router that cannot deliver a packet says so with an ICMP error, which connection tracking calls RELATED.
        Without it a connection to a closed port or an unreachable network waits for its time-out.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter, let chain = filter.place(of: .input) else { return }
    guard
      let accept = filter.rules(from: .input).first(where: { rule in
        rule.outcome == .accept && rule.set[.state] != nil && rule.set.mayBe(.established) && !rule.set.mayBe(.new)
      })
    else { return }
    let isIPv4 = subject.family == .ipv4
    var set = PacketSet(subject.family)
    set.limit(.protocolNumber, to: isIPv4 ? IntervalSet(1, 1) : IntervalSet(58, 58))
    set.limit(.state, to: StateValues.numbers(.related))
    set.limit(.input, to: PacketSet.outside)
    // Unreachable, time exceeded; not "too big", which has a code of its own.
    var errors = set
    errors.limit(.icmpType, to: isIPv4 ? IntervalSet(0x0300, 0x0303) : IntervalSet(0x0100, 0x01ff))
    var tooBig = set
    tooBig.limit(.icmpType, to: isIPv4 ? IntervalSet(0x0304, 0x0304) : IntervalSet(0x0200, 0x0200))
    guard !filter.mayAccept(errors, at: .input), filter.mayAccept(tooBig, at: .input) else { return }
    sink.add(
      code, at: accept, in: filter,
      "`\(filter.name(chain))` accepts replies, and drops the ICMP errors about the same connections",
      help: "accept RELATED here too")
  }
}

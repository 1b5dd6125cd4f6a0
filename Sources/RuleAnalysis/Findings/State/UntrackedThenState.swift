// 4007: packets that are not tracked, and no rule for them.

import NetfilterModel

/// 4007: packets are kept out of connection tracking, and only rules that ask for a state would accept them.
enum UntrackedThenState: LintCheck {
  static let code = LintCode(
    4007, "untracked-then-state", .warning, "Packets that are not tracked meet only rules that ask for a state",
    page: LintPage(
      problematic:
        """
        *raw
        :PREROUTING ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        -A PREROUTING -p udp -m udp --dport 53 -j CT --notrack
        COMMIT

        """
          + LintPage.server("-A INPUT -p udp -m udp --dport 53 -m conntrack --ctstate NEW -j ACCEPT"),
      correct:
        """
        *raw
        :PREROUTING ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        -A PREROUTING -p udp -m udp --dport 53 -j CT --notrack
        COMMIT

        """
          + LintPage.server("-A INPUT -p udp -m udp --dport 53 -m conntrack --ctstate UNTRACKED -j ACCEPT"),
      why: """
        A packet that is not tracked has the state UNTRACKED, neither NEW nor ESTABLISHED. Rules that ask for those
        do not match it, and here nothing else accepts it.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let raw = subject[.raw], let filter = subject.filter else { return }
    for rule in raw.rules(from: .prerouting) where rule.effects.contains(.untrack) {
      var set = raw.packets(at: rule).without(.output).without(.state)
      set.limit(.state, to: StateValues.numbers(.untracked))
      set.limit(.input, to: PacketSet.outside)
      guard !set.isEmpty, !filter.mayAccept(set, at: .input), !filter.mayAccept(set, at: .forward) else { continue }
      let tracked = set.without(.state).limited(.state, to: StateValues.numbers([.new, .established]))
      guard
        let other = filter.accepts(tracked, from: .input) ?? filter.accepts(tracked, from: .forward)
      else { continue }
      sink.add(
        code, at: rule, in: raw, word: rule.targetName,
        "nothing accepts these packets when they are not tracked: rules ask for their state",
        help: "accept them with `--ctstate UNTRACKED`, or let them be tracked",
        notes: other.note(filter, "asks for the state"))
    }
  }
}

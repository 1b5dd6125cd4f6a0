// 7004: IPv4 is restricted and IPv6 is not.

import NetfilterModel

/// 7004: INPUT denies by default for IPv4 and accepts by default for IPv6.
enum IPv6LeftOpen: LintCheck {
  static let code = LintCode(
    7004, "ipv6-left-open", .warning, "INPUT denies by default for IPv4 and accepts by default for IPv6",
    page: LintPage(
      problematic: LintPage.filter("", input: "ACCEPT"), correct: LintPage.server("-A INPUT -p ipv6-icmp -j ACCEPT"),
      why: """
        The same services listen for both families. What the IPv4 rules keep out comes in over IPv6, which most
        hosts have without anybody having asked for it.
        """,
      exceptions: "IPv6 is turned off on the host.", family: .ipv6,
      otherFamily: LintPage.server("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT")))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard subject.family == .ipv6, let others = subject.others,
      let other = others.first(where: { $0.kind == .filter }), !other.isFragment,
      other.defaultOutcome(.input)?.denies == true
    else { return }
    guard let own = subject[.filter] else {
      sink.add(
        code, at: SourceRange(file: subject.source.name, line: 1, column: 1),
        "the file has no table filter, so that everything is accepted over IPv6, and IPv4 denies by default",
        help: "write the same rules for IPv6", subject: "filter")
      return
    }
    guard !own.isFragment, own.defaultOutcome(.input) == .accept, let chain = own.place(of: .input) else { return }
    sink.add(
      code, atChain: chain, in: own, "INPUT accepts by default over IPv6, and denies by default over IPv4",
      help: "write the same rules for IPv6")
  }
}

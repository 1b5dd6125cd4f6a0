// 2013: a rule of DOCKER-USER behind its RETURN.

import NetfilterModel

/// 2013: a rule that was appended to DOCKER-USER below its RETURN.
enum DockerUserAfterReturn: LintCheck {
  static let code = LintCode(
    2013, "docker-user-after-return", .warning, "A rule of DOCKER-USER stands below its RETURN",
    page: LintPage(
      problematic: LintPage.filter(
        """
        :DOCKER-USER - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A FORWARD -j DOCKER-USER
        -A DOCKER-USER -j RETURN
        -A DOCKER-USER -i eth0 -s 198.51.100.0/24 -j DROP
        """
      ),
      correct: LintPage.filter(
        """
        :DOCKER-USER - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A FORWARD -j DOCKER-USER
        -A DOCKER-USER -i eth0 -s 198.51.100.0/24 -j DROP
        -A DOCKER-USER -j RETURN
        """
      ),
      why:
        "Docker makes this chain with a RETURN. `iptables -A` puts a rule behind it, where no packet comes: use `-I`."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let view = subject[.filter], let chain = view.graph.places["DOCKER-USER"] else { return }
    let rules = view.rules[chain]
    guard let end = rules.firstIndex(where: { $0.outcome == .returns && $0.set.isEverything }) else { return }
    guard let first = rules[(end + 1)...].first(where: { $0.outcome != .returns }) else { return }
    sink.add(
      code, at: first, in: view, "no packet comes to this rule: \(view.place(rules[end].position)) returns before",
      help: "insert it with `-I DOCKER-USER`", notes: rules[end].note(view, "returns"))
  }
}

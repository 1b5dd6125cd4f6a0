// 6009: a service with the wrong protocol.

import NetfilterModel

/// 6009: a rule opens the port of a service with the protocol that the service does not use.
enum ServiceWrongProtocol: LintCheck {
  static let code = LintCode(
    6009, "service-wrong-protocol", .info, "A rule opens a port with a protocol that its service does not use",
    page: LintPage(
      problematic: LintPage.server("-A INPUT -p udp -m udp --dport 25 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -p tcp -m tcp --dport 25 -j ACCEPT"),
      why: "SSH, SMTP, FTP and HTTP use TCP, DHCP and NTP use UDP. The rule opens a port at which nothing listens.",
      exceptions: "Another service listens there; HTTP/3 uses UDP port 443, which is not reported."))

  private static let tcpOnly: Set<UInt128> = [21, 22, 25, 80, 5222]
  private static let udpOnly: Set<UInt128> = [67, 123]

  private struct Opened: Hashable {
    var chain: Int
    var port: UInt128
    var number: UInt128
  }

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter else { return }
    var opened: Set<Opened> = []
    var suspects: [(RuleView, Opened)] = []
    for rule in filter.rules(from: [.input, .forward, .output]) where rule.outcome == .accept {
      guard let port = rule.set[.destinationPort]?.single else { continue }
      let numbers = filter.packets(at: rule).numbers(.protocolNumber)
      for number in [UInt128(6), 17] where numbers.contains(number) {
        opened.insert(Opened(chain: rule.position.chain, port: port, number: number))
      }
      guard let number = numbers.single, filter.owner(rule.position.chain) == nil else { continue }
      if number == 17 && tcpOnly.contains(port) || number == 6 && udpOnly.contains(port) {
        suspects.append((rule, Opened(chain: rule.position.chain, port: port, number: number)))
      }
    }
    for (rule, what) in suspects {
      // Who opens both is careful, not wrong.
      if opened.contains(Opened(chain: what.chain, port: what.port, number: what.number == 17 ? 6 : 17)) { continue }
      let isUDP = what.number == 17
      sink.add(
        code, at: rule, in: filter,
        "port \(what.port) is opened for \(isUDP ? "UDP" : "TCP"), and its service uses \(isUDP ? "TCP" : "UDP")",
        help: "write `-p \(isUDP ? ProtocolNumber.tcp : .udp)`, or take the rule away")
    }
  }
}

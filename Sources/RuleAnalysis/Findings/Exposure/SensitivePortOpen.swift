// 6005: a port that attackers look for is open.

import NetfilterModel
import Simulator

/// 6005: a port that attackers look for is open to everybody.
enum SensitivePortOpen: LintCheck {
  static let code = LintCode(
    6005, "sensitive-port-open", .warning, "A port that attackers look for is open to everybody", basis: .packet,
    page: LintPage(
      problematic: LintPage.server("-A INPUT -p tcp -m tcp --dport 3306 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 3306 -j ACCEPT"),
      why: """
        Databases, remote desktops and file services are looked for all over the internet within minutes, and few of
        them are made to be open to everybody. Accept them from the addresses that need them.
        """,
      exceptions: "The host can be reached from a trusted network only. Port 22 is an information, no warning."))

  /// The ports and what listens there.
  private static let services: [(port: UInt16, number: ProtocolNumber, name: String)] = [
    (22, .tcp, "SSH"), (23, .tcp, "Telnet"), (111, .tcp, "portmapper"), (135, .tcp, "RPC"), (139, .tcp, "NetBIOS"),
    (445, .tcp, "SMB"), (512, .tcp, "rexec"), (513, .tcp, "rlogin"), (514, .tcp, "rsh"), (873, .tcp, "rsync"),
    (2049, .tcp, "NFS"), (2375, .tcp, "Docker without TLS"), (3306, .tcp, "MySQL"), (3389, .tcp, "remote desktop"),
    (5432, .tcp, "PostgreSQL"), (5900, .tcp, "VNC"), (6379, .tcp, "Redis"), (9200, .tcp, "Elasticsearch"),
    (11_211, .tcp, "memcached"), (27_017, .tcp, "MongoDB"),
  ]

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter, filter.defaultOutcome(.input)?.denies == true,
      let far = subject.prober.neutral.sources.first
    else { return }
    let neutral = subject.prober.neutral
    let rules = filter.rules(from: .input)
    for service in services {
      let port = UInt128(service.port)
      // Without a rule that speaks of the port, what accepts everything is another finding.
      guard rules.contains(where: { filter.packets(at: $0)[.destinationPort]?.contains(port) ?? false }) else {
        continue
      }
      let packet = SamplePacket.text(service.number, far, NeutralValues.clientPort, neutral.own, service.port)
      guard let answer = subject.prober.walk(["in on \(neutral.interface) \(packet) deliver"]), !answer.isUnknown,
        case .delivered = answer.last, let place = answer.lastFilterRule, let chain = filter.graph.places[place.chain],
        filter.rules[chain].indices.contains(place.number - 1)
      else { continue }
      let opener = filter.rules[chain][place.number - 1]
      let isOwned = filter.owner(chain) != nil
      // What a rate or a list guards is open on purpose.
      guard opener.outcome == .accept, !opener.counts,
        let ports = isOwned ? opener.set[.destinationPort] : filter.packets(at: opener)[.destinationPort],
        ports.contains(port)
      else { continue }
      sink.add(
        code, at: opener, in: filter, "port \(service.port) (\(service.name)) is open to everybody",
        help: "accept it from the addresses that need it, with `-s`", severity: service.port == 22 ? .info : .warning,
        proof: subject.prober.proof(answer))
    }
  }
}

// 3008: services on loopback can be reached from outside.

import NetfilterModel
import Simulator

/// 3008: route_localnet is set, and nothing drops packets from outside for 127.0.0.0/8 (CVE-2020-8558).
enum RouteLocalnetExposed: LintCheck {
  static let code = LintCode(
    3008, "route-localnet-exposed", .warning, "Neighbours can reach services that listen on loopback only",
    basis: .host,
    page: LintPage(
      problematic: LintPage.server("-A INPUT -s 203.0.113.0/24 -j ACCEPT"),
      correct: LintPage.server(
        "-A INPUT -d 127.0.0.0/8 ! -i lo -m conntrack ! --ctstate DNAT -j DROP\n-A INPUT -s 203.0.113.0/24 -j ACCEPT"),
      why: """
        With `net.ipv4.conf.INTERFACE.route_localnet` the kernel takes packets for 127.0.0.0/8 that come in from the
        network. A neighbour can send them, and reach services that were meant for the host alone. Drop those that
        no rule of table nat sent there.
        """,
      host: """
        iface eth0 203.0.113.2/24
        route default via 203.0.113.1 dev eth0
        sysctl net.ipv4.conf.eth0.route_localnet = 1

        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let host = subject.host, subject.family == .ipv4, let filter = subject.filter,
      let chain = filter.place(of: .input)
    else { return }
    for interface in host.interfaces where !interface.isLoopback {
      for address in interface.addresses where address.address.family == .ipv4 {
        let packet = Neighbour.of(address).map {
          SamplePacket.text(.tcp, $0, NeutralValues.clientPort, .loopback(.ipv4), subject.prober.neutral.port)
        }
        guard let packet,
          let answer = subject.prober.walk(["in on \(interface.name) \(packet)"], through: host),
          case .delivered = answer.last
        else { continue }
        sink.add(
          code, atChain: chain, in: filter,
          "services on 127.0.0.1 can be reached from \(interface.name): `route_localnet` is 1 there",
          help: "add `-A INPUT -d 127.0.0.0/8 ! -i lo -m conntrack ! --ctstate DNAT -j DROP` near the top",
          proof: subject.prober.proof(answer))
        break
      }
    }
  }
}

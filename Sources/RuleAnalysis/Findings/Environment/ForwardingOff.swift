// 5001: rules for a router that forwards nothing.

import NetfilterModel
import Simulator

/// 5001: the rules are those of a router, and the host forwards nothing.
enum ForwardingOff: LintCheck {
  static let code = LintCode(
    5001, "ip-forward-off", .error, "The rules are those of a router, and the host does not forward", basis: .host,
    page: LintPage(
      problematic: LintPage.nat("-A POSTROUTING -o eth0 -j MASQUERADE")
        + LintPage.router("-A FORWARD -i eth1 -o eth0 -j ACCEPT"),
      correct: LintPage.nat("-A POSTROUTING -o eth1 -d 192.168.1.0/24 -j MASQUERADE") + LintPage.server(""),
      why: """
        FORWARD lets connections through, but `net.ipv4.ip_forward` is 0, so that the kernel drops what is not for
        this host before FORWARD is asked.
        """,
      host: "iface eth0 203.0.113.2/24\niface eth1 192.168.1.1/24\nroute default via 203.0.113.1 dev eth0\n"))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let host = subject.host, let filter = subject.filter, subject.family == .ipv4,
      let far = subject.prober.neutral.sources.first,
      let rule = filter.rules(from: .forward).first(where: { $0.outcome == .accept && $0.set.mayBe(.new) })
    else { return }
    for interface in host.interfaces where !interface.isLoopback {
      for address in interface.addresses where address.address.family == subject.family && address.prefixLength < 31 {
        guard let source = Neighbour.of(address),
          let answer = subject.prober.walk(
            ["in on \(interface.name) \(SamplePacket.text(.tcp, source, NeutralValues.clientPort, far, 443))"],
            through: host),
          case .discarded(.forwardingOff) = answer.last
        else { continue }
        sink.add(
          code, at: rule, in: filter, "the host does not forward: packets never come to FORWARD",
          help: "set `net.ipv4.ip_forward = 1`", proof: subject.prober.proof(answer))
        return
      }
    }
  }
}

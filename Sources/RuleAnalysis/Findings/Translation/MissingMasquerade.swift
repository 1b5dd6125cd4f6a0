// 3005: a private source leaves for the internet.

import NetfilterModel
import Simulator

/// 3005: a packet with a private source leaves by an interface with a public address (RFC 1918).
enum MissingMasquerade: LintCheck {
  static let code = LintCode(
    3005, "missing-masquerade", .warning, "Packets with a private source leave for the internet", basis: .host,
    page: LintPage(
      problematic: LintPage.router("-A FORWARD -i eth1 -o eth0 -j ACCEPT"),
      correct: LintPage.nat("-A POSTROUTING -o eth0 -j MASQUERADE")
        + LintPage.router("-A FORWARD -i eth1 -o eth0 -j ACCEPT"),
      why: """
        The packet goes out with the private address of the inner host as its source. Nobody outside can answer it.
        Translate the source where packets leave.
        """,
      exceptions: "Another router behind this one translates.",
      host:
        """
        iface eth0 203.0.113.2/24
        iface eth1 192.168.1.1/24
        route default via 203.0.113.1 dev eth0
        sysctl net.ipv4.ip_forward = 1

        """
    ))

  private static let privateNetworks = [("10.0.0.0", 8), ("172.16.0.0", 12), ("192.168.0.0", 16)].compactMap { entry in
    IPAddress(entry.0, family: .ipv4).map { AddressMatch($0, prefixLength: entry.1) }
  }

  static func isPrivate(_ address: IPAddress) -> Bool {
    privateNetworks.contains { $0.contains(address) } || address.isLoopback
  }

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let host = subject.host, subject.family == .ipv4, let view = subject.filter ?? subject.nat,
      let far = subject.prober.neutral.sources.first
    else { return }
    for interface in host.interfaces where !interface.isLoopback {
      for address in interface.addresses where address.address.family == .ipv4 && isPrivate(address.address) {
        guard let source = Neighbour.of(address),
          let answer = subject.prober.walk(
            ["in on \(interface.name) \(SamplePacket.text(.tcp, source, NeutralValues.clientPort, far, 443))"],
            through: host),
          case .forwarded(let output) = answer.last, output != interface.name,
          let outside = host.interface(output), outside.addresses.contains(where: { !isPrivate($0.address) }),
          let packet = answer.walks.last?.emitted.first?.packet, let header = IPHeader(packet.bytes),
          header.source == source
        else { continue }
        let chain = (subject.nat ?? view).place(of: .postrouting) ?? view.place(of: .forward) ?? 0
        sink.add(
          code, atChain: chain, in: subject.nat ?? view,
          "packets of \(address.network) leave on \(output) with their private source",
          help: "add `-A POSTROUTING -o \(output) -j MASQUERADE` to table nat", proof: subject.prober.proof(answer))
        return
      }
    }
  }
}

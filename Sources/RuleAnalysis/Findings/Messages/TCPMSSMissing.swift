// 7002: connections that are forwarded to a link with a small MTU agree on segments that do not fit.

import NetfilterModel
import Simulator

/// 7002: connections forwarded to a link with an MTU below 1500 keep the segment size of Ethernet.
enum TCPMSSMissing: LintCheck {
  static let code = LintCode(
    7002, "tcpmss-missing", .warning, "Segments of forwarded connections do not fit the link", basis: .host,
    page: LintPage(
      problematic: LintPage.nat("-A POSTROUTING -o ppp0 -j MASQUERADE")
        + LintPage.router("-A FORWARD -i eth1 -o ppp0 -j ACCEPT"),
      correct: LintPage.nat("-A POSTROUTING -o ppp0 -j MASQUERADE")
        + "*mangle\n:FORWARD ACCEPT [0:0]\n-A FORWARD -o ppp0 -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu\n"
        + "COMMIT\n" + LintPage.router("-A FORWARD -i eth1 -o ppp0 -j ACCEPT"),
      why: """
        The link takes smaller packets than Ethernet. The two ends agree on segments for 1500 bytes, and depend on
        the message that a packet is too big; where it gets lost, connections open and then hang. Lower the segment
        size that is announced.
        """,
      exceptions: "Nobody on the path drops ICMP, or the inner hosts have the small MTU themselves.",
      host:
        """
        iface ppp0 203.0.113.2/32 mtu 1492
        iface eth1 192.168.1.1/24
        route default dev ppp0
        sysctl net.ipv4.ip_forward = 1

        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let host = subject.host, let filter = subject.filter ?? subject.nat,
      let far = subject.prober.neutral.sources.first
    else { return }
    let headers = subject.family == .ipv4 ? 40 : 60
    for inner in host.interfaces where !inner.isLoopback && inner.mtu >= 1500 {
      for address in inner.addresses where address.address.family == subject.family && !address.address.isLinkLocal {
        guard let source = Neighbour.of(address) else { continue }
        let room = 1500 - headers
        let packet =
          SamplePacket.text(.tcp, source, NeutralValues.clientPort, far, 443).replacing("mss=1460", with: "mss=\(room)")
        guard let answer = subject.prober.walk(["in on \(inner.name) \(packet)"], through: host),
          case .forwarded(let output) = answer.last, let link = host.interface(output), link.mtu < 1500,
          let sent = answer.walks.last?.emitted.first?.packet.bytes, let size = announced(sent),
          size > link.mtu - headers
        else { continue }
        sink.add(
          code, atChain: filter.place(of: .forward) ?? filter.place(of: .postrouting) ?? 0, in: filter,
          "\(output) has an MTU of \(link.mtu), and forwarded connections announce segments of \(size) bytes",
          help: "add to mangle/FORWARD: `-o \(output) -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu`",
          proof: subject.prober.proof(answer))
        return
      }
    }
  }

  /// The segment size that a SYN announces, or nil.
  private static func announced(_ bytes: [UInt8]) -> Int? {
    guard let header = IPHeader(bytes) else { return nil }
    return TCPOptions.maximumSegmentSize(in: bytes, TCPHeader.options(in: bytes, at: header.transportOffset)).map(
      Int.init)
  }
}

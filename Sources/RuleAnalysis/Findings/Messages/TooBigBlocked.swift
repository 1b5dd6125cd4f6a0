// 7001: the message that a packet is too big is dropped.

import FlowTesting
import NetfilterModel
import Simulator

/// 7001: the message that a packet is too big is dropped, so that connections hang (RFC 4890 §4.3.1, RFC 1191).
enum TooBigBlocked: LintCheck {
  static let code = LintCode(
    7001, "frag-needed-blocked", .warning, "The message that a packet is too big is dropped", basis: .packet,
    page: LintPage(
      problematic: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        """
      ),
      correct: LintPage.server("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"),
      why: """
        A router that cannot send a packet on, as it is too big, says so with ICMP 3/4, or ICMPv6 type 2. Where the
        message is dropped, connections open and then hang as soon as much is sent. Accept RELATED, or this type.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter, let chain = filter.place(of: .input),
      let far = subject.prober.neutral.sources.first,
      let router = subject.prober.neutral.sources.last
    else { return }
    let isIPv4 = subject.family == .ipv4
    var set = PacketSet(subject.family)
    set.limit(.protocolNumber, to: isIPv4 ? IntervalSet(1, 1) : IntervalSet(58, 58))
    set.limit(.icmpType, to: isIPv4 ? IntervalSet(0x0304, 0x0304) : IntervalSet(0x0200, 0x02ff))
    set.limit(.state, to: StateValues.numbers(.related))
    set.limit(.input, to: PacketSet.outside)
    guard !filter.mayAccept(set, at: .input), filter.rules(from: .input).contains(where: { $0.outcome == .accept })
    else { return }
    let neutral = subject.prober.neutral
    for interface in neutral.named.prefix(4) + [neutral.interface] {
      for port in [UInt16(443), 80, 22] {
        let packet = SamplePacket.text(.tcp, neutral.own, NeutralValues.clientPort, far, port)
        let start = "local \(packet) out \(interface)"
        guard let sent = subject.prober.walk([start, "reply"]), sent.isThrough,
          let step = try? PacketText.step(start), case .packet(let flow) = step.action
        else { continue }
        // The error carries the beginning of the packet that it is about.
        let quoted = Packet(bytes: Array(flow.packet.packet().bytes.prefix(isIPv4 ? 28 : 60))).hex
        let error =
          isIPv4
          ? "in on \(interface) icmp 3/4 \(router) > \(neutral.own) hex=\(quoted) deliver"
          : "in on \(interface) icmp6 2/0 \(router) > \(neutral.own) hex=\(quoted) deliver"
        guard let answer = subject.prober.walk([start, "reply", error]), !answer.isUnknown, let place = answer.denier,
          place.table == .filter
        else { return }
        let rule = isIPv4 ? "-p icmp --icmp-type fragmentation-needed" : "-p ipv6-icmp --icmpv6-type packet-too-big"
        sink.add(
          code, atChain: chain, in: filter,
          "the message that a packet is too big is dropped: connections will hang where the path needs smaller packets",
          help:
            "accept RELATED beside ESTABLISHED, or `\(rule)`",
          proof: subject.prober.proof(answer))
        return
      }
    }
  }
}

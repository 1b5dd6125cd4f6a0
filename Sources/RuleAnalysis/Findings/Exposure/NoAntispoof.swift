// 6007: packets from outside may claim to come from inside.

import NetfilterModel
import Simulator

/// 6007: a packet from outside with the source of an inner network gets through (RFC 2827).
enum NoAntispoof: LintCheck {
  static let code = LintCode(
    6007, "no-antispoof", .info, "Packets from outside get in with the source of an inner network", basis: .host,
    page: LintPage(
      problematic: LintPage.server("-A INPUT -s 192.168.1.0/24 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -s 192.168.1.0/24 -i eth1 -j ACCEPT"),
      why: """
        The rule trusts an inner address, wherever the packet comes in. A neighbour outside can write that address as
        its source. Name the interface too, drop inner sources on the outer interface, or set rp_filter.
        """,
      host: "iface eth0 203.0.113.2/24\niface eth1 192.168.1.1/24\nroute default via 203.0.113.1 dev eth0\n"))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let host = subject.host, let filter = subject.filter, let chain = filter.place(of: .input),
      filter.defaultOutcome(.input)?.denies == true
    else { return }
    let outer = host.interfacesWithDefaultRoute(subject.family)
    for outside in outer {
      guard let own = host.interface(outside)?.addresses.first(where: { $0.address.family == subject.family }),
        let stranger = subject.prober.neutral.sources.first
      else { continue }
      for inner in host.interfaces where !inner.isLoopback && !outer.contains(inner.name) {
        for address in inner.addresses where address.address.family == subject.family && !address.address.isLinkLocal {
          guard let source = Neighbour.of(address) else { continue }
          for port in [UInt16(22), 53, subject.prober.neutral.port] {
            let start = "in on \(outside) "
            let packet = SamplePacket.text(.tcp, source, NeutralValues.clientPort, own.address, port)
            guard let answer = subject.prober.walk([start + packet], through: host), case .delivered = answer.last,
              !answer.isUnknown,
              // What is open to everybody is not opened by the source.
              let other = subject.prober.walk(
                [start + SamplePacket.text(.tcp, stranger, NeutralValues.clientPort, own.address, port)], through: host),
              other.denier != nil
            else { continue }
            let opener = answer.lastFilterRule.flatMap { place in
              filter.graph.places[place.chain].flatMap { chain in
                filter.rules[chain].indices.contains(place.number - 1) ? filter.rules[chain][place.number - 1] : nil
              }
            }
            let message = "a packet from \(outside) that claims to come from \(address.network) gets in"
            let help = "add `-i \(inner.name)`, or set `net.ipv4.conf.\(outside).rp_filter = 1`"
            if let opener {
              sink.add(code, at: opener, in: filter, message, help: help, proof: subject.prober.proof(answer))
            } else {
              sink.add(code, atChain: chain, in: filter, message, help: help, proof: subject.prober.proof(answer))
            }
            return
          }
        }
      }
    }
  }
}

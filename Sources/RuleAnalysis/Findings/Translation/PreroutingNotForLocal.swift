// 3012: the host's own connections do not meet a translation of PREROUTING.

import NetfilterModel
import Simulator

/// 3012: DNAT in PREROUTING for an address of the host, and nothing the like in OUTPUT.
enum PreroutingNotForLocal: LintCheck {
  static let code = LintCode(
    3012, "prerouting-not-for-local", .info, "The host itself cannot use a port forward of its own address",
    basis: .packet,
    page: LintPage(
      problematic: LintPage.nat(
        """
        -A PREROUTING -d 203.0.113.2/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.168.1.10:80
        -A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.2
        """
      ),
      correct: LintPage.nat(
        """
        -A PREROUTING -d 203.0.113.2/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.168.1.10:80
        -A OUTPUT -d 203.0.113.2/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.168.1.10:80
        -A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.2
        """
      ),
      why: """
        Packets that the host sends do not come to PREROUTING: table nat sees them in OUTPUT. A connection of the
        host itself to this address and port is not translated, and goes to the host, where nothing may listen.
        """,
      exceptions: "No program of the host uses the forwarded port."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat else { return }
    let shown = Set(
      nat.rules(from: .postrouting).compactMap { rule -> IPAddress? in
        guard rule.translation?.end(at: .postrouting) == .source else { return nil }
        return rule.translation?.range.addresses?.lowerBound
      })
    for rule in nat.rules(from: .prerouting) where nat.owner(rule.position.chain) == nil {
      guard let translation = rule.translation, translation.end(at: .prerouting) == .destination,
        translation.address == .range, let number = rule.set[.destination]?.single
      else { continue }
      let address = PacketSet.address(number, subject.family)
      let isOwn = subject.host?.interfaces.contains { $0.addresses.contains { $0.address == address } } ?? false
      guard isOwn || shown.contains(address),
        let sample = SamplePacket(in: nat.packets(at: rule), subject.prober.neutral, port: 80)
      else { continue }
      let length = subject.family.addressBits
      let packet = SamplePacket.text(
        sample.protocolNumber, address, NeutralValues.clientPort, address, sample.destinationPort)
      let lines = ["iface \(sample.input) \(address)/\(length)", "route default dev \(sample.input)"]
      guard let answer = subject.prober.walk(["local \(packet)"], on: lines), !answer.isUnknown, !isTranslated(answer),
        let outside = subject.prober.walk(["in on \(sample.input) \(sample.text)"], on: lines), isTranslated(outside)
      else { continue }
      sink.add(
        code, at: rule, in: nat, word: "\(address)",
        "the host's own connections to \(address) are not translated: they do not come to PREROUTING",
        help: "add the same rule to nat/OUTPUT if programs of the host use it", proof: subject.prober.proof(answer))
    }
  }

  private static func isTranslated(_ answer: Prober.Answer) -> Bool {
    answer.walks.contains { walk in
      walk.steps.contains { if case .translated(.destination, _, _) = $0.event { true } else { false } }
    }
  }
}

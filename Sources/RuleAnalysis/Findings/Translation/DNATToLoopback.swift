// 3007: DNAT to the loopback network.

import NetfilterModel
import Simulator

/// 3007: DNAT of packets from outside to the loopback network.
enum DNATToLoopback: LintCheck {
  static let code = LintCode(
    3007, "dnat-to-loopback", .error, "DNAT sends packets from outside to the loopback network",
    page: LintPage(
      problematic: LintPage.nat(
        "-A PREROUTING -i eth0 -p tcp -m tcp --dport 3306 -j DNAT --to-destination 127.0.0.1:3306"),
      correct: LintPage.nat(
        "-A PREROUTING -i eth0 -p tcp -m tcp --dport 3306 -j DNAT --to-destination 192.168.1.10:3306"),
      why: """
        The kernel drops packets that come in for 127.0.0.0/8, also those that DNAT sent there, unless
        `net.ipv4.conf.INTERFACE.route_localnet` is 1; and then it must be guarded who may reach services on
        loopback.
        """,
      exceptions: "route_localnet is set, and other rules drop what comes in for 127.0.0.0/8 by itself."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat, subject.family == .ipv4 else { return }
    for rule in nat.rules(from: .prerouting) {
      guard let translation = rule.translation, translation.end(at: .prerouting) == .destination,
        let target = translation.range.addresses?.lowerBound, target.isLoopback
      else { continue }
      if let host = subject.host {
        guard let sample = SamplePacket(in: nat.packets(at: rule), subject.prober.neutral, port: 80),
          let own = host.interface(sample.input)?.addresses.first(where: { $0.address.family == .ipv4 })?.address,
          let answer = subject.prober.walk(
            [
              "in on \(sample.input) "
                + SamplePacket.text(
                  sample.protocolNumber, sample.source, sample.sourcePort, own, sample.destinationPort)
            ], through: host), case .discarded(.martian) = answer.last
        else { continue }
        sink.add(
          code, at: rule, in: nat, word: rule.targetName,
          "packets to \(target) are dropped: `route_localnet` is 0 on \(sample.input)",
          help: "let the service listen on another address, or set `net.ipv4.conf.\(sample.input).route_localnet = 1`",
          proof: subject.prober.proof(answer))
        continue
      }
      // Without the host nobody can know the setting.
      sink.add(
        code, at: rule, in: nat, word: rule.targetName,
        "packets to \(target) are dropped unless `route_localnet` is 1 on the interface that they come in on",
        help: "let the service listen on another address, or set `net.ipv4.conf.INTERFACE.route_localnet`",
        severity: .warning)
    }
  }
}

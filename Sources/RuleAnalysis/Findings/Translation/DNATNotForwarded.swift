// 3001: a port forward that table filter does not let through.

import NetfilterModel
import Simulator

/// 3001: a connection that DNAT sends on is dropped in FORWARD.
enum DNATNotForwarded: LintCheck {
  static let code = LintCode(
    3001, "dnat-not-forwarded", .error, "A connection that DNAT sends on is dropped in FORWARD", basis: .packet,
    page: LintPage(
      problematic: LintPage.nat(
        "-A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.168.1.10:80")
        + LintPage.router(
          "-A FORWARD -i eth1 -o eth0 -j ACCEPT\n-A FORWARD -i eth0 -p tcp -m tcp --dport 8080 -j ACCEPT"),
      correct: LintPage.nat(
        "-A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.168.1.10:80")
        + LintPage.router(
          """
          -A FORWARD -i eth1 -o eth0 -j ACCEPT
          -A FORWARD -i eth0 -d 192.168.1.10/32 -p tcp -m tcp --dport 80 -j ACCEPT
          """
        ),
      why: """
        DNAT in PREROUTING only changes where a connection goes. The packet then comes to FORWARD with the new
        address and the new port, and must be accepted there too. Here nothing accepts it.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat, let filter = subject.filter else { return }
    for rule in nat.rules(from: .prerouting) where nat.owner(rule.position.chain) == nil {
      guard let translation = rule.translation, translation.end(at: .prerouting) == .destination,
        translation.address == .range, let target = translation.range.addresses?.lowerBound, !target.isLoopback,
        translation.range.addresses?.upperBound == target
      else { continue }
      let set = nat.packets(at: rule)
      guard let sample = SamplePacket(in: set, subject.prober.neutral, port: 80) else { continue }
      var after = PacketSet(subject.family)
      after.limit(.destination, to: PacketSet.single(target))
      after.limit(
        .protocolNumber,
        to: IntervalSet(UInt128(sample.protocolNumber.rawValue), UInt128(sample.protocolNumber.rawValue)))
      after.limit(.state, to: StateValues.numbers { $0.contains([.new, .destinationNAT]) })
      let port = translation.range.ports?.lowerBound ?? sample.destinationPort
      if sample.protocolNumber.hasPorts { after.limit(.destinationPort, to: IntervalSet(UInt128(port), UInt128(port))) }
      after.limit(.input, to: set.numbers(.input))
      after.limit(.source, to: set.numbers(.source))
      if filter.mayAccept(after, at: .forward) { continue }
      guard let proof = proof(sample, target, subject) else { continue }
      sink.add(
        code, at: rule, in: nat,
        "connections to \(target)\(translation.range.ports == nil ? "" : " port \(port)") are dropped in FORWARD",
        help: "accept them in filter/FORWARD, with the address and the port that they have behind DNAT", proof: proof)
    }
  }

  /// A packet that is translated and then dropped; nil when it gets through, or is not translated by this file alone.
  private static func proof(_ sample: SamplePacket, _ target: IPAddress, _ subject: LintSubject) -> LintProof? {
    let length = subject.family == .ipv4 ? 32 : 128
    var proof: LintProof?
    for output in subject.prober.neutral.named.prefix(6) + [InterfaceName("lan9")] where output != sample.input {
      let lines = [
        "iface \(sample.input) \(sample.destination)/\(length)", "iface \(output)", "route \(target) dev \(output)",
        "route default dev \(sample.input)", "sysctl net.ipv4.ip_forward = 1",
      ]
      guard let answer = subject.prober.walk(["in on \(sample.input) \(sample.text)"], on: lines) else { return nil }
      guard let place = answer.denier, place.table == .filter, !answer.isUnknown,
        answer.walks.last?.steps.contains(where: {
          if case .translated(.destination, _, _) = $0.event { true } else { false }
        })
          == true
      else { return nil }
      proof = proof ?? subject.prober.proof(answer)
    }
    return proof
  }
}

// 3004: a port forward that inner clients cannot use, as the answers do not come back through the router.

import NetfilterModel
import Simulator

/// 3004: an inner client that asks for the forwarded address is answered by the server directly (hairpin NAT without SNAT).
enum HairpinMissingSNAT: LintCheck {
  static let code = LintCode(
    3004, "hairpin-missing-snat", .warning, "Inner clients cannot use a port forward: its answers bypass the router",
    basis: .host,
    page: LintPage(
      problematic: LintPage.nat(
        """
        -A PREROUTING -d 203.0.113.2/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.168.1.10:80
        -A POSTROUTING -o eth0 -j MASQUERADE
        """
      ) + LintPage.router("-A FORWARD -d 192.168.1.10/32 -p tcp -m tcp --dport 80 -j ACCEPT"),
      correct: LintPage.nat(
        """
        -A PREROUTING -d 203.0.113.2/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.168.1.10:80
        -A POSTROUTING -o eth0 -j MASQUERADE
        -A POSTROUTING -s 192.168.1.0/24 -d 192.168.1.10/32 -p tcp -m tcp --dport 80 -j MASQUERADE
        """
      ) + LintPage.router("-A FORWARD -d 192.168.1.10/32 -p tcp -m tcp --dport 80 -j ACCEPT"),
      why: """
        The request goes from the client over the router to the server, which sees the client's own address. Both are
        in one network, so that the server answers the client directly. The client waits for an answer from the
        address that it asked, and resets what comes from another one. Translate the source too.
        """,
      exceptions: "Inner clients use a name that leads to the inner address (split DNS).",
      host:
        """
        iface eth0 203.0.113.2/24
        iface eth1 192.168.1.1/24
        route default via 203.0.113.1 dev eth0
        sysctl net.ipv4.ip_forward = 1

        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let host = subject.host, let nat = subject.nat else { return }
    for rule in nat.rules(from: .prerouting) where nat.owner(rule.position.chain) == nil {
      guard let translation = rule.translation, translation.end(at: .prerouting) == .destination,
        let target = translation.range.addresses?.lowerBound, let answer = answer(rule, target, nat, host, subject)
      else { continue }
      sink.add(
        code, at: rule, in: nat, word: rule.targetName,
        "clients in the network of \(target) are answered by it directly, not by the address that they asked",
        help: "translate the source too: `-A POSTROUTING -s NETWORK -d \(target) -j MASQUERADE`",
        proof: subject.prober.proof(answer))
    }
  }

  /// A connection from the server's own network that goes out where it came in, with its own source.
  private static func answer(
    _ rule: RuleView, _ target: IPAddress, _ nat: TableView, _ host: LinuxHost, _ subject: LintSubject
  ) -> Prober.Answer? {
    let set = nat.packets(at: rule)
    let destinations = set.numbers(.destination)
    let own = host.interfaces.flatMap { $0.addresses.map(\.address) }
    for interface in host.interfaces where !interface.isLoopback {
      for address in interface.addresses where address.network.contains(target) && address.address != target {
        guard let client = Neighbour.of(address, but: target),
          let asked = own.first(where: {
            !address.network.contains($0) && !$0.isLoopback && $0.family == subject.family
              && destinations.contains(PacketSet.single($0).lowest)
          }),
          let sample = SamplePacket(
            in: set.limited(.input, to: PacketSet.single(interface.name)), subject.prober.neutral, port: 80)
        else { continue }
        let packet = SamplePacket.text(
          sample.protocolNumber, client, NeutralValues.clientPort, asked, sample.destinationPort)
        guard let answer = subject.prober.walk(["in on \(interface.name) \(packet)"], through: host),
          case .forwarded(interface.name) = answer.last,
          let header = answer.walks.last?.emitted.first.flatMap({ IPHeader($0.packet.bytes) }),
          header.source == client, header.destination == target
        else { continue }
        return answer
      }
    }
    return nil
  }
}

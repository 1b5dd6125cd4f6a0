// 6004: what INPUT denies is open, as the port is a container's.

import NetfilterModel
import Simulator

/// 6004: a published port of a container can be reached although INPUT speaks of it (moby#4737).
enum DockerBypassesInput: LintCheck {
  static let code = LintCode(
    6004, "docker-bypasses-input", .warning, "A published port is open, although rules of INPUT guard it",
    basis: .packet,
    page: LintPage(
      problematic: docker("-A INPUT -p tcp -m tcp --dport 8080 -j DROP"),
      correct: docker("-A DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 8080 -j DROP"),
      why: """
        Packets to a published port are translated in PREROUTING and forwarded to the container: they come to FORWARD
        and never to INPUT. A rule of INPUT guards nothing. Docker leaves the chain DOCKER-USER for such rules; there
        the port is that of the container, and `--ctorigdstport` the one that was asked.
        """))

  private static func docker(_ lines: String) -> String {
    LintPage.nat(
      "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80"
    )
    .replacing(":POSTROUTING", with: ":DOCKER - [0:0]\n:POSTROUTING")
      + LintPage.server(
        """
        -A FORWARD -j DOCKER-USER
        -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A FORWARD -o docker0 -j DOCKER
        -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
        \(lines)
        """
      ).replacing("COMMIT", with: "COMMIT").replacing(":OUTPUT", with: ":DOCKER - [0:0]\n:DOCKER-USER - [0:0]\n:OUTPUT")
  }

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat, let filter = subject.filter, let far = subject.prober.neutral.sources.first else {
      return
    }
    let neutral = subject.prober.neutral
    for rule in nat.rules(from: .prerouting) where nat.owner(rule.position.chain) == .docker {
      guard let translation = rule.translation, translation.end(at: .prerouting) == .destination,
        let target = translation.range.addresses?.lowerBound, let port = rule.set[.destinationPort]?.single,
        let number = UInt16(exactly: port), let guarding = guarding(port, filter)
      else { continue }
      let protocolNumber: ProtocolNumber =
        rule.set.numbers(.protocolNumber).contains(UInt128(ProtocolNumber.tcp.rawValue)) ? .tcp : .udp
      let inside = neutral.named.first { $0.description.hasPrefix("docker") || $0.description.hasPrefix("br-") }
      let bits = subject.family.addressBits
      let lines = [
        "iface \(neutral.interface) \(neutral.own)/\(bits)", "iface \(inside ?? "docker0")",
        "route \(target) dev \(inside ?? "docker0")", "route default dev \(neutral.interface)",
        "sysctl net.ipv4.ip_forward = 1",
      ]
      let packet = SamplePacket.text(protocolNumber, far, NeutralValues.clientPort, neutral.own, number)
      guard let answer = subject.prober.walk(["in on \(neutral.interface) \(packet)"], on: lines),
        case .forwarded = answer.last, !answer.isUnknown
      else { continue }
      sink.add(
        code, at: guarding, in: filter,
        "port \(port) is open to everybody: it is a container's, whose packets do not come to INPUT",
        help: "put the rule into DOCKER-USER, with `-m conntrack --ctorigdstport \(port)`",
        notes: rule.note(nat, "sends it to \(target)"), proof: subject.prober.proof(answer))
    }
  }

  /// A rule of INPUT that speaks of a port and denies it, or lets only some in.
  private static func guarding(_ port: UInt128, _ filter: TableView) -> RuleView? {
    let isClosed = filter.defaultOutcome(.input)?.denies ?? false
    return filter.rules(from: .input).first { rule in
      let set = filter.packets(at: rule)
      guard let ports = set[.destinationPort], ports.contains(port), ports.highest - ports.lowest < 1024 else {
        return false
      }
      return rule.outcome.denies || rule.outcome == .accept && isClosed && set[.source] != nil
    }
  }
}

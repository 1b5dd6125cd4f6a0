// 3009: REDIRECT sends packets to another address than the one that was asked.

import NetfilterModel
import Simulator

/// 3009: REDIRECT changes the address too: to the first one of the interface that the packet comes in on (kernel:
/// `nf_nat_redirect_ipv4`).
enum RedirectPrimaryAddress: LintCheck {
  static let code = LintCode(
    3009, "redirect-primary-address", .info, "REDIRECT sends packets to the interface's first address", basis: .host,
    page: LintPage(
      problematic: LintPage.nat("-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080"),
      correct: LintPage.nat(
        "-A PREROUTING -d 203.0.113.3/32 -i eth0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 203.0.113.3:8080"),
      why: """
        REDIRECT changes the destination to the first address of the interface that the packet came in on. A program
        that listens on another address of the host does not get the packet. DNAT names the address.
        """,
      exceptions: "The program listens on all addresses, and does not ask which one was meant.",
      host: "iface eth0 203.0.113.2/24 203.0.113.3/24\nroute default via 203.0.113.1 dev eth0\n"))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let host = subject.host, let nat = subject.nat, let far = subject.prober.neutral.sources.first else { return }
    for rule in nat.rules(from: .prerouting) where nat.owner(rule.position.chain) == nil {
      guard let translation = rule.translation, translation.address == .thisHost else { continue }
      let set = nat.packets(at: rule)
      guard let sample = SamplePacket(in: set, subject.prober.neutral, port: 80) else { continue }
      find: for interface in host.interfaces where !interface.isLoopback {
        for address in interface.addresses where address.address.family == subject.family {
          guard set.numbers(.destination).contains(PacketSet.single(address.address).lowest),
            let answer = subject.prober.walk(
              [
                "in on \(interface.name) "
                  + SamplePacket.text(
                    sample.protocolNumber, far, NeutralValues.clientPort, address.address, sample.destinationPort)
              ], through: host), case .delivered = answer.last,
            let destination = destination(answer), destination != address.address
          else { continue }
          sink.add(
            code, at: rule, in: nat, word: rule.targetName,
            "packets for \(address.address) go to \(destination), the first address of \(interface.name)",
            help: "use DNAT where the address matters", proof: subject.prober.proof(answer))
          break find
        }
      }
    }
  }

  /// The destination that a translation gave.
  private static func destination(_ answer: Prober.Answer) -> IPAddress? {
    for step in answer.walks.last?.steps ?? [] {
      if case .translated(.destination, _, let packet) = step.event { return IPHeader(packet.bytes)?.destination }
    }
    return nil
  }
}

// 5002: packets that come in by a second way are dropped, as answers would leave by the first.

import NetfilterModel
import Simulator

/// 5002: rp_filter drops what comes in by an interface that has a default route in another table (RFC 3704; kernel:
/// `fib_validate_source`).
enum ReversePathDrop: LintCheck {
  static let code = LintCode(
    5002, "rp-filter-drop", .warning,
    "Packets from the internet are dropped on an interface: rp_filter is strict there",
    basis: .host,
    page: LintPage(
      problematic: LintPage.server("-A INPUT -i eth1 -p tcp -m tcp --dport 443 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -i eth0 -p tcp -m tcp --dport 443 -j ACCEPT"),
      why: """
        The host has two ways to the internet, the second in a routing table of its own. With rp_filter 1 the kernel
        asks for each packet where an answer would go, without its connection's mark; that is the first way, so that
        it drops what comes in by the second. Set rp_filter to 2 there.
        """,
      exceptions: "The second way is for packets out only.",
      host: """
        iface eth0 203.0.113.2/24
        iface eth1 198.51.100.2/24
        route default via 203.0.113.1 dev eth0
        route default via 198.51.100.1 dev eth1 table 100
        rule fwmark 0x1 lookup 100
        sysctl net.ipv4.conf.all.rp_filter = 1

        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let host = subject.host, subject.family == .ipv4, let view = subject.filter ?? subject.views.first else {
      return
    }
    let networks = host.interfaces.flatMap { $0.addresses.map(\.network) }
    let chain = view.place(of: .input) ?? view.place(of: .prerouting) ?? 0
    for name in host.interfacesWithDefaultRoute(subject.family) {
      // Only where rules expect packets there.
      guard isExpected(name, subject), view.table.chains.indices.contains(chain), let interface = host.interface(name),
        let own = interface.addresses.first(where: { $0.address.family == subject.family }),
        let far = subject.prober.neutral.sources.first(where: { far in !networks.contains { $0.contains(far) } })
      else { continue }
      let packet = SamplePacket.text(.tcp, far, NeutralValues.clientPort, own.address, 443)
      guard let answer = subject.prober.walk(["in on \(name) \(packet)"], through: host),
        case .discarded(.reversePathFilter) = answer.last
      else { continue }
      sink.add(
        code, atChain: chain, in: view, "the kernel drops packets from the internet that come in on \(name): rp_filter",
        help: "set `net.ipv4.conf.\(name).rp_filter = 2`, or 0 there and in `all`", proof: subject.prober.proof(answer))
    }
  }

  /// Whether some rule takes packets that come in by an interface.
  private static func isExpected(_ name: InterfaceName, _ subject: LintSubject) -> Bool {
    subject.views.contains { view in
      view.rules(from: [.prerouting, .input, .forward]).contains { rule in
        (rule.outcome == .accept || rule.outcome == .translate) && rule.interface(.input)?.matches(name) == true
      }
    }
  }
}

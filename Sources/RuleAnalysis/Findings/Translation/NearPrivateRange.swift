// 3015: a network that looks like a private one.

import NetfilterModel

/// 3015: a network that looks like a private one and is not (RFC 1918).
enum NearPrivateRange: LintCheck {
  static let code = LintCode(
    3015, "near-private-range", .warning, "A network looks like a private one and is not",
    page: LintPage(
      problematic: LintPage.server("-A INPUT -s 172.168.0.0/16 -p tcp -m tcp --dport 22 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -s 172.16.0.0/12 -p tcp -m tcp --dport 22 -j ACCEPT"),
      why: """
        The private networks are 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16. Networks such as 172.168.0.0/16 and
        192.186.0.0/16 belong to others in the internet.
        """,
      exceptions: "Rules that are really about that network."))

  private static let lookalikes: [(network: String, meant: String)] = [
    ("172.168.0.0", "172.16.0.0/12"), ("192.186.0.0", "192.168.0.0/16"), ("192.169.0.0", "192.168.0.0/16"),
    ("196.168.0.0", "192.168.0.0/16"), ("191.168.0.0", "192.168.0.0/16"),
  ]

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard subject.family == .ipv4 else { return }
    let networks = lookalikes.compactMap { entry in
      IPAddress(entry.network[...], family: .ipv4).map { (AddressMatch($0, prefixLength: 16), entry.meant) }
    }
    var said: Set<IPAddress> = []
    for view in subject.views {
      for rule in view.rules.joined() {
        for condition in [rule.rule.header.source?.value, rule.rule.header.destination?.value] {
          guard let address = condition, let length = address.mask.prefixLength, length >= 12,
            let found = networks.first(where: { $0.0.contains(address.address) }), said.insert(address.address).inserted
          else { continue }
          sink.add(
            code, at: rule, in: view, word: address.description, "\(address) is no private network",
            help: "\(found.1) is the private one")
        }
      }
    }
  }
}

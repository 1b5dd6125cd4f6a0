// The order of hooks and tables on each path as text.

import NetfilterModel
import Simulator

/// Writes the map as text.
struct MapText {
  /// The host whose rules are loaded; nil to show everything.
  var host: LinuxHost?
  /// The families that have rules.
  var families: [AddressFamily]
  var style: Style

  /// What runs, in words.
  private func words(_ row: HookRow) -> String {
    switch row.function {
    case .defragment: "defragment"
    case .conntrack: "conntrack: finds or begins the connection"
    case .conntrackHelper: "conntrack: helpers"
    case .conntrackConfirm: "conntrack: remembers a new connection"
    case .table(.nat):
      "nat       " + (row.priority == .natDestination ? "destination" : "source")
        + ", first packet of a connection only"
    case .table(let kind): kind.name
    }
  }

  private func priority(_ row: HookRow) -> String {
    row.priority == .conntrackConfirm ? "last" : "\(row.priority.rawValue)"
  }

  private func hook(_ hook: Hook) -> String {
    var text = "  " + style.paint(hook.chainName, .title) + "\n"
    var isEmpty = true
    for row in HookOrder.rows(at: hook) {
      let running = families.filter { host?.runs(row, $0) ?? true }
      if host != nil, running.isEmpty { continue }
      isEmpty = false
      let number = priority(row)
      text += Style.blanks(10 - number.count) + style.paint(number, .location) + "  " + style.paint(words(row), .place)
      if running.count < families.count { text += " (\(running == [.ipv4] ? "IPv4" : "IPv6") only)" }
      text += "\n"
    }
    return text + (isEmpty ? "            nothing is loaded\n" : "")
  }

  /// The whole map, at most 80 columns wide.
  func render() -> String {
    let paths: [(String, [String])] = [
      (
        "received for this host",
        [hook(.prerouting), "  routing decision: for this host\n", hook(.input), "  a process of the host\n"]
      ),
      (
        "forwarded",
        [
          hook(.prerouting), "  routing decision: goes on, TTL or hop limit one less\n", hook(.forward),
          hook(.postrouting), "  leaves\n",
        ]
      ),
      (
        "sent by this host",
        [
          "  a process of the host\n", "  routing decision\n", hook(.output),
          "  routed again if mangle or nat changed what routing looks at\n", hook(.postrouting), "  leaves\n",
        ]
      ),
      (
        "sent by this host to itself",
        [
          "  as sent by this host, up to POSTROUTING; it leaves on lo, and comes back:\n", hook(.prerouting),
          "  its connection is known, and nat is not asked again\n", hook(.input), "  a process of the host\n",
        ]
      ),
    ]
    var text = """
      arrives                                                        leaves
         |                                                             ^
         v                                                             |
      PREROUTING --> routing decision --> FORWARD ------------> POSTROUTING
                           |                                           ^
                           v                                           |
                         INPUT --> a process --> routing decision --> OUTPUT

      A table that is not loaded is not walked. Lower priorities run first. IPv4
      and IPv6 have the same hooks, tables and priorities, each its own rules.

      """
    for (title, parts) in paths { text += "\n" + style.paint(title.uppercased(), .title) + "\n" + parts.joined() }
    let differences = Self.differences.map { row($0.what, $0.ipv4, $0.ipv6) }.joined()
    return text + "\n" + style.paint("WHAT DIFFERS", .title) + "\n" + differences
  }

  /// What differs between the families, and where hooks and tables meet it.
  private static let differences: [(what: String, ipv4: String, ipv6: String)] = [
    ("", "IPv4", "IPv6"),
    ("forwards when", "net.ipv4.ip_forward, or", "net.ipv6.conf.all.forwarding"),
    ("", "conf.IFACE.forwarding", ""),
    ("way back checked", "rp_filter, by routing", "-m rpfilter only"),
    ("too large to go on", "fragmented, unless DF", "dropped: packet-too-big"),
    ("prefix translation", "-j NETMAP, in nat", "-j NETMAP, in nat;"),
    ("", "", "-j SNPT and DNPT, in mangle"),
    ("neighbours found by", "ARP: walks no hook", "ICMPv6 133 to 136: INPUT and"),
    ("", "", "OUTPUT, UNTRACKED"),
    ("to all on a link", "broadcast and multicast", "multicast only"),
  ]

  private func row(_ words: String...) -> String {
    var text = "  "
    for (word, width) in zip(words, [22, 28, 0]) {
      text += word + String(repeating: " ", count: max(0, width - word.count))
    }
    while text.last == " " { text.removeLast() }
    return text + "\n"
  }
}

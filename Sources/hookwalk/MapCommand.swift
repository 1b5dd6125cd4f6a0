// `hookwalk map`: the order of hooks and tables on each path, from the one table that the walk itself follows.

import NetfilterModel

/// Draws the order of hooks and tables.
enum MapCommand: Subcommand {
  static let name = "map"
  static let summary = "the order of hooks and tables on each path"
  static let help = """
    hookwalk map [--output FILE]

    Draws the way of packets through the hooks, and the order of what runs at each
    hook with its priority, for the three paths: received for this host, forwarded,
    sent by this host. The order is the same for IPv4 and IPv6; what else differs
    between them stands below it.

    Example
      hookwalk map

    """

  /// What runs, in words.
  private static func words(_ row: HookRow) -> String {
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

  private static func priority(_ row: HookRow) -> String {
    row.priority == .conntrackConfirm ? "last" : "\(row.priority.rawValue)"
  }

  private static func hook(_ hook: Hook) -> String {
    var text = "  \(hook.chainName)\n"
    for row in HookOrder.rows(at: hook) {
      let number = priority(row)
      text += String(repeating: " ", count: max(0, 10 - number.count)) + number + "  " + words(row) + "\n"
    }
    return text
  }

  static func render() -> String {
    let paths: [(String, [String])] = [
      (
        "received for this host",
        [hook(.prerouting), "  routing decision: for this host\n", hook(.input), "  a process of the host\n"]
      ),
      (
        "forwarded",
        [
          hook(.prerouting), "  routing decision: goes on, TTL or hop limit one less\n", hook(.forward),
          hook(.postrouting),
          "  leaves\n",
        ]
      ),
      (
        "sent by this host",
        [
          "  a process of the host\n", "  routing decision\n", hook(.output),
          "  routed again if mangle or nat changed what routing looks at\n", hook(.postrouting), "  leaves\n",
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
    for (title, parts) in paths { text += "\n\(title.uppercased())\n" + parts.joined() }
    return text + "\nWHAT DIFFERS\n" + differences.map { row($0.what, $0.ipv4, $0.ipv6) }.joined()
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

  private static func row(_ words: String...) -> String {
    var text = "  "
    for (word, width) in zip(words, [22, 28, 0]) {
      text += word + String(repeating: " ", count: max(0, width - word.count))
    }
    while text.last == " " { text.removeLast() }
    return text + "\n"
  }

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(arguments, for: name, [.value("output")])
    try Terminal.sendResult(to: arguments.value("output"))
    if let operand = arguments.operands.first { throw .usage("`map` does not know what to do with `\(operand)`") }
    Terminal.print(render())
    return .done
  }
}

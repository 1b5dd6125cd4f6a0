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
    sent by this host.

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
          hook(.prerouting), "  routing decision: goes on, TTL one less\n", hook(.forward), hook(.postrouting),
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

      A table that is not loaded is not walked. Lower priorities run first.

      """
    for (title, parts) in paths { text += "\n\(title.uppercased())\n" + parts.joined() }
    return text
  }

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(arguments, for: name, [.value("output")])
    try Terminal.sendResult(to: arguments.value("output"))
    if let operand = arguments.operands.first { throw .usage("`map` does not know what to do with `\(operand)`") }
    Terminal.print(render())
    return .done
  }
}

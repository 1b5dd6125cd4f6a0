// `hookwalk map`: the order of hooks and tables on each path, from the one table that the walk itself follows.

import FlowTesting
import NetfilterModel
import Page
import Simulator

/// Draws the order of hooks and tables.
enum MapCommand: Subcommand {
  static let name = "map"
  static let summary = "the order of hooks and tables on each path"
  static let help = """
    hookwalk map [OPTION]...

    Draws the way of packets through the hooks, and the order of what runs at each
    hook with its priority, for the four paths: received for this host, forwarded,
    sent by this host, sent by this host to itself. The order is the same for IPv4
    and IPv6; what else differs between them stands below it. With rules only what
    they load is shown.

      --rules FILE      the rules of IPv4: a rule file or a script
      --rules6 FILE     the rules of IPv6
      --format F        text (the default), svg (a drawing), mermaid or dot
      --output FILE     write the map to FILE
      --color WHEN      auto (the default; NO_COLOR is obeyed), always or never

    Example
      hookwalk map

    """

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(
      arguments, for: name,
      [.value("rules"), .value("rules6"), .value("format"), .value("output"), .value("color")])
    let format = try arguments.choice("format", ["text", "svg", "mermaid", "dot"]) ?? "text"
    let usesColor = try arguments.usesColor()
    try Terminal.sendResult(to: arguments.value("output"))
    if let operand = arguments.operands.first { throw .usage("`map` does not know what to do with `\(operand)`") }
    var host = LinuxHost()
    var families: [AddressFamily] = []
    for (option, family) in [("rules", AddressFamily.ipv4), ("rules6", .ipv6)] {
      guard let path = arguments.value(option) else { continue }
      families.append(family)
      let text = try Terminal.read(path)
      try TraceHost.report(
        HostText.load(text, file: path == "-" ? "stdin" : path, family: family, on: &host))
    }
    let rows = families.isEmpty ? nil : HookOrder.rows.filter { row in families.contains { host.runs(row, $0) } }
    switch format {
    case "svg": Terminal.print(FlowMap(rows: rows).svg())
    case "mermaid": Terminal.print(FlowDiagram(rows: rows).mermaid)
    case "dot": Terminal.print(FlowDiagram(rows: rows).dot)
    default:
      let map = MapText(host: families.isEmpty ? nil : host, families: families, style: Style(color: usesColor))
      Terminal.print(map.render())
    }
    return .done
  }
}

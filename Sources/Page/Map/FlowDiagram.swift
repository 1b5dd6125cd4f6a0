// The packet flow in the languages of diagrams, for documents: Mermaid and DOT.

import NetfilterModel

/// Writes the packet flow as a diagram.
public struct FlowDiagram {
  /// The words in it.
  public var texts: MapTexts
  /// What is lit; nil to light nothing.
  public var lit: [MapElement]?
  /// What runs at hooks and is shown; nil shows all.
  public var rows: [HookRow]?

  /// Makes a diagram.
  public init(texts: MapTexts = MapTexts(), lit: [MapElement]? = nil, rows: [HookRow]? = nil) {
    self.texts = texts
    self.lit = lit
    self.rows = rows
  }

  private static let nodes: [MapNode] =
    [.arrival, .hook(.prerouting), .inputRouting, .hook(.input), .hook(.forward), .process, .outputRouting]
    + [.hook(.output), .hook(.postrouting), .departure]

  /// A Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html).
  public var mermaid: String {
    var text = "flowchart LR\n"
    for node in Self.nodes {
      let label = lines(of: node).joined(separator: "<br>")
      let isHook = if case .hook = node { true } else { false }
      text += "  \(identifier(node))" + (isHook ? "[\"\(label)\"]" : "([\"\(label)\"])") + "\n"
    }
    for edge in MapEdge.all {
      let label = edge == .loopback ? "|\"\(texts.loopback)\"|" : ""
      text += "  \(identifier(edge.from)) \(edge == .loopback ? "-.->" : "-->")\(label) \(identifier(edge.to))\n"
    }
    guard let lit else { return text }
    text += "  classDef lit stroke:#0b57a4,stroke-width:3px\n"
    let places = Self.nodes.filter { lit.contains(.node($0)) }
    if !places.isEmpty { text += "  class \(places.map(identifier).joined(separator: ",")) lit\n" }
    let ways = MapEdge.all.indices.filter { lit.contains(.edge(MapEdge.all[$0])) }
    if !ways.isEmpty {
      text += "  linkStyle \(ways.map { "\($0)" }.joined(separator: ",")) stroke:#0b57a4,stroke-width:3px\n"
    }
    return text
  }

  /// A DOT graph (https://graphviz.org/doc/info/lang.html).
  public var dot: String {
    var text = "digraph netfilter {\n  rankdir=LR\n  node [fontname=\"sans-serif\"]\n"
    for node in Self.nodes {
      // Lines after the first are set to the left.
      let lines = lines(of: node)
      let label = lines.count == 1 ? lines[0] : lines[0] + "\\n" + lines.dropFirst().map { $0 + "\\l" }.joined()
      let isHook = if case .hook = node { true } else { false }
      text += "  \(identifier(node)) [label=\"\(label)\", shape=\(isHook ? "box" : "ellipse")"
      text += (lit?.contains(.node(node)) == true ? ", penwidth=3, color=\"#0b57a4\"" : "") + "]\n"
    }
    for edge in MapEdge.all {
      var values: [String] = []
      if edge == .loopback { values += ["label=\"\(texts.loopback)\"", "style=dashed", "constraint=false"] }
      if lit?.contains(.edge(edge)) == true { values += ["penwidth=3", "color=\"#0b57a4\""] }
      text += "  \(identifier(edge.from)) -> \(identifier(edge.to))"
      text += (values.isEmpty ? "" : " [\(values.joined(separator: ", "))]") + "\n"
    }
    return text + "}\n"
  }

  /// The name of a place, and of a hook what runs there with its priority.
  private func lines(of node: MapNode) -> [String] {
    guard case .hook(let hook) = node else { return [texts.name(node)] }
    let running = HookOrder.rows(at: hook).filter { rows?.contains($0) ?? true }
    return [hook.chainName]
      + running.map { row in
        let priority = row.priority == .conntrackConfirm ? texts.last : "\(row.priority.rawValue)"
        let isLit = lit?.contains(.row(hook, row.function)) == true
        return "\(priority) \(texts.name(row))" + (isLit ? " *" : "")
      }
  }

  private func identifier(_ node: MapNode) -> String {
    node.name.replacingScalars { $0 == "-" ? "_" : nil }
  }
}

// The drawing of the packet flow: hooks with what runs at each, routing, the host's processes, and the ways between, as SVG.

import NetfilterModel
import Simulator

/// Draws the packet flow from the table of hooks that the walk itself follows.
public struct FlowMap {
  /// The form.
  public var layout: MapLayout
  /// The words in it.
  public var texts: MapTexts
  /// What is lit from the start; all else is dimmed. Nil to dim nothing.
  public var lit: [MapElement]?
  /// What runs at hooks and is shown; nil shows all, a set of tables only these and what is no table.
  public var tables: Set<TableKind>?

  /// Makes a drawing.
  public init(
    _ layout: MapLayout = .wide, texts: MapTexts = MapTexts(), lit: [MapElement]? = nil, tables: Set<TableKind>? = nil
  ) {
    self.layout = layout
    self.texts = texts
    self.lit = lit
    self.tables = tables
  }

  /// The drawing as an SVG element; `isAlone` when it is a file of its own, with its colours in it.
  public func svg(isAlone: Bool = true) -> String {
    let size = layout.size
    let isDimming = lit != nil
    let names = Set((lit ?? []).map(\.name))
    var text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"map map-\(layout.rawValue)\(isDimming ? " dims" : "")\""
      + " viewBox=\"0 0 \(size.x) \(size.y)\""
      + (isAlone ? " width=\"\(size.x)\" height=\"\(size.y)\"" : "") + " role=\"img\" aria-label=\"\(texts.title)\">\n"
    if isAlone { text += "<title>\(texts.title)</title>\n<style>\n\(FlowMap.style)</style>\n" }
    text +=
      "<defs><marker id=\"head-\(layout.rawValue)\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerUnits=\"userSpaceOnUse\" markerWidth=\"13\""
      + " markerHeight=\"13\" orient=\"auto-start-reverse\"><path d=\"M0 0L10 5L0 10z\" class=\"head\"/></marker></defs>\n"
    if isAlone { text += "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n" }
    for edge in MapEdge.all { draw(edge, names, &text) }
    for node in [MapNode.arrival, .inputRouting, .process, .outputRouting, .departure] { draw(node, names, &text) }
    for hook in Hook.allCases { draw(hook, names, &text) }
    return text + "</svg>\n"
  }

  private func kind(_ kind: String, _ element: MapElement, _ names: Set<String>) -> String {
    "class=\"\(kind) m-\(element.name)\(names.contains(element.name) ? " lit" : "")\""
  }

  private func draw(_ edge: MapEdge, _ names: Set<String>, _ text: inout String) {
    let corners = layout.corners(edge)
    guard let first = corners.first else { return }
    var path = "M\(first.x) \(first.y)"
    for corner in corners.dropFirst() { path += "L\(corner.x) \(corner.y)" }
    text += "<g \(kind("edge", .edge(edge), names))><path d=\"\(path)\" marker-end=\"url(#head-\(layout.rawValue))\"/>"
    if edge == .loopback {
      if layout == .wide {
        text +=
          "<text x=\"\(layout.size.x / 2)\" y=\"\(layout.size.y - 20)\" text-anchor=\"middle\">\(texts.loopback)</text>"
      } else {
        let (x, y) = (layout.size.x - 12, layout.size.y / 2)
        text += "<text transform=\"translate(\(x) \(y)) rotate(-90)\" text-anchor=\"middle\">\(texts.loopback)</text>"
      }
    }
    text += "</g>\n"
  }

  private func draw(_ node: MapNode, _ names: Set<String>, _ text: inout String) {
    let box = layout.box(node)
    text += "<g \(kind("place", .node(node), names))>"
    text += "<rect x=\"\(box.x)\" y=\"\(box.y)\" width=\"\(box.width)\" height=\"\(box.height)\" rx=\"16\"/>"
    text +=
      "<text x=\"\(box.middle)\" y=\"\(box.y + box.height / 2 + 4)\" text-anchor=\"middle\">\(texts.name(node))</text>"
    text += "</g>\n"
  }

  private func draw(_ hook: Hook, _ names: Set<String>, _ text: inout String) {
    let box = layout.box(.hook(hook))
    text += "<g \(kind("hook", .node(.hook(hook)), names))>"
    text += "<rect x=\"\(box.x)\" y=\"\(box.y)\" width=\"\(box.width)\" height=\"\(box.height)\" rx=\"6\"/>"
    text += "<text class=\"name\" x=\"\(box.x + 10)\" y=\"\(box.y + 19)\">\(hook.chainName)</text>"
    var y = box.y + MapLayout.headHeight
    for row in HookOrder.rows(at: hook) {
      var element = kind("row", .row(hook, row.function), names)
      if case .table(let table) = row.function, let tables, !tables.contains(table) {
        element = element.replacingEnd(with: " absent\"")
      }
      text += "<g \(element)><rect x=\"\(box.x + 6)\" y=\"\(y)\" width=\"\(box.width - 12)\" height=\"21\" rx=\"3\"/>"
      text += "<text x=\"\(box.x + 14)\" y=\"\(y + 15)\">\(texts.name(row))</text>"
      let priority = row.priority == .conntrackConfirm ? texts.last : "\(row.priority.rawValue)"
      text +=
        "<text class=\"priority\" x=\"\(box.right - 12)\" y=\"\(y + 15)\" text-anchor=\"end\">\(priority)</text></g>"
      y += MapLayout.rowHeight
    }
    text += "</g>\n"
  }

  /// The colours, for light and dark; what is lit is also thicker, so that colour alone says nothing.
  public static let style = """
    .map { font: 13px system-ui, sans-serif; --paper: #fff; --box: #f4f6f8; --line: #5d6b78; --ink: #17212b;
      --soft: #52606d; --lit: #0b57a4; --glow: #d7e8fb; --now: #8a3b00; --nowglow: #ffe3c7 }
    .map .paper { fill: var(--paper) }
    .map .place rect, .map .hook > rect { fill: var(--box); stroke: var(--line) }
    .map .row rect { fill: var(--paper); stroke: none }
    .map text { fill: var(--ink) }
    .map .name { font-weight: 600 }
    .map .priority { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums }
    .map .edge path { fill: none; stroke: var(--line); stroke-width: 1.5 }
    .map .edge text { fill: var(--soft); font-size: 12px }
    .map .head { fill: context-stroke }
    .map .absent { display: none }
    .map.dims .edge:not(.lit), .map.dims .place:not(.lit), .map.dims .row:not(.lit) { opacity: .45 }
    .map.dims .hook:not(.lit) > rect, .map.dims .hook:not(.lit) > .name { opacity: .45 }
    .map .lit > rect { stroke: var(--lit); stroke-width: 2.5 }
    .map .row.lit > rect { fill: var(--glow); stroke: none }
    .map .edge.lit path { stroke: var(--lit); stroke-width: 3 }
    .map .edge.done path { stroke-width: 5 }
    .map .done > rect { stroke-width: 4 }
    .map .place.now > rect, .map .hook.now > rect, .map .row.now > rect { fill: var(--nowglow); stroke: var(--now);
      stroke-width: 3 }
    .map .edge.now path { stroke: var(--now); stroke-width: 5 }
    @media (prefers-color-scheme: dark) {
      .map { --paper: #11161c; --box: #1c242d; --line: #8496a8; --ink: #e7edf3; --soft: #a9b6c3; --lit: #6cb0f5;
        --glow: #12395f; --now: #ffb26b; --nowglow: #55320f }
    }

    """
}

extension String {
  /// An attribute with more at its end, in place of its last quote.
  fileprivate func replacingEnd(with end: String) -> String { dropLast() + end }
}

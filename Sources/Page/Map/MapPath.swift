// The way of the packets of a walk over the drawing.

import NetfilterModel
import Simulator

/// Follows the events of a walk, and says what of the drawing each of them lights.
public struct MapPath {
  /// Where each packet of the walk is.
  private var places: [Int: MapNode] = [:]
  /// What was lit so far, in order, each once.
  public private(set) var lit: [MapElement] = []
  private var seen: Set<MapElement> = []

  /// Nothing is lit.
  public init() {}

  /// All that a walk lights.
  public init(_ walk: Walk) {
    for step in walk.steps { _ = take(step) }
  }

  /// Takes the next step; gives what it lights, the way to it before the place itself.
  public mutating func take(_ step: WalkStep) -> [MapElement] {
    let elements = elements(step)
    for element in elements where !seen.contains(element) {
      seen.insert(element)
      lit.append(element)
    }
    return elements
  }

  private mutating func elements(_ step: WalkStep) -> [MapElement] {
    let number = step.packet.number
    switch step.event {
    case .packetStarts(_, _, let reason):
      switch reason {
      case .received: return start(.arrival, number)
      case .looped:
        places[number] = .hook(.postrouting)
        return []
      case .sent, .answer, .discovery, .duplicate: return start(.process, number)
      }
    case .hookEntered(let hook, _, _): return go(to: .hook(hook), number)
    case .tableEntered(let table, let hook): return [.row(hook, .table(table))]
    case .tracked: return row(.conntrack, number)
    case .confirmed: return row(.conntrackConfirm, number)
    case .reassembled: return row(.defragment, number)
    case .routed:
      switch places[number] {
      case .hook(.prerouting): return go(to: .inputRouting, number)
      case .process: return go(to: .outputRouting, number)
      default: return []
      }
    case .emitted(_, let output): return output == .loopback ? [] : go(to: .departure, number)
    case .delivered: return go(to: .process, number)
    default: return []
    }
  }

  private mutating func start(_ node: MapNode, _ number: Int) -> [MapElement] {
    places[number] = node
    return [.node(node)]
  }

  /// Goes to a place; a decision of routing lies between where the walk does not tell it apart.
  private mutating func go(to node: MapNode, _ number: Int) -> [MapElement] {
    defer { places[number] = node }
    guard let from = places[number], from != node else { return [.node(node)] }
    let direct = MapEdge(from, node)
    if MapEdge.all.contains(direct) { return [.edge(direct), .node(node)] }
    for between in [MapNode.inputRouting, .outputRouting] {
      let (first, second) = (MapEdge(from, between), MapEdge(between, node))
      if MapEdge.all.contains(first), MapEdge.all.contains(second) {
        return [.edge(first), .node(between), .edge(second), .node(node)]
      }
    }
    return [.node(node)]
  }

  private func row(_ function: HookFunction, _ number: Int) -> [MapElement] {
    guard case .hook(let hook) = places[number],
      HookOrder.rows(at: hook).contains(where: { $0.function == function })
    else { return [] }
    return [.row(hook, function)]
  }
}

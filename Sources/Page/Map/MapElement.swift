// What of the drawing a step of a walk lights.

import NetfilterModel

/// A part of the drawing that can be lit.
public enum MapElement: Hashable, Sendable {
  /// A place that packets come to.
  case node(MapNode)
  /// What runs at a hook.
  case row(Hook, HookFunction)
  /// A way between places.
  case edge(MapEdge)

  /// The name that the drawing has for it, as an element of class `m-NAME`.
  public var name: String {
    switch self {
    case .node(let node): node.name
    case .row(let hook, let function): "\(hook.chainName.lowercased())-\(MapElement.name(function))"
    case .edge(let edge): edge.name
    }
  }

  static func name(_ function: HookFunction) -> String {
    switch function {
    case .defragment: "defragment"
    case .table(let table): table.name
    case .conntrack: "conntrack"
    case .conntrackHelper: "helper"
    case .conntrackConfirm: "confirm"
    }
  }
}

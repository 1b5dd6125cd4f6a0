// What stands on the drawing of the packet flow, and the ways between.

import NetfilterModel

/// A place that packets come to.
public enum MapNode: Hashable, Sendable {
  /// Where packets arrive.
  case arrival
  /// A hook with all that runs there.
  case hook(Hook)
  /// The decision of routing about a packet that was received.
  case inputRouting
  /// The decision of routing about a packet of the host.
  case outputRouting
  /// A process of the host.
  case process
  /// Where packets leave.
  case departure

  /// The name in the drawing's identifiers.
  public var name: String {
    switch self {
    case .arrival: "arrival"
    case .hook(let hook): hook.chainName.lowercased()
    case .inputRouting: "input-routing"
    case .outputRouting: "output-routing"
    case .process: "process"
    case .departure: "departure"
    }
  }
}

/// A way from one place to the next.
public struct MapEdge: Hashable, Sendable {
  /// Where it begins.
  public var from: MapNode
  /// Where it ends.
  public var to: MapNode

  /// Makes a way.
  public init(_ from: MapNode, _ to: MapNode) {
    self.from = from
    self.to = to
  }

  /// The name in the drawing's identifiers: `input-routing-to-forward`.
  public var name: String { "\(from.name)-to-\(to.name)" }

  /// The way that goes from POSTROUTING through `lo` back to PREROUTING.
  public static let loopback = MapEdge(.hook(.postrouting), .hook(.prerouting))

  /// Every way that there is.
  public static let all: [MapEdge] = [
    MapEdge(.arrival, .hook(.prerouting)), MapEdge(.hook(.prerouting), .inputRouting),
    MapEdge(.inputRouting, .hook(.input)), MapEdge(.hook(.input), .process),
    MapEdge(.inputRouting, .hook(.forward)), MapEdge(.hook(.forward), .hook(.postrouting)),
    MapEdge(.process, .outputRouting), MapEdge(.outputRouting, .hook(.output)),
    MapEdge(.hook(.output), .hook(.postrouting)), MapEdge(.hook(.postrouting), .departure), loopback,
  ]
}

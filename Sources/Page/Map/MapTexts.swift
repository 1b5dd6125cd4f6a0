// The words in the drawing.

import NetfilterModel

/// The words of the drawing in one language; the field's terms stay as they are.
public struct MapTexts: Sendable {
  /// What the drawing is.
  public var title = "The way of packets through netfilter"
  /// The places that are no hooks.
  public var places: [String: String] = [
    "arrival": "arrives", "departure": "leaves", "input-routing": "routing", "output-routing": "routing",
    "process": "a process",
  ]
  /// What runs and is no table.
  public var functions: [String: String] = [
    "defragment": "defragment", "conntrack": "conntrack", "helper": "conntrack helper", "confirm": "conntrack confirm",
  ]
  /// Of nat: which addresses.
  public var destination = "nat (destination)"
  /// Of nat: which addresses.
  public var source = "nat (source)"
  /// The way through `lo`.
  public var loopback = "what leaves on lo comes back on lo"
  /// The last of all priorities.
  public var last = "last"

  /// The words in English.
  public init() {}

  func name(_ node: MapNode) -> String { places[node.name] ?? node.name }

  func name(_ row: HookRow) -> String {
    switch row.function {
    case .table(.nat): row.priority == .natDestination ? destination : source
    case .table(let table): table.name
    default: functions[MapElement.name(row.function)] ?? MapElement.name(row.function)
    }
  }
}

// Where everything stands on the drawing: side by side for wide pages, one below the other for narrow ones.

import NetfilterModel

/// A form of the drawing.
public enum MapLayout: String, Hashable, Sendable, CaseIterable {
  /// From left to right, 1040 pixels wide.
  case wide
  /// From top to bottom, 400 pixels wide.
  case narrow

  static let headHeight = 28
  static let rowHeight = 24

  var size: MapPoint { self == .wide ? MapPoint(1040, 510) : MapPoint(400, 1060) }

  /// The box of a place; hooks are as high as what runs there.
  func box(_ node: MapNode) -> MapBox {
    switch (self, node) {
    case (.wide, .arrival): MapBox(x: 8, y: 72, width: 60, height: 32)
    case (.wide, .hook(.prerouting)): hook(.prerouting, 100, 24)
    case (.wide, .inputRouting): MapBox(x: 300, y: 72, width: 96, height: 32)
    case (.wide, .hook(.forward)): hook(.forward, 432, 24)
    case (.wide, .hook(.postrouting)): hook(.postrouting, 780, 24)
    case (.wide, .departure): MapBox(x: 972, y: 72, width: 60, height: 32)
    case (.wide, .hook(.input)): hook(.input, 264, 230)
    case (.wide, .process): MapBox(x: 466, y: 290, width: 96, height: 32)
    case (.wide, .outputRouting): MapBox(x: 466, y: 366, width: 96, height: 32)
    case (.wide, .hook(.output)): hook(.output, 598, 230)
    case (.narrow, .arrival): MapBox(x: 150, y: 8, width: 100, height: 28)
    case (.narrow, .hook(.prerouting)): hook(.prerouting, 116, 62)
    case (.narrow, .inputRouting): MapBox(x: 150, y: 240, width: 100, height: 32)
    case (.narrow, .hook(.input)): hook(.input, 8, 312)
    case (.narrow, .process): MapBox(x: 42, y: 512, width: 100, height: 32)
    case (.narrow, .outputRouting): MapBox(x: 42, y: 570, width: 100, height: 32)
    case (.narrow, .hook(.output)): hook(.output, 8, 630)
    case (.narrow, .hook(.forward)): hook(.forward, 208, 312)
    case (.narrow, .hook(.postrouting)): hook(.postrouting, 116, 872)
    case (.narrow, .departure): MapBox(x: 150, y: 1024, width: 100, height: 28)
    }
  }

  private func hook(_ hook: Hook, _ x: Int, _ y: Int) -> MapBox {
    MapBox(
      x: x, y: y, width: 168,
      height: MapLayout.headHeight + MapLayout.rowHeight * HookOrder.rows(at: hook).count + 6)
  }

  /// The corners of a way, its ends included.
  func corners(_ edge: MapEdge) -> [MapPoint] {
    let (from, to) = (box(edge.from), box(edge.to))
    return self == .wide ? wideCorners(edge, from, to) : narrowCorners(edge, from, to)
  }

  private func wideCorners(_ edge: MapEdge, _ from: MapBox, _ to: MapBox) -> [MapPoint] {
    let line = 88
    if edge == .loopback {
      let (x, low) = (to.x + 30, size.y - 14)
      return [
        MapPoint(from.x + 130, from.bottom), MapPoint(from.x + 130, low), MapPoint(x, low), MapPoint(x, to.bottom),
      ]
    }
    switch (edge.from, edge.to) {
    case (.inputRouting, .hook(.input)): return [MapPoint(from.middle, from.bottom), MapPoint(from.middle, to.y)]
    case (.hook(.input), .process):
      return [MapPoint(from.right, to.y + to.height / 2), MapPoint(to.x, to.y + to.height / 2)]
    case (.process, .outputRouting): return [MapPoint(from.middle, from.bottom), MapPoint(to.middle, to.y)]
    case (.outputRouting, .hook(.output)):
      return [MapPoint(from.right, from.y + from.height / 2), MapPoint(to.x, from.y + from.height / 2)]
    case (.hook(.output), .hook(.postrouting)):
      return [MapPoint(from.right, 300), MapPoint(to.x + 44, 300), MapPoint(to.x + 44, to.bottom)]
    default: return [MapPoint(from.right, line), MapPoint(to.x, line)]
    }
  }

  private func narrowCorners(_ edge: MapEdge, _ from: MapBox, _ to: MapBox) -> [MapPoint] {
    if edge == .loopback {
      let side = size.x - 5
      return [
        MapPoint(from.right, from.y + 60), MapPoint(side, from.y + 60), MapPoint(side, to.y + 60),
        MapPoint(to.right, to.y + 60),
      ]
    }
    switch (edge.from, edge.to) {
    case (.inputRouting, .hook(.input)):
      return [MapPoint(from.x, from.y + 16), MapPoint(to.middle, from.y + 16), MapPoint(to.middle, to.y)]
    case (.inputRouting, .hook(.forward)):
      return [MapPoint(from.right, from.y + 16), MapPoint(to.middle, from.y + 16), MapPoint(to.middle, to.y)]
    case (.hook(.forward), .hook(.postrouting)):
      return [
        MapPoint(from.middle, from.bottom), MapPoint(from.middle, to.y - 20), MapPoint(to.middle + 30, to.y - 20),
        MapPoint(to.middle + 30, to.y),
      ]
    case (.hook(.output), .hook(.postrouting)):
      return [
        MapPoint(from.middle, from.bottom), MapPoint(from.middle, to.y - 20), MapPoint(to.middle - 30, to.y - 20),
        MapPoint(to.middle - 30, to.y),
      ]
    default: return [MapPoint(from.middle, from.bottom), MapPoint(to.middle, to.y)]
    }
  }
}

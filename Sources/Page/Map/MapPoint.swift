// Places on the drawing of the packet flow.

/// A point of a drawing, in pixels from its upper left corner.
struct MapPoint: Hashable, Sendable {
  var x: Int
  var y: Int

  init(_ x: Int, _ y: Int) {
    self.x = x
    self.y = y
  }
}

/// A rectangle of a drawing, in pixels.
struct MapBox: Hashable, Sendable {
  var x: Int
  var y: Int
  var width: Int
  var height: Int

  var right: Int { x + width }
  var bottom: Int { y + height }
  var middle: Int { x + width / 2 }

  /// The box moved down.
  func down(_ distance: Int) -> MapBox { MapBox(x: x, y: y + distance, width: width, height: height) }
}

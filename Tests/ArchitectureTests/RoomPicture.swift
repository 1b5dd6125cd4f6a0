// The rooms as a picture: one band for each module, the rooms in layers, arrows from a room to those that it uses. Arrows that
// others imply are left out. A long arrow has a place of its own in every layer that it crosses, so that it runs behind no room.

/// The picture of a graph of rooms.
struct RoomPicture {
  /// A room, or the place of a long arrow in a layer.
  private struct Node {
    var room: String?
    var layer: Int
    var x = 0.0
    var width: Double { room == nil ? 14 : RoomPicture.boxWidth + 18 }
  }

  private static let boxWidth = 204.0
  private static let boxHeight = 40.0
  private static let layerHeight = 70.0
  private static let margin = 16.0
  private static let titleWidth = 30.0

  private var nodes: [Node] = []
  private var edges: [(from: Int, to: Int, isEnd: Bool)] = []
  private var layers: [[Int]] = []
  private var bands: [(module: String, layers: ClosedRange<Int>)] = []
  private let contents: [String: String]

  /// Lays the rooms out; `modules` go from the lowest to the highest.
  init(_ graph: RoomGraph, modules: [String], contents: [String: String]) {
    self.contents = contents
    let arrows = Dictionary(uniqueKeysWithValues: graph.rooms.map { ($0, graph.drawnTargets(of: $0)) })
    var places: [String: Int] = [:]
    var lowest = 0
    for module in modules {
      let rooms = graph.rooms.filter { $0 == module || $0.hasPrefix(module + "/") }
      guard !rooms.isEmpty else { continue }
      var depths: [String: Int] = [:]
      for room in rooms { _ = Self.depth(of: room, in: rooms, graph, &depths) }
      for room in rooms {
        places[room] = nodes.count
        nodes.append(Node(room: room, layer: lowest + (depths[room] ?? 0)))
      }
      let highest = lowest + (depths.values.max() ?? 0)
      bands.append((module, lowest...highest))
      lowest = highest + 1
    }
    layers = Array(repeating: [], count: lowest)
    for room in graph.rooms {
      for target in arrows[room] ?? [] {
        guard let start = places[room], let end = places[target] else { continue }
        connect(start, end)
      }
    }
    for index in nodes.indices { layers[nodes[index].layer].append(index) }
    order()
    place()
  }

  /// How many rooms of the same module lie below a room at most.
  private static func depth(
    of room: String, in rooms: [String], _ graph: RoomGraph, _ known: inout [String: Int]
  ) -> Int {
    if let depth = known[room] { return depth }
    known[room] = 0
    let depth = graph.targets(of: room).filter(rooms.contains).map { self.depth(of: $0, in: rooms, graph, &known) + 1 }
      .max()
    known[room] = depth ?? 0
    return depth ?? 0
  }

  /// Leads an arrow down through every layer between two rooms.
  private mutating func connect(_ start: Int, _ end: Int) {
    var last = start
    for layer in stride(from: nodes[start].layer - 1, to: nodes[end].layer, by: -1) {
      // Arrows to the same room run together.
      let shared = edges.first { edge in
        nodes[edge.from].room == nil && nodes[edge.from].layer == layer && leads(edge.from, to: end)
      }
      if let shared {
        edges.append((last, shared.from, false))
        return
      }
      nodes.append(Node(room: nil, layer: layer))
      edges.append((last, nodes.count - 1, false))
      last = nodes.count - 1
    }
    edges.append((last, end, true))
  }

  private func leads(_ node: Int, to end: Int) -> Bool {
    var place = node
    while nodes[place].room == nil, let edge = edges.first(where: { $0.from == place }) { place = edge.to }
    return place == end
  }

  private func neighbours(_ node: Int, above: Bool) -> [Int] {
    above ? edges.filter { $0.to == node }.map(\.from) : edges.filter { $0.from == node }.map(\.to)
  }

  /// Orders each layer by where the neighbours stand, so that few arrows cross.
  private mutating func order() {
    var best = layers
    var least = Int.max
    for round in 0..<24 {
      let isUp = round % 2 == 0
      let sequence = isUp ? Array(layers.indices.dropFirst()) : Array(layers.indices.dropLast().reversed())
      for layer in sequence {
        let other = layers[isUp ? layer - 1 : layer + 1]
        let middles = layers[layer].enumerated().map { place, node -> (Double, Int, Int) in
          let found = neighbours(node, above: !isUp).compactMap { other.firstIndex(of: $0) }
          let middle = found.isEmpty ? Double(place) : Double(found.reduce(0, +)) / Double(found.count)
          return (middle, place, node)
        }
        layers[layer] = middles.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
      }
      let crossings = self.crossings
      if crossings < least {
        least = crossings
        best = layers
      }
    }
    layers = best
  }

  private var crossings: Int {
    var count = 0
    for layer in layers.indices.dropFirst() {
      let lines = edges.filter { nodes[$0.from].layer == layer }.compactMap { edge -> (Int, Int)? in
        guard let upper = layers[layer].firstIndex(of: edge.from), let lower = layers[layer - 1].firstIndex(of: edge.to)
        else { return nil }
        return (upper, lower)
      }
      for (index, line) in lines.enumerated() {
        count += lines[..<index].count { ($0.0 - line.0) * ($0.1 - line.1) < 0 }
      }
    }
    return count
  }

  /// Moves every node near its neighbours without changing the order.
  private mutating func place() {
    for layer in layers {
      var x = 0.0
      for node in layer {
        nodes[node].x = x + nodes[node].width / 2
        x += nodes[node].width
      }
      for node in layer { nodes[node].x -= x / 2 }
    }
    for round in 0..<60 {
      for layer in round % 2 == 0 ? Array(layers.indices) : layers.indices.reversed() {
        let wanted = layers[layer].map { node -> Double in
          // The places of one long arrow keep together, so that it runs straight.
          let around = (neighbours(node, above: true) + neighbours(node, above: false)).map { other in
            (x: nodes[other].x, weight: nodes[node].room == nil && nodes[other].room == nil ? 6.0 : 1)
          }
          let weight = around.map(\.weight).reduce(0, +)
          return weight == 0 ? nodes[node].x : around.map { $0.x * $0.weight }.reduce(0, +) / weight
        }
        settle(layers[layer], wanted)
      }
    }
    let left = nodes.map { $0.x - $0.width / 2 }.min() ?? 0
    for index in nodes.indices { nodes[index].x += Self.margin + Self.titleWidth - left }
  }

  /// Puts a layer's nodes as near to wanted places as their widths allow (pools of neighbours that touch).
  private mutating func settle(_ layer: [Int], _ wanted: [Double]) {
    var offsets: [Double] = []
    var offset = 0.0
    for (index, node) in layer.enumerated() {
      if index > 0 { offset += (nodes[layer[index - 1]].width + nodes[node].width) / 2 }
      offsets.append(offset)
    }
    var pools: [(sum: Double, count: Int)] = []
    for index in layer.indices {
      pools.append((wanted[index] - offsets[index], 1))
      while pools.count > 1, let last = pools.last {
        let before = pools[pools.count - 2]
        guard before.sum / Double(before.count) > last.sum / Double(last.count) else { break }
        pools.removeLast(2)
        pools.append((before.sum + last.sum, before.count + last.count))
      }
    }
    var index = 0
    for pool in pools {
      for _ in 0..<pool.count {
        nodes[layer[index]].x = pool.sum / Double(pool.count) + offsets[index]
        index += 1
      }
    }
  }

  private var width: Double { (nodes.map { $0.x + $0.width / 2 }.max() ?? 0) + Self.margin }
  private var height: Double { Double(layers.count) * Self.layerHeight + Self.margin }

  /// The middle of a layer.
  private func y(_ layer: Int) -> Double { height - Self.margin / 2 - (Double(layer) + 0.5) * Self.layerHeight }

  /// The picture as SVG; colours are those of the reader's light or dark look.
  var svg: String {
    func number(_ value: Double) -> String { String(Int(value.rounded())) }
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
      viewBox="0 0 \(number(width)) \(number(height))" font-family="system-ui, sans-serif">
      <!-- Made from the sources by ArchitectureTests. -->
      <style>
      .page { fill: #ffffff } .band { fill: #f3f5f8 } .room { fill: #ffffff; stroke: #5b7083 } .name { fill: #16202a }
      .what, .module { fill: #4c5b69 } .arrow { fill: none; stroke: #8595a3; stroke-width: 1.4 } .head { fill: #8595a3 }
      @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117 } .band { fill: #161c24 } .room { fill: #212a35; stroke: #7d8fa1 } .name { fill: #e8eef4 }
      .what, .module { fill: #a9b7c4 } .arrow { stroke: #6f8192 } .head { fill: #6f8192 }
      }
      </style>
      <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
      <path class="head" d="M0 0 L8 4 L0 8 z"/></marker></defs>
      <rect class="page" width="100%" height="100%"/>

      """
    for band in bands {
      let top = y(band.layers.upperBound) - Self.layerHeight / 2 + 3
      let size = Double(band.layers.count) * Self.layerHeight - 6
      let (x, middle) = (number(Self.margin + 8), number(top + size / 2))
      let turn = band.layers.count == 1 ? "" : " text-anchor=\"middle\" transform=\"rotate(-90 \(x) \(middle))\""
      text += """
        <rect class="band" x="8" y="\(number(top))" width="\(number(width - 16))" height="\(number(size))" rx="8"/>
        <text class="module" x="\(x)" y="\(middle)" font-size="13" font-weight="600"\(turn)>\(band.module)</text>

        """
    }
    for edge in edges {
      let (from, to) = (nodes[edge.from], nodes[edge.to])
      let start = y(from.layer) + Self.boxHeight / 2
      let end = y(to.layer) - Self.boxHeight / 2 - (edge.isEnd ? 1 : 0)
      let middle = number((start + end) / 2)
      // Past the rooms of a layer a long arrow runs straight.
      let before = from.room == nil ? "M\(number(from.x)) \(number(start - Self.boxHeight)) L" : "M"
      text += """
        <path class="arrow" d="\(before)\(number(from.x)) \(number(start)) C\(number(from.x)) \(middle) \(number(to.x)) \(middle) \
        \(number(to.x)) \(number(end))"\(edge.isEnd ? " marker-end=\"url(#head)\"" : "")/>

        """
    }
    for node in nodes {
      guard let room = node.room else { continue }
      let (x, top) = (number(node.x), y(node.layer) - Self.boxHeight / 2)
      let name = room.contains("/") ? String(room.drop { $0 != "/" }.dropFirst()) : room
      text += """
        <rect class="room" x="\(number(node.x - Self.boxWidth / 2))" y="\(number(top))" width="\(number(Self.boxWidth))" \
        height="\(number(Self.boxHeight))" rx="5"/>
        <text class="name" x="\(x)" y="\(number(top + 17))" font-size="13" font-weight="600" \
        text-anchor="middle">\(name)</text>
        <text class="what" x="\(x)" y="\(number(top + 32))" font-size="11" text-anchor="middle">\(contents[room] ?? "")</text>

        """
    }
    return text + "</svg>\n"
  }
}

// Which room of the sources uses which: a room is a folder with the files in it.

/// An arrow between two rooms, with what makes it.
struct RoomArrow: Hashable {
  var from: String
  var to: String
}

/// The rooms and the arrows between them.
struct RoomGraph {
  /// The rooms, sorted.
  var rooms: [String] = []
  /// For each arrow the files with the names that they use.
  var reasons: [RoomArrow: [String: Set<String>]] = [:]

  /// Names that are also members of the standard library or Foundation, or too common to say whose they are.
  static let commonNames: Set<String> = [
    "append", "bytes", "code", "compare", "contains", "count", "debugDescription", "description", "drop", "end",
    "enumerated", "filter", "first", "hash", "help", "index", "indices", "insert", "isEmpty", "key", "last",
    "lastIndex", "length", "lines",
    "lowercased", "map", "max", "min", "name", "next", "prefix", "rawValue", "remove", "removeAll", "removeFirst",
    "removeLast", "removeValue", "replace", "reserveCapacity", "reverse", "reversed", "size", "sorted", "split",
    "start", "starts",
    "subtract", "suffix", "swap", "text", "union", "update", "value", "values", "write", "zip",
  ]

  /// The room of a file: its folder below the target; a target without folders is one room.
  static func room(of path: String) -> String {
    let parts = path.split(separator: "/").dropLast().map(String.init)
    return parts.joined(separator: "/")
  }

  init(_ files: [SourceFile]) {
    rooms = Set(files.map { Self.room(of: $0.path) }).sorted()
    // Where a name is declared for other files to use, and whether as a type.
    var types: [String: [(room: String, owner: String?)]] = [:]
    var members: [String: Set<String>] = [:]
    for file in files {
      let room = Self.room(of: file.path)
      for declaration in file.declarations where !declaration.isPrivate {
        if declaration.isType {
          types[declaration.name, default: []].append((room, declaration.owner))
        } else {
          members[declaration.name, default: []].insert(room)
        }
      }
    }
    for file in files {
      let room = Self.room(of: file.path)
      let own = Set(file.declarations.map(\.name))
      for use in file.uses where !own.contains(use.name) {
        var target: String?
        if let places = types[use.name]?.filter({ file.canSee($0.room) }) {
          target = Self.room(among: places, for: use, in: file)
        } else if let places = members[use.name]?.filter({ file.canSee($0) }), places.count == 1,
          !Self.commonNames.contains(use.name),
          !file.bindings.contains(use.name)
        {
          target = places.first
        }
        guard let target, target != room else { continue }
        reasons[RoomArrow(from: room, to: target), default: [:]][file.path, default: []].insert(use.name)
      }
    }
  }

  /// Where the type stands that a use names: of several with one name, the one at the top, unless the file works in an owner.
  private static func room(
    among places: [(room: String, owner: String?)], for use: SourceUse, in file: SourceFile
  ) -> String? {
    if use.isMember {
      let nested = Set(places.filter { $0.owner != nil }.map(\.room))
      return nested.count == 1 ? nested.first : nil
    }
    if let place = places.first(where: { $0.owner.map(file.owners.contains) == true }) { return place.room }
    let top = Set(places.filter { $0.owner == nil }.map(\.room))
    return top.count == 1 ? top.first : nil
  }

  /// The rooms that a room uses.
  func targets(of room: String) -> [String] { reasons.keys.filter { $0.from == room }.map(\.to).sorted() }

  /// The groups of rooms that use each other in a circle.
  var circles: [[String]] {
    let reach = Dictionary(uniqueKeysWithValues: rooms.map { ($0, reachable(from: $0)) })
    let groups = rooms.filter { reach[$0]?.contains($0) == true }.map { room in
      rooms.filter { reach[room]?.contains($0) == true && reach[$0]?.contains(room) == true }
    }
    return Set(groups).sorted { ($0.first ?? "") < ($1.first ?? "") }
  }

  /// The rooms that a room uses and none of which another of them uses: the arrows that a picture needs.
  func drawnTargets(of room: String) -> [String] {
    let targets = targets(of: room)
    return targets.filter { target in !targets.contains { $0 != target && reachable(from: $0).contains(target) } }
  }

  /// The rooms that a room uses, itself or through others.
  func reachable(from room: String) -> Set<String> {
    var seen: Set<String> = []
    var open = targets(of: room)
    while let next = open.popLast() {
      if seen.insert(next).inserted { open += targets(of: next) }
    }
    return seen
  }
}

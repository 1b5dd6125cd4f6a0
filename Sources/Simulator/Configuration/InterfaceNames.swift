// Finds an interface by its name without a search, however many there are.

import NetfilterModel

/// Names in the order in which they were added, with the place of each.
struct InterfaceNames: Hashable, Sendable {
  /// Up to this number a comparison with each is faster than a hash.
  private static let few = 16

  private var names: [InterfaceName] = []
  private var places: [InterfaceName: Int] = [:]

  /// How many names there are.
  var count: Int { names.count }

  /// The place of a name, or nil; asked for every packet.
  @inline(__always)
  func place(of name: InterfaceName) -> Int? {
    if _slowPath(names.count > InterfaceNames.few) { return places[name] }
    for index in names.indices where names[index] == name { return index }
    return nil
  }

  /// Adds a name that is not there yet.
  mutating func append(_ name: InterfaceName) {
    places[name] = names.count
    names.append(name)
  }
}

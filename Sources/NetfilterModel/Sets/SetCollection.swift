// The sets of a host, by number as the kernel has them, so that rules and lists mean the same set after a swap.

/// All sets of a host.
public struct SetCollection: Hashable, Sendable {
  /// The sets by number; nil for a number that is free.
  var sets: [IPSet?] = []
  private var places: [String: Int] = [:]

  /// How many sets the kernel has numbers for (kernel: `IPSET_INVALID_ID`).
  static let mostSets = 65535

  /// Makes no sets.
  public init() {}

  /// Whether there are no sets.
  public var isEmpty: Bool { places.isEmpty }
  /// The names, in the order of the sets' numbers.
  public var names: [String] { sets.compactMap { $0?.name } }

  /// The number of the set with a name, or nil.
  public func place(of name: String) -> Int? { places[name] }

  /// The set with a number, or nil.
  public subscript(place: Int) -> IPSet? { sets.indices.contains(place) ? sets[place] : nil }

  // MARK: Sets

  /// Makes a set (kernel: `ip_set_create`).
  mutating func create(_ name: String, _ header: SetHeader, exists: Bool) throws(SetFault) {
    if let place = places[name] {
      guard exists, let other = sets[place], other.header.isLike(header) else { throw .exists }
      return
    }
    let set = IPSet(name: name, header: header)
    if let free = sets.firstIndex(where: { $0 == nil }) {
      sets[free] = set
      places[name] = free
    } else {
      if sets.count >= SetCollection.mostSets { throw .tooManySets }
      sets.append(set)
      places[name] = sets.count - 1
    }
  }

  /// Whether a list has the set with a number as an entry.
  private func isListed(_ place: Int) -> Bool {
    sets.contains { set in
      guard let set, set.type.method == .list else { return false }
      return set.order.contains { set.table.keys[$0].extra == UInt64(place) }
    }
  }

  /// Removes a set, or all (kernel: `ip_set_destroy`).
  mutating func destroy(_ name: String?) throws(SetFault) {
    guard let name else {
      if sets.indices.contains(where: { sets[$0] != nil && isListed($0) }) { throw .inUse }
      sets = []
      places = [:]
      return
    }
    guard let place = places[name] else { throw .missing }
    if isListed(place) { throw .inUse }
    sets[place] = nil
    places[name] = nil
  }

  /// Empties a set, or all (kernel: `ip_set_flush`).
  mutating func flush(_ name: String?) throws(SetFault) {
    guard let name else {
      for place in sets.indices { sets[place]?.flush() }
      return
    }
    guard let place = places[name] else { throw .missing }
    sets[place]?.flush()
  }

  /// Gives a set another name (kernel: `ip_set_rename`).
  mutating func rename(_ name: String, to new: String) throws(SetFault) {
    guard let place = places[name] else { throw .missing }
    if isListed(place) { throw .inUse }
    if places[new] != nil { throw .newNameExists }
    sets[place]?.name = new
    places[name] = nil
    places[new] = place
  }

  /// Exchanges what two sets are (kernel: `ip_set_swap`).
  mutating func swap(_ name: String, with other: String) throws(SetFault) {
    guard let first = places[name] else { throw .missing }
    guard let second = places[other] else { throw .secondMissing }
    guard let left = sets[first], let right = sets[second] else { throw .missing }
    if left.type.features != right.type.features || left.header.family != right.header.family { throw .typesDiffer }
    sets.swapAt(first, second)
    sets[first]?.name = name
    sets[second]?.name = other
  }

  // MARK: Entries

  /// Adds what an element stands for (kernel: `ip_set_uadd`).
  mutating func add(
    _ element: SetElement, _ extras: SetExtras, to place: Int, exists: Bool, now: UInt64, _ budget: inout SetBudget
  ) throws(SetFault) {
    guard sets.indices.contains(place), let header = sets[place]?.header else { throw .missing }
    if let fault = extras.fault(in: header) { throw fault }
    if header.type.method == .list { return try addMember(element, extras, to: place, exists: exists, now: now) }
    let before = sets[place]?.count ?? 0
    let room = budget.room
    defer { budget.room = room - ((sets[place]?.count ?? 0) - before) }
    try element.forEachKey(in: header, isTest: false, &budget) { (key) throws(SetFault) in
      if (sets[place]?.count ?? 0) - before > room { throw .tooLarge }
      try sets[place]?.add(key, extras, exists: exists, now: now)
    }
  }

  /// Removes what an element stands for (kernel: `ip_set_udel`).
  mutating func remove(
    _ element: SetElement, from place: Int, exists: Bool, now: UInt64, _ budget: inout SetBudget
  ) throws(SetFault) {
    guard sets.indices.contains(place), let header = sets[place]?.header else { throw .missing }
    if header.type.method == .list { return try removeMember(element, from: place, exists: exists, now: now) }
    try element.forEachKey(in: header, isTest: false, &budget) { (key) throws(SetFault) in
      do throws(SetFault) { try sets[place]?.remove(key, now: now) } catch {
        if !exists || error != .entryMissing { throw error }
      }
    }
  }

  /// Whether a set has an element (kernel: `ip_set_utest`).
  mutating func has(_ element: SetElement, in place: Int, now: UInt64) throws(SetFault) -> Bool {
    guard sets.indices.contains(place), let header = sets[place]?.header else { throw .missing }
    if header.type.method == .list { return try hasMember(element, in: place, now: now) }
    var budget = SetBudget()
    var answer = false
    try element.forEachKey(in: header, isTest: true, &budget) { (key) throws(SetFault) in
      let wantsNoMatch = key.has(SetKey.Flag.noMatch)
      let result = sets[place]?.find(key, now: now) ?? .none
      switch result {
      case .none: answer = false
      case .found: answer = !wantsNoMatch
      case .excluded: answer = wantsNoMatch
      }
    }
    return answer
  }
}

extension IPSet {
  /// Looks for a key as `ipset test` does: under every prefix length when its networks are addresses (kernel:
  /// `mtype_test`).
  mutating func find(_ key: SetKey, now: UInt64) -> SetLookup {
    let lengths = type.parts.enumerated().filter { $0.element == .network }.map {
      $0.offset == 0 ? key.prefix : key.secondPrefix
    }
    if !lengths.isEmpty, lengths.allSatisfy({ $0 == hostLength }) { return lookUp(key, now: now) { _, _ in true } }
    if table.rule == .addressOnly, key.has(SetKey.Flag.hasHardware), let place = table.place(of: key),
      table.keys[place].has(SetKey.Flag.hasHardware), table.keys[place].extra != key.extra
    {
      return .none
    }
    return lookUpExactly(key, now: now) { _, _ in true }.result
  }
}

extension SetType {
  /// What two sets must have in common to be swapped (kernel: `struct ip_set_type.features`).
  var features: [SetPart] {
    parts.map { $0.isAddress ? .address : $0 == .protocolPort ? .port : $0 } + (hasNetworks ? [.network] : [])
  }
}

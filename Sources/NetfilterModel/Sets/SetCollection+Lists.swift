// Sets of sets: entries have an order, and name other sets by their numbers.

extension SetCollection {
  /// The numbers of the set that an element is, and of the one beside it (kernel: `list_set_uadt`).
  private func members(_ element: SetElement) throws(SetFault) -> (set: Int, reference: Int?) {
    guard let place = place(of: element.set), let set = self[place] else { throw .memberMissing }
    if set.type.method == .list { throw .loop }
    guard let reference = element.reference else { return (place, nil) }
    guard let other = self.place(of: reference.name) else { throw .referenceMissing }
    return (place, other)
  }

  private func key(_ member: Int) -> SetKey {
    var key = SetKey()
    key.extra = UInt64(member)
    return key
  }

  /// Adds an entry to a list (kernel: `list_set_uadd`).
  mutating func addMember(
    _ element: SetElement, _ extras: SetExtras, to place: Int, exists: Bool, now: UInt64
  ) throws(SetFault) {
    let (member, reference) = try members(element)
    sets[place]?.removeExpired(now: now)
    guard let set = sets[place] else { throw .missing }
    let listed = set.order.map { Int(truncatingIfNeeded: set.table.keys[$0].extra) }
    let beside = reference.flatMap { listed.firstIndex(of: $0) }
    if reference != nil, beside == nil || reference == member { throw .referenceNotListed }
    let key = key(member)
    if listed.contains(member) {
      guard exists else { throw .entryExists }
      try sets[place]?.add(key, extras, exists: true, now: now)
      return
    }
    try sets[place]?.add(key, extras, exists: false, now: now)
    guard let new = sets[place]?.table.place(of: key) else { return }
    let at = beside.map { element.reference?.isBefore == true ? $0 : $0 + 1 } ?? listed.count
    sets[place]?.order.insert(new, at: min(at, listed.count))
  }

  /// Removes an entry from a list (kernel: `list_set_udel`).
  mutating func removeMember(
    _ element: SetElement, from place: Int, exists: Bool, now: UInt64
  ) throws(SetFault) {
    let (member, reference) = try members(element)
    sets[place]?.removeExpired(now: now)
    guard let set = sets[place] else { throw .missing }
    let listed = set.order.map { Int(truncatingIfNeeded: set.table.keys[$0].extra) }
    guard let index = listed.firstIndex(of: member) else {
      if reference != nil { throw .referenceNotListed }
      if exists { return }
      throw .entryMissing
    }
    if reference != nil, !isBeside(index, reference, element, listed) { throw .referenceNotListed }
    sets[place]?.removeEntry(at: set.order[index])
  }

  private func isBeside(_ index: Int, _ reference: Int?, _ element: SetElement, _ listed: [Int]) -> Bool {
    let other = element.reference?.isBefore == true ? index + 1 : index - 1
    return listed.indices.contains(other) && listed[other] == reference
  }

  /// Whether a list has an entry (kernel: `list_set_utest`).
  func hasMember(_ element: SetElement, in place: Int, now: UInt64) throws(SetFault) -> Bool {
    let (member, reference) = try members(element)
    guard let set = self[place] else { throw .missing }
    let listed = set.printedPlaces(now: now).map { Int(truncatingIfNeeded: set.table.keys[$0].extra) }
    guard let index = listed.firstIndex(of: member) else { return false }
    return reference == nil || isBeside(index, reference, element, listed)
  }

  /// The numbers of the sets in a list, without entries whose time is over, and their places there.
  func currentMembers(of place: Int, now: UInt64) -> [(place: Int, set: Int)] {
    guard let set = self[place] else { return [] }
    return set.printedPlaces(now: now).map { ($0, Int(truncatingIfNeeded: set.table.keys[$0].extra)) }
  }
}

// A list of addresses of -m recent, which all rules with its name share, whatever their table and family.

/// A list of addresses with the times at which they were seen (kernel: `struct recent_table`).
public struct RecentTable: Hashable, Sendable {
  /// How many addresses a list holds (kernel: module parameter `ip_list_tot`); the one seen longest ago makes room.
  public static let maximumEntries = 100

  /// An address of the list (kernel: `struct recent_entry`).
  struct Entry: Hashable {
    var address: IPAddress
    var ttl: UInt8
    /// Where the next time goes; one above the newest.
    var index: UInt16
    /// Times in jiffies, a ring once `stampMask` is reached.
    var stamps: [UInt64]
  }

  /// The mask of every address; nil keeps addresses whole.
  let mask: RecentMask?
  /// The number of times that an entry keeps, less one; one less than a power of two.
  private(set) var stampMask: UInt16
  /// The entries, the one seen longest ago first.
  private(set) var entries: [Entry] = []

  /// Makes an empty list for a rule that wants `hits` sightings, 0 when it does not say.
  init(mask: RecentMask?, hits: UInt32) {
    self.mask = mask
    stampMask = Self.stampMask(hits)
  }

  /// The kernel keeps 32 times, or as many as the rule wants, rounded up to a power of two.
  static func stampMask(_ hits: UInt32) -> UInt16 {
    if hits == 0 { return 31 }
    if hits == 1 { return 0 }
    let bits = UInt32(32 - (min(hits, 65536) - 1).leadingZeroBitCount)
    return UInt16(truncatingIfNeeded: (UInt32(1) << bits) - 1)
  }

  /// Keeps more times when a rule wants more; that empties the list (kernel: `recent_mt_check`).
  mutating func makeRoom(forHits hits: UInt32) {
    let wanted = Self.stampMask(hits)
    if wanted > stampMask {
      entries.removeAll()
      stampMask = wanted
    }
  }

  /// Does what a rule asks with an address at a time in jiffies; true when the rule matches (kernel: `recent_mt`).
  mutating func apply(
    _ question: RecentQuestion, to whole: IPAddress, ttl: UInt8, now: UInt64
  ) -> Bool {
    let address = mask?.kept(of: whole) ?? whole
    let wantedTTL = question.checksTTL ? ttl : 0
    let place = entries.firstIndex {
      $0.address == address && (wantedTTL == 0 || $0.ttl == 0 || $0.ttl == wantedTTL)
    }
    guard let place else {
      guard question.operation.value == .set else { return question.operation.inverted }
      if entries.count >= Self.maximumEntries { entries.removeFirst() }
      entries.append(Entry(address: address, ttl: ttl, index: 1, stamps: [now]))
      return !question.operation.inverted
    }
    switch question.operation.value {
    case .set:
      update(place, ttl, now)
      return !question.operation.inverted
    case .remove:
      entries.remove(at: place)
      return !question.operation.inverted
    case .check, .update:
      // 32-bit arithmetic, as in the kernel: more than 198 days wrap around.
      let since = now &- UInt64((question.seconds ?? 0) &* UInt32(truncatingIfNeeded: KernelClock.hertz))
      let isOlder = { (stamp: UInt64) in Int64(bitPattern: stamp &- since) < 0 }
      let needed = max(1, Int(question.hitCount ?? 0))
      var hits = 0
      for stamp in entries[place].stamps where question.seconds == nil || !isOlder(stamp) {
        hits += 1
        if hits >= needed { break }
      }
      let result = (hits >= needed) != question.operation.inverted
      let updates = question.operation.value == .update && result
      // The oldest entry goes, unless it is the one about to be updated.
      var moved = place
      if question.reaps, !(updates && place == 0), let oldest = entries.first,
        isOlder(oldest.stamps.indices.contains(Int(oldest.index) - 1) ? oldest.stamps[Int(oldest.index) - 1] : since)
      {
        entries.removeFirst()
        moved -= 1
      }
      if updates { update(moved, ttl, now) }
      return result
    }
  }

  /// Notes a sighting and makes the entry the newest (kernel: `recent_entry_update`).
  private mutating func update(_ place: Int, _ ttl: UInt8, _ now: UInt64) {
    guard entries.indices.contains(place) else { return }
    var entry = entries.remove(at: place)
    let slot = Int(entry.index & stampMask)
    if slot < entry.stamps.count { entry.stamps[slot] = now } else { entry.stamps.append(now) }
    entry.index = UInt16(truncatingIfNeeded: slot + 1)
    entry.ttl = ttl
    entries.append(entry)
  }
}

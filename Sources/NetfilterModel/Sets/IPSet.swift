// A set: its header, its entries, and what is kept of each.

/// A set of addresses, networks, ports, interfaces, marks, hardware addresses or other sets (kernel: `struct ip_set`).
public struct IPSet: Hashable, Sendable {
  /// The name.
  public internal(set) var name: String
  /// What it was created with.
  public let header: SetHeader
  /// The entries.
  var table: SetEntryTable
  /// The prefix lengths of the entries' networks; the second network of two has its own.
  var prefixes = SetPrefixes()
  var secondPrefixes = SetPrefixes()
  /// When each entry goes, in jiffies, 0 for never; of an entry of a bitmap whose hardware address is not known, the
  /// seconds that it will last.
  var deadlines: [UInt64] = []
  var counters: [Counters] = []
  var comments: [String] = []
  var infos: [SetPacketInfo] = []
  /// The places of the entries of a list, in its order.
  var order: [Int] = []
  /// What entries of a bitmap had counted when they were removed: an entry that comes back has it again.
  private var oldCounters: [UInt64: Counters] = [:]

  /// Entries with the same network and different interfaces in one bucket (kernel: `AHASH_MAX_TUNED`).
  static let mostInterfaces = 64

  /// Makes an empty set.
  public init(name: String, header: SetHeader) {
    self.name = name
    self.header = header
    table = SetEntryTable(SetKeyRule(header.type))
  }

  /// How many entries it has, with those whose time is over.
  public var count: Int { table.count }
  /// The type.
  public var type: SetType { header.type }
  /// The prefix length of one address.
  var hostLength: UInt8 { UInt8(truncatingIfNeeded: (header.family ?? .ipv4).addressBits) }

  /// The places of the entries as `ipset save` prints them: a bitmap's by number, a list's in its order, others in the
  /// order in which they were added.
  func printedPlaces(now: UInt64) -> [Int] {
    let places =
      switch header.type.method {
      case .list: order
      case .bitmap: table.places.sorted { (table.keys[$0].low, $0) < (table.keys[$1].low, $1) }
      case .hash: table.places
      }
    return header.timeout == nil ? places : places.filter { !isExpired($0, now: now) }
  }

  /// Whether the time of the entry at a place is over (kernel: `ip_set_timeout_expired`).
  @inline(__always) func isExpired(_ place: Int, now: UInt64) -> Bool {
    guard header.timeout != nil, deadlines.indices.contains(place) else { return false }
    if table.rule == .addressOnly, !table.keys[place].has(SetKey.Flag.hasHardware) { return false }
    return deadlines[place] != 0 && now > deadlines[place]
  }

  /// When an entry goes that is made now (kernel: `ip_set_timeout_set`).
  private func deadline(_ seconds: UInt32, now: UInt64) -> UInt64 {
    let milliseconds = min(UInt64(seconds), UInt64(UInt32.max) / 1000) * 1000
    return seconds == 0 ? 0 : max(1, now &+ KernelClock.jiffies(milliseconds: UInt32(milliseconds)))
  }

  /// The seconds that the entry at a place has left, 0 for ever (kernel: `ip_set_timeout_get`).
  func secondsLeft(_ place: Int, now: UInt64) -> UInt64 {
    guard deadlines.indices.contains(place), deadlines[place] != 0 else { return 0 }
    if table.rule == .addressOnly, !table.keys[place].has(SetKey.Flag.hasHardware) { return deadlines[place] }
    let ticks = deadlines[place] > now ? deadlines[place] - now : 0
    return max(1, ticks / KernelClock.hertz)
  }

  // MARK: Adding

  /// Adds an entry; with `exists` one that is there gets what is given (kernel: `mtype_add` of hashes and bitmaps).
  mutating func add(_ key: SetKey, _ extras: SetExtras, exists: Bool, now: UInt64) throws(SetFault) {
    if let place = table.place(of: key) {
      if table.rule == .addressOnly { return try addAgain(at: place, key, extras, exists: exists, now: now) }
      if !exists, !isExpired(place, now: now) { throw .entryExists }
      var stored = table.keys[place]
      stored.set(SetKey.Flag.noMatch, key.has(SetKey.Flag.noMatch))
      table.replace(at: place, by: stored)
      keep(extras, at: place, now: now)
      return
    }
    if header.type.method == .hash {
      if table.count >= Int(header.maximumEntries) {
        removeExpired(now: now)
        if table.count >= Int(header.maximumEntries) { throw header.forcesAdding ? .byChance : .full }
      }
      if table.rule == .interface, table.alike(key).count >= IPSet.mostInterfaces { throw .full }
    }
    let place = table.append(key)
    makeRoom(for: place)
    if header.hasCounters, let before = oldCounters.removeValue(forKey: key.low) { counters[place] = before }
    countPrefixes(key, added: true)
    keep(extras, at: place, now: now)
  }

  /// Adds an entry of a bitmap with hardware addresses that is there already (kernel: `bitmap_ipmac_do_add`).
  private mutating func addAgain(
    at place: Int, _ key: SetKey, _ extras: SetExtras, exists: Bool, now: UInt64
  ) throws(SetFault) {
    var stored = table.keys[place]
    let isFilled = stored.has(SetKey.Flag.hasHardware)
    let isExpired = isExpired(place, now: now)
    if !isFilled, key.has(SetKey.Flag.hasHardware) {
      let kept = deadlines.indices.contains(place) ? deadlines[place] : 0
      table.replace(at: place, by: key)
      keep(extras, at: place, now: now)
      if header.timeout != nil, extras.timeout ?? header.timeout == header.timeout {
        deadlines[place] = deadline(UInt32(clamping: kept), now: now)
      }
      return
    }
    if !isExpired, !exists { throw .entryExists }
    if key.has(SetKey.Flag.hasHardware) {
      stored.extra = key.extra
      table.replace(at: place, by: stored)
    }
    keep(extras, at: place, now: now)
    // The seconds are kept where a time was expected, which is long over.
    if isFilled, !key.has(SetKey.Flag.hasHardware), header.timeout != nil, extras.timeout ?? header.timeout != 0 {
      removeEntry(at: place)
    }
  }

  private mutating func makeRoom(for place: Int) {
    if header.timeout != nil, deadlines.count <= place { deadlines.append(0) }
    if header.hasCounters, counters.count <= place { counters.append(Counters()) }
    if header.hasComments, comments.count <= place { comments.append("") }
    if header.hasPacketInfo, infos.count <= place { infos.append(SetPacketInfo()) }
  }

  private mutating func keep(_ extras: SetExtras, at place: Int, now: UInt64) {
    if header.hasCounters {
      if let packets = extras.packets { counters[place].packets = packets }
      if let bytes = extras.bytes { counters[place].bytes = bytes }
    }
    if header.hasComments { comments[place] = extras.comment ?? "" }
    if header.hasPacketInfo { infos[place] = extras.info ?? SetPacketInfo() }
    guard let timeout = header.timeout else { return }
    let seconds = extras.timeout ?? timeout
    let isWaiting = table.rule == .addressOnly && !table.keys[place].has(SetKey.Flag.hasHardware)
    deadlines[place] = isWaiting ? UInt64(seconds) : deadline(seconds, now: now)
  }

  private mutating func countPrefixes(_ key: SetKey, added: Bool) {
    for (part, kind) in header.type.parts.enumerated() where kind == .network {
      // The only network is counted alone, also where it is the last part.
      let isSecond = part > 0 && header.type.parts[0] == .network
      let length = part > 0 ? key.secondPrefix : key.prefix
      switch (isSecond, added) {
      case (false, true): prefixes.add(length)
      case (false, false): prefixes.remove(length)
      case (true, true): secondPrefixes.add(length)
      case (true, false): secondPrefixes.remove(length)
      }
    }
  }

  // MARK: Removing

  /// Removes an entry (kernel: `mtype_del`).
  mutating func remove(_ key: SetKey, now: UInt64) throws(SetFault) {
    guard let place = table.place(of: key) else { throw .entryMissing }
    let isExpired = isExpired(place, now: now)
    removeEntry(at: place)
    if isExpired { throw .entryMissing }
  }

  /// Removes the entry at a place.
  mutating func removeEntry(at place: Int) {
    let key = table.keys[place]
    if header.type.method == .bitmap, header.hasCounters { oldCounters[key.low] = counters[place] }
    countPrefixes(key, added: false)
    table.remove(at: place)
    order.removeAll { $0 == place }
    guard header.type.method != .list, let kept = table.compact() else { return }
    if header.timeout != nil { deadlines = kept.map { deadlines[$0] } }
    if header.hasCounters { counters = kept.map { counters[$0] } }
    if header.hasComments { comments = kept.map { comments[$0] } }
    if header.hasPacketInfo { infos = kept.map { infos[$0] } }
  }

  /// Removes the entries whose time is over (kernel: `mtype_gc_do`).
  mutating func removeExpired(now: UInt64) {
    guard header.timeout != nil else { return }
    let gone = table.places.filter { isExpired($0, now: now) }.map { table.keys[$0] }
    for key in gone { if let place = table.place(of: key) { removeEntry(at: place) } }
  }

  /// Removes all entries.
  mutating func flush() {
    if header.type.method == .bitmap, header.hasCounters {
      for place in table.places { oldCounters[table.keys[place].low] = counters[place] }
    }
    table = SetEntryTable(table.rule)
    prefixes = SetPrefixes()
    secondPrefixes = SetPrefixes()
    deadlines = []
    counters = []
    comments = []
    infos = []
    order = []
  }

  /// Makes room for entries that will come.
  mutating func reserve(_ capacity: Int) { table.reserve(capacity) }
}

// What a host remembers for its rules beside connections and counters: lists, buckets, chance and the time.

/// What rules share and count on: a value, so that a copy can be asked without a trace.
public struct HostMemory: Hashable, Sendable {
  /// The simulated clock in nanoseconds since the host was made.
  public var now: UInt64 = 0
  /// The walk: all that one given packet causes happens within one tick of the kernel's clock.
  public var turn = WalkTurn()
  /// What the wall clock showed when it was set, in seconds since 1970, or nil when no wall clock was given.
  private var wallClockSetting: UInt64?
  /// The simulated time at which it was set, in nanoseconds.
  private var wallClockOrigin: UInt64 = 0
  /// What is known of the host that no packet changes.
  public var facts = HostFacts()
  /// The random source.
  public var random = RandomSource()
  /// The sets that rules ask and change.
  public var sets = SetCollection()
  /// The stores in the order in which they were made.
  private var stores: [SharedStore] = []
  private var places: [String: Int] = [:]

  /// Makes a memory of nothing at time zero.
  public init() {}

  /// Where the clock stops, in nanoseconds: 292 years after its start. Every timeout of the kernel, at most 2^32 seconds, can be
  /// added to it.
  public static let lastTime = UInt64(Int64.max)

  /// Lets time pass, until the clock stops at `lastTime`.
  public mutating func wait(nanoseconds: UInt64) {
    let (later, isTooLate) = now.addingReportingOverflow(nanoseconds)
    now = isTooLate ? HostMemory.lastTime : min(later, HostMemory.lastTime)
  }

  /// Seconds since 1970, or nil when no wall clock was given; setting it starts it anew. It goes on with the simulated
  /// clock, and stops at the largest number.
  public var wallClock: UInt64? {
    get {
      wallClockSetting.map {
        let (time, isTooLate) = $0.addingReportingOverflow((now &- wallClockOrigin) / 1_000_000_000)
        return isTooLate ? .max : time
      }
    }
    set {
      wallClockSetting = newValue
      wallClockOrigin = now
    }
  }

  /// The milliseconds of the second that the wall clock shows, 0...999.
  public var wallClockMilliseconds: UInt64 { (now &- wallClockOrigin) / 1_000_000 % 1000 }

  /// The place of the store called `key`, made when it is asked for the first time.
  public mutating func place(of key: String, make: () -> SharedStore) -> Int {
    if let place = places[key] { return place }
    stores.append(make())
    places[key] = stores.count - 1
    return stores.count - 1
  }

  /// The place of a new store without a name, which one rule alone has.
  public mutating func place(of store: SharedStore) -> Int {
    stores.append(store)
    return stores.count - 1
  }

  /// The store at a place; nothing for a place that does not exist.
  public subscript(place: Int) -> SharedStore {
    get { stores.indices.contains(place) ? stores[place] : .none }
    set { if stores.indices.contains(place) { stores[place] = newValue } }
  }
}

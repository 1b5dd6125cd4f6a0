// Which connection's time is over first.

/// The deadlines of places of a table: a heap in which each child has a later deadline than its parent, and a place has at most one.
///
/// Of the same deadlines the one with the lower order goes first, so that the order is the same in every run.
struct ExpiryQueue: Sendable {
  /// A deadline in nanoseconds, and the place that it is for.
  struct Item: Sendable {
    var deadline: UInt64
    var order: UInt32
    var slot: UInt32

    @inline(__always)
    func isBefore(_ other: Item) -> Bool {
      deadline != other.deadline ? deadline < other.deadline : order < other.order
    }
  }

  /// How many children a place of the heap has.
  private static let width = 4
  private static let absent = UInt32.max

  private var heap = ChunkedArray<Item>()
  /// Where the heap has each slot.
  private var places = ChunkedArray<UInt32>()

  init() {}

  var count: Int { heap.count }

  /// What is over first; nil when the queue is empty.
  var first: Item? { heap.count == 0 ? nil : heap[0] }

  /// The deadline of a slot; nil for one without.
  func deadline(of slot: Int) -> UInt64? {
    guard slot < places.count, places[slot] != Self.absent else { return nil }
    return heap[Int(places[slot])].deadline
  }

  /// Gives a slot a deadline that has none.
  mutating func insert(_ slot: Int, deadline: UInt64, order: UInt32) {
    places.grow(to: slot + 1, with: Self.absent)
    let item = Item(deadline: deadline, order: order, slot: UInt32(truncatingIfNeeded: slot))
    heap.append(item)
    raise(item, from: heap.count - 1)
  }

  /// Changes the deadline of a slot, if it has one.
  mutating func move(_ slot: Int, to deadline: UInt64) {
    guard slot < places.count, places[slot] != Self.absent else { return }
    let place = Int(places[slot])
    var item = heap[place]
    let isEarlier = deadline < item.deadline
    item.deadline = deadline
    if isEarlier { raise(item, from: place) } else { sink(item, from: place) }
  }

  /// Takes the deadline of a slot away, if it has one.
  mutating func remove(_ slot: Int) {
    guard slot < places.count, places[slot] != Self.absent else { return }
    let place = Int(places[slot])
    places[slot] = Self.absent
    guard let last = heap.takeLast(), place < heap.count else { return }
    if place > 0, last.isBefore(heap[(place - 1) / Self.width]) {
      raise(last, from: place)
    } else {
      sink(last, from: place)
    }
  }

  private mutating func put(_ item: Item, at place: Int) {
    heap[place] = item
    places[Int(item.slot)] = UInt32(truncatingIfNeeded: place)
  }

  /// Puts an item into a place or above it.
  private mutating func raise(_ item: Item, from start: Int) {
    var place = start
    while place > 0 {
      let parent = heap[(place - 1) / Self.width]
      guard item.isBefore(parent) else { break }
      put(parent, at: place)
      place = (place - 1) / Self.width
    }
    put(item, at: place)
  }

  /// Puts an item into a place or below it.
  private mutating func sink(_ item: Item, from start: Int) {
    var place = start
    while true {
      let child = place * Self.width + 1
      guard child < heap.count else { break }
      var least = child
      var leastItem = heap[child]
      for other in (child + 1)..<max(child + 1, min(child + Self.width, heap.count)) {
        let candidate = heap[other]
        if candidate.isBefore(leastItem) { (least, leastItem) = (other, candidate) }
      }
      guard leastItem.isBefore(item) else { break }
      put(leastItem, at: place)
      place = least
    }
    put(item, at: place)
  }
}

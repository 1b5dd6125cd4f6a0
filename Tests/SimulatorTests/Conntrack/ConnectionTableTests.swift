// The table of connections against a plain list of them.

import NetfilterModel
import Testing

@testable import Simulator

/// A table, and what it must hold: a list that is searched from one end to the other.
private struct TablePair {
  var table = ConnectionTable()
  var model: [UInt64: Connection] = [:]
  var now: UInt64 = 1_000_000_000_000

  /// The names of the connections that live.
  var ids: [UInt64: ConnectionID] = [:]

  static func tuple(_ number: Int, protocolNumber: ProtocolNumber = .udp) -> ConnectionTuple {
    ConnectionTuple(
      source: .v4(0x0a00_0000 + UInt32(number / 7)), destination: .v4(0xc000_0201), sourceKey: UInt16(number % 7),
      destinationKey: 53, protocolNumber: protocolNumber)
  }

  /// What the list says: the connection that has a tuple and whose time is not over, and the direction.
  func find(_ tuple: ConnectionTuple) -> (serial: UInt64, direction: ConnectionDirection)? {
    for (serial, connection) in model where connection.timeout > now {
      if connection.reply == tuple { return (serial, .reply) }
      if connection.original == tuple { return (serial, .original) }
    }
    return nil
  }

  /// Puts a connection into both, unless one of its tuples is taken.
  mutating func add(_ number: Int, seconds: Int) {
    let tuple = Self.tuple(number)
    guard let reply = tuple.inverted, table.find(tuple, now: now) == nil, table.find(reply, now: now) == nil else {
      return
    }
    let id = table.make(original: tuple, reply: reply, hasCounters: false)
    table[id].timeout = now + UInt64(seconds) * 1_000_000_000
    #expect(table.insert(id) == nil)
    table[id].status.insert(.confirmed)
    table.noteSource(id)
    table.releaseLoose()
    drop(where: { $0.original == tuple || $0.original == reply })
    model[id.serial] = table[id]
    ids[id.serial] = id
  }

  mutating func drop(where test: (Connection) -> Bool) {
    for (serial, connection) in model where test(connection) {
      model[serial] = nil
      ids[serial] = nil
    }
  }

  /// The connection that the table finds; one whose time is over is gone from both by that.
  mutating func ask(_ tuple: ConnectionTuple) -> ConnectionID? {
    let found = table.find(tuple, now: now)
    let now = now
    if found == nil { drop(where: { ($0.original == tuple || $0.reply == tuple) && $0.timeout <= now }) }
    return found?.id
  }

  /// Everything that the table says is what the list says.
  mutating func check(_ numbers: some Sequence<Int>) {
    for number in numbers {
      let tuple = Self.tuple(number)
      for asked in [tuple, tuple.inverted ?? tuple] {
        let expected = find(asked)
        #expect(table.find(asked, now: now)?.direction == expected?.direction)
        #expect(ask(asked)?.serial == expected?.serial)
      }
    }
    table.releaseLoose()
    #expect(table.count == model.count)
    #expect(table.connections.map { $0.serial } == model.keys.sorted())
    #expect(table.unassured == model.values.count { !$0.status.contains(.assured) })
  }
}

@Suite struct ConnectionTableTests {
  /// Random insertions, ends, changes of timeouts and copies; small numbers of tuples, so that they meet often.
  @Test(arguments: [UInt64(1), 2, 3, 4]) func isWhatAListWouldBe(_ seed: UInt64) {
    var random = RandomSource(seed: seed)
    var pair = TablePair()
    var copies: [TablePair] = []
    for step in 0..<3000 {
      let number = Int(random.next32() % 400)
      switch random.next32() % 20 {
      case 0..<11: pair.add(number, seconds: Int(random.next32() % 300) + 1)
      case 11..<13:
        if let found = pair.ask(TablePair.tuple(number)) {
          pair.table.remove(found)
          pair.table.releaseLoose()
          pair.drop(where: { $0.serial == found.serial })
        }
      case 13..<16:
        if let found = pair.ask(TablePair.tuple(number)) {
          pair.table[found].timeout = pair.now + UInt64(random.next32() % 500) * 1_000_000_000
          if random.next32() % 2 == 0 { pair.table[found].status.insert(.assured) }
          pair.model[found.serial] = pair.table[found]
        }
      case 16..<18: pair.now += UInt64(random.next32() % 20) * 1_000_000_000
      case 18: if copies.count < 6 { copies.append(pair) }
      default:
        // Another way from here: the copy goes on, what was goes back among the copies.
        if !copies.isEmpty {
          let place = Int(random.next32()) % copies.count
          (pair, copies[place]) = (copies[place], pair)
        }
      }
      if step % 250 == 0 { pair.check(0..<400) }
    }
    pair.check(0..<400)
    for index in copies.indices { copies[index].check(0..<400) }
  }

  @Test func growthLosesNothing() {
    var table = ConnectionTable()
    var copies: [(count: Int, table: ConnectionTable)] = []
    for number in 0..<2000 {
      let tuple = TablePair.tuple(number)
      let id = table.make(original: tuple, reply: tuple.inverted ?? tuple, hasCounters: false)
      table[id].timeout = .max
      #expect(table.insert(id) == nil)
      table[id].status.insert(.confirmed)
      table.releaseLoose()
      if number % 97 == 0 { copies.append((number + 1, table)) }
    }
    for (count, copy) in copies + [(2000, table)] {
      var copy = copy
      #expect(copy.count == count)
      #expect((0..<count).allSatisfy { copy.find(TablePair.tuple($0), now: 0)?.direction == .original })
      #expect(copy.find(TablePair.tuple(count), now: 0) == nil)
    }
  }

  /// Of those whose time is over, the one whose time was over first goes first; of two with the same end, the older one.
  @Test func timeIsOverInOrder() {
    var queue = ExpiryQueue()
    var random = RandomSource(seed: 7)
    var model: [Int: (deadline: UInt64, order: UInt32)] = [:]
    for step in 0..<4000 {
      let slot = Int(random.next32() % 300)
      let deadline = UInt64(random.next32() % 50)
      if model[slot] == nil {
        queue.insert(slot, deadline: deadline, order: UInt32(step))
        model[slot] = (deadline, UInt32(step))
      } else if step % 3 == 0 {
        queue.remove(slot)
        model[slot] = nil
      } else {
        queue.move(slot, to: deadline)
        model[slot]?.deadline = deadline
      }
      #expect(queue.count == model.count)
      #expect(queue.deadline(of: slot) == model[slot]?.deadline)
      let first = model.min { ($0.value.deadline, $0.value.order) < ($1.value.deadline, $1.value.order) }
      #expect(queue.first.map { Int($0.slot) } == first?.key)
    }
    while let item = queue.first {
      let first = model.min { ($0.value.deadline, $0.value.order) < ($1.value.deadline, $1.value.order) }
      #expect(Int(item.slot) == first?.key)
      queue.remove(Int(item.slot))
      model[Int(item.slot)] = nil
    }
    #expect(model.isEmpty)
  }

  @Test func bucketsOfAnotherSizeHaveEveryNodeOnce() {
    var chains = HashChains()
    var random = RandomSource(seed: 3)
    var hashes: [UInt32] = []
    for number in 0..<500 {
      hashes.append(random.next32())
      chains.insert(UInt32(number), hash: hashes[number])
      guard [1, 15, 16, 17, 100, 499].contains(number) else { continue }
      for size in [UInt32(1), 2, 100, 512, 1000, 1536] {
        var seen: [UInt32] = []
        for bucket in 0..<size {
          let nodes = chains.nodes(inBucket: bucket, size: size)
          #expect(nodes.allSatisfy { HashChains.bucket(of: hashes[Int($0)], size: size) == bucket })
          seen += nodes
        }
        #expect(seen.sorted() == Array(0...UInt32(number)))
      }
    }
  }

  @Test func nodesTakeEachOthersPlaces() {
    var chains = HashChains()
    // One chain, so that a node is first, in the middle, and last.
    for number in 0..<5 { chains.insert(UInt32(number), hash: 9) }
    chains.replace(2, by: 7)
    chains.replace(4, by: 8)
    chains.remove(0)
    var left: [UInt32] = []
    _ = chains.first(9) {
      left.append($0)
      return false
    }
    #expect(left == [8, 3, 7, 1])
    #expect(chains.count == 4)
    #expect(chains.first(9) { $0 == 1 } == 1)
    #expect(chains.first(8) { _ in true } == nil)
  }

  @Test func sourcesKnowTheirNewestConnectionFirst() {
    var index = NATSourceIndex()
    let source: [Int: Int] = [0: 5, 1: 5, 2: 6, 3: 5, 4: 6]
    for slot in 0..<5 { index.add(slot, hash: 1) { source[$0] == source[slot] } }
    func slots(of wanted: Int) -> [Int] {
      var result: [Int] = []
      var next = index.newest(1) { source[$0] == wanted }
      while let slot = next {
        result.append(slot)
        next = index.older(than: slot)
      }
      return result
    }
    #expect(slots(of: 5) == [3, 1, 0] && slots(of: 6) == [4, 2])
    index.remove(1)
    index.remove(1)
    #expect(slots(of: 5) == [3, 0])
    index.remove(3)
    #expect(slots(of: 5) == [0])
    index.remove(0)
    index.remove(2)
    #expect(slots(of: 5) == [] && slots(of: 6) == [4])
    index.add(1, hash: 1) { source[$0] == 5 }
    #expect(slots(of: 5) == [1])
  }
}

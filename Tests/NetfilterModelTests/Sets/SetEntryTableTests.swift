// The table of entries against a dictionary, and the prefix lengths against a count.

@testable import NetfilterModel
import Testing

@Suite struct SetEntryTableTests {
  func key(_ number: UInt64) -> SetKey {
    var key = SetKey()
    key.low = number % 50
    key.port = UInt16(number / 50)
    return key
  }

  @Test func itHasWhatWasAddedAndNotRemoved() {
    var table = SetEntryTable(.whole)
    var model: Set<UInt64> = []
    var order: [UInt64] = []
    var state: UInt64 = 1
    for _ in 0..<20000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = state >> 40 % 400
      let place = table.place(of: key(number))
      #expect((place != nil) == model.contains(number))
      if let place, state >> 33 % 2 == 0 {
        table.remove(at: place)
        model.remove(number)
        order.removeAll { $0 == number }
        _ = table.compact()
      } else if place == nil {
        _ = table.append(key(number))
        model.insert(number)
        order.append(number)
      }
      if table.count != model.count { break }
    }
    #expect(table.count == model.count)
    #expect(table.places.map { table.keys[$0] } == order.map(key))
  }

  @Test func flagsThatAreNoIdentityDoNotCount() {
    var table = SetEntryTable(.whole)
    var stored = key(3)
    stored.set(SetKey.Flag.noMatch)
    _ = table.append(stored)
    #expect(table.place(of: key(3)) == 0)
    var physical = key(3)
    physical.set(SetKey.Flag.physical)
    #expect(table.place(of: physical) == nil)
  }

  @Test func anInterfaceMayBeAPrefix() {
    var table = SetEntryTable(.interface)
    var stored = key(1)
    stored.interface = "eth"
    stored.set(SetKey.Flag.wildcard)
    _ = table.append(stored)
    var asked = key(1)
    for (name, fits) in [("eth0", true), ("eth", true), ("et", false), ("xeth", false), ("eth0123456789ab", true)] {
      asked.interface = InterfaceName(name)
      #expect((table.place(of: asked) != nil) == fits, "\(name)")
    }
  }

  @Test func prefixesAreCountedLongestFirst() {
    var prefixes = SetPrefixes()
    for length: UInt8 in [8, 24, 8, 32, 0] { prefixes.add(length) }
    #expect(prefixes.lengths == [32, 24, 8, 0])
    prefixes.remove(8)
    #expect(prefixes.lengths == [32, 24, 8, 0])
    prefixes.remove(8)
    prefixes.remove(9)
    #expect(prefixes.lengths == [32, 24, 0])
  }
}

// Arrays in chunks: the same values as an array, whatever the order of growth.

@testable import Simulator
import Testing

@Suite struct ChunkedArrayTests {
  /// Large elements have chunks of 64, small ones of 512.
  @Test(arguments: [0, 1, 63, 64, 65, 511, 512, 513, 2000]) func itGrowsOverTheEndsOfChunks(_ count: Int) {
    var small = ChunkedArray<UInt32>()
    small.append(7)
    small.grow(to: count, with: 9)
    #expect(small.count == max(1, count))
    #expect((0..<small.count).map { small[$0] } == [7] + [UInt32](repeating: 9, count: max(0, count - 1)))
    var large = ChunkedArray<[UInt64]>()
    large.grow(to: count, with: [1, 2])
    large.append([3])
    #expect(large.count == count + 1)
    #expect((0...count).map { large[$0] } == [[UInt64]](repeating: [1, 2], count: count) + [[3]])
  }

  @Test func valuesAreReadWhereTheyLie() {
    var array = ChunkedArray<UInt32>()
    for number in 0..<1000 { array.append(UInt32(number)) }
    for number in [0, 511, 512, 999] { #expect(array.with(number) { $0.pointee } == UInt32(number)) }
  }

  /// It shrinks, grows into what is left, and a copy keeps its values.
  @Test func anEmptiedChunkIsUsedAgain() {
    var array = ChunkedArray<UInt32>()
    array.grow(to: 513, with: 1)
    let copy = array
    #expect(array.takeLast() == 1)
    #expect(array.takeLast() == 1)
    array.grow(to: 514, with: 2)
    #expect(array[511] == 2)
    #expect(array[513] == 2)
    #expect(copy.count == 513)
    #expect(copy[511] == 1)
  }
}

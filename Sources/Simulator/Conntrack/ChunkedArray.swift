// Values at numbered places, in chunks: growth moves no value, and a copy that changes one copies its chunk alone.

/// An array in chunks of a power of two.
struct ChunkedArray<Element: Sendable>: Sendable {
  /// How many bits of a place are the place in its chunk: chunks of some kilobytes.
  @inline(__always)
  private static var shift: Int { MemoryLayout<Element>.stride <= 16 ? 9 : 6 }

  private var chunks: [[Element]] = []
  private(set) var count = 0

  init() {}

  @inline(__always)
  subscript(index: Int) -> Element {
    _read { yield chunks[index >> Self.shift][index & (1 << Self.shift - 1)] }
    _modify { yield &chunks[index >> Self.shift][index & (1 << Self.shift - 1)] }
  }

  /// Reads a value where it lies: the body gets its place, as the value itself would be copied whole for one field of it.
  @inline(__always)
  func with<Result>(_ index: Int, _ body: (UnsafePointer<Element>) -> Result) -> Result {
    chunks[index >> Self.shift].withUnsafeBufferPointer {
      let place = index & (1 << Self.shift - 1)
      guard place < $0.count, let first = $0.baseAddress else { preconditionFailure("no value has this number") }
      return body(first + place)
    }
  }

  mutating func append(_ element: Element) {
    let chunk = chunkWithRoom()
    chunks[chunk].append(element)
    count += 1
  }

  /// The chunk of the next value, which is made when there is none.
  private mutating func chunkWithRoom() -> Int {
    let chunk = count >> Self.shift
    if chunk == chunks.count {
      var values: [Element] = []
      values.reserveCapacity(1 << Self.shift)
      chunks.append(values)
    }
    return chunk
  }

  /// Appends a value until there are `count` of them.
  mutating func grow(to count: Int, with element: Element) {
    while self.count < count {
      let chunk = chunkWithRoom()
      let added = min(count, (chunk + 1) << Self.shift) - self.count
      chunks[chunk].append(contentsOf: repeatElement(element, count: added))
      self.count += added
    }
  }

  /// Takes the last value out; nil when there is none. An emptied chunk stays for the next value.
  mutating func takeLast() -> Element? {
    guard count > 0 else { return nil }
    count -= 1
    return chunks[count >> Self.shift].popLast()
  }
}

extension ChunkedArray: Equatable where Element: Equatable {
  /// Chunks that two arrays share are not looked at.
  static func == (left: ChunkedArray, right: ChunkedArray) -> Bool {
    guard left.count == right.count else { return false }
    for chunk in left.chunks.indices where chunk << shift < left.count {
      if left.chunks[chunk] != right.chunks[chunk] { return false }
    }
    return true
  }
}

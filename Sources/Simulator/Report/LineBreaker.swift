// Where lines are broken so that they fit.

/// Breaks text into lines at blanks; the lines are places in the text, so that nothing is copied.
struct LineBreaker {
  /// The lines of the last text, without blanks at their ends; at least one, which may be empty.
  private(set) var lines: [Range<Int>] = []
  /// The columns of the last of them.
  private(set) var lastColumns = 0

  /// Breaks text into lines of at most `room` columns; a word that is longer is broken where the room ends.
  mutating func split(_ bytes: [UInt8], room: Int) {
    lines.removeAll(keepingCapacity: true)
    if takeWhole(bytes, room: room) { return }
    var start = -1
    var end = 0
    var columns = 0
    var place = 0
    while true {
      while place < bytes.count, bytes[place] == 0x20 { place += 1 }
      if place == bytes.count { break }
      let word = place
      var isASCII = true
      while place < bytes.count, bytes[place] != 0x20 {
        if bytes[place] >= 0x80 { isASCII = false }
        place += 1
      }
      let width = isASCII ? place - word : Columns.count(bytes, word..<place)
      if start >= 0, columns + (word - end) + width <= room {
        columns += word - end + width
      } else {
        if start >= 0 { lines.append(start..<end) }
        start = word
        columns = width
        if width > room { (start, columns) = cut(bytes, word..<place, room: max(2, room)) }
      }
      end = place
    }
    lines.append(start < 0 ? 0..<0 : start..<end)
    lastColumns = columns
  }

  /// Takes text that fits as its one line, as most does; false where it has to be measured.
  private mutating func takeWhole(_ bytes: [UInt8], room: Int) -> Bool {
    guard let first = bytes.first, let last = bytes.last, bytes.count <= room, first != 0x20, last != 0x20 else {
      return false
    }
    let isASCII = bytes.withUnsafeBufferPointer { $0.reduce(0, |) < 0x80 }
    guard isASCII else { return false }
    lines.append(0..<bytes.count)
    lastColumns = bytes.count
    return true
  }

  /// Cuts a word into lines; its last part begins a line that others may follow.
  private mutating func cut(_ bytes: [UInt8], _ word: Range<Int>, room: Int) -> (start: Int, columns: Int) {
    var start = word.lowerBound
    var columns = 0
    var place = start
    while place < word.upperBound {
      var next = place + 1
      while next < word.upperBound, bytes[next] & 0xc0 == 0x80 { next += 1 }
      let width = bytes[place] < 0x80 ? 1 : Columns.count(bytes, place..<next)
      if columns + width > room {
        lines.append(start..<place)
        start = place
        columns = 0
      }
      columns += width
      place = next
    }
    return (start, columns)
  }
}

// The text of a report while it is written: bytes that are appended in place, never looked at as Unicode.

import NetfilterModel

/// Text as bytes, which grows at its end.
struct ReportText: Sendable {
  /// The bytes, UTF-8.
  private(set) var bytes: [UInt8] = []

  /// Makes an empty text with room for some bytes.
  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// The text as a string.
  var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Forgets the text and keeps the memory.
  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  /// Cuts the text to its first `count` bytes.
  mutating func cut(to count: Int) { if count < bytes.count { bytes.removeSubrange(max(0, count)...) } }

  /// Cuts off the blanks at the end, but nothing before `start`.
  mutating func trim(from start: Int) { while bytes.count > start, bytes.last == 0x20 { bytes.removeLast() } }

  /// Appends a newline.
  mutating func endLine() { bytes.append(0x0a) }

  /// Appends text as it is.
  mutating func add(_ text: String) {
    if text.utf8.withContiguousStorageIfAvailable({ bytes.append(contentsOf: $0) }) == nil {
      bytes.append(contentsOf: text.utf8)
    }
  }

  /// Appends bytes as they are.
  mutating func add(_ part: ArraySlice<UInt8>) {
    part.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }

  /// Appends a number in decimal.
  mutating func add(_ number: some BinaryInteger) {
    if number < 0 { bytes.append(0x2d) }
    let value = UInt64(number.magnitude)
    var place: UInt64 = 1
    while value / place >= 10 { place *= 10 }
    while place > 0 {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: value / place % 10))
      place /= 10
    }
  }

  /// Appends a number as `0x1f`.
  mutating func add(hexadecimal number: some BinaryInteger) {
    add("0x")
    add(String(number, radix: 16))
  }

  /// Appends an address.
  mutating func add(_ address: IPAddress) {
    guard address.family == .ipv4 else {
      add(address.description)
      return
    }
    let bits = address.v4Bits
    add(bits >> 24)
    bytes.append(0x2e)
    add(bits >> 16 & 255)
    bytes.append(0x2e)
    add(bits >> 8 & 255)
    bytes.append(0x2e)
    add(bits & 255)
  }

  /// Appends the name of an interface.
  mutating func add(_ name: InterfaceName) { add(name.description) }

  /// Appends blanks; none for a negative count.
  mutating func blanks(_ count: Int) { bytes.append(contentsOf: repeatElement(0x20, count: max(0, count))) }

  /// Appends text with `?` in place of each character that would control a terminal (C0, delete, C1).
  mutating func add(printable text: String) {
    let start = bytes.count
    add(text)
    makePrintable(from: start)
  }

  /// Puts `?` in place of each character behind `start` that would control a terminal.
  mutating func makePrintable(from start: Int) {
    let isPlain = bytes.withUnsafeBufferPointer { bytes in
      // Without a branch, so that several bytes are looked at at once.
      UnsafeBufferPointer(rebasing: bytes.dropFirst(max(0, start))).reduce(0) { $0 | ($1 &- 0x20 > 0x5e ? 1 : 0) } == 0
    }
    if isPlain { return }
    var place = start
    while place < bytes.count {
      let byte = bytes[place]
      if byte < 0x20 || byte == 0x7f {
        bytes[place] = 0x3f
      } else if byte == 0xc2, let next = bytes[(place + 1)...].first, next < 0xa0 {
        // U+0080 to U+009F.
        bytes.replaceSubrange(place...place + 1, with: CollectionOfOne(0x3f))
      }
      place += 1
    }
  }
}

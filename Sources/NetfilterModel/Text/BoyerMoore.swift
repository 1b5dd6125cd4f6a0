// The Boyer-Moore search as the kernel does it, with its two surprises: letters of the upper half of ISO 8859-1 that are
// skipped too far when case does not matter, and matches that are missed where they span two fragments of a reassembled packet.

/// A pattern made ready for a search (kernel: `lib/ts_bm.c`, `bm_find`).
struct BoyerMoore: Sendable {
  private let pattern: [UInt8]
  private let ignoresCase: Bool
  private var badShift: [Int]
  private var goodShift: [Int]

  /// Prepares a pattern, which is in upper case when case does not matter (kernel: `compute_prefix_tbl`).
  init(_ pattern: [UInt8], ignoresCase: Bool) {
    self.pattern = pattern
    self.ignoresCase = ignoresCase
    let length = pattern.count
    badShift = [Int](repeating: length, count: 256)
    goodShift = [Int](repeating: length, count: max(1, length))
    goodShift[0] = 1
    for (index, byte) in pattern.dropLast().enumerated() {
      badShift[Int(byte)] = length - 1 - index
      if ignoresCase { badShift[Int(Self.lowerCase(byte))] = length - 1 - index }
    }
    var suffix = 1
    var end = length - 1
    while end > 0 {
      if let start = stride(from: end - 1, through: 1 - suffix, by: -1).first(where: { repeats(end, $0, suffix) }) {
        goodShift[suffix] = length - start - suffix
      }
      suffix += 1
      end -= 1
    }
  }

  /// Whether the suffix of `count` bytes at `end` occurs at `start`, preceded by something else (kernel: `subpattern`).
  private func repeats(_ end: Int, _ start: Int, _ count: Int) -> Bool {
    var left = end + count - 1
    var right = start + count - 1
    var remaining = count
    while pattern[left] == pattern[right] {
      left -= 1
      right -= 1
      if right < 0 { return true }
      remaining -= 1
      if remaining == 0 { return pattern[end - 1] != pattern[start - 1] }
    }
    return false
  }

  /// The offset of the first match behind `start`, in a packet that is one piece or, behind its header of `head` bytes, several; the search
  /// stops before pieces that begin at `limit` or later.
  func find(in bytes: [UInt8], head: Int, pieces: [Int], from start: Int, before limit: Int) -> Int? {
    let isInPieces = !pieces.isEmpty && pieces.reduce(head, +) == bytes.count
    var position = start
    var end = isInPieces ? head : bytes.count
    for index in 0..<(isInPieces ? pieces.count : 1) {
      if isInPieces { end += pieces[index] }
      guard end > position else { continue }
      if position >= limit { return nil }
      var shift = pattern.count - 1
      let size = min(end, bytes.count) - position
      while shift < size {
        var index = 0
        while index < pattern.count, fold(bytes[position + shift - index]) == pattern[pattern.count - 1 - index] {
          index += 1
        }
        if index == pattern.count { return position - start + shift - (pattern.count - 1) }
        let bad = badShift[Int(bytes[position + shift - index])]
        shift = max(shift - index + bad, shift + goodShift[index])
      }
      position += max(0, size)
    }
    return nil
  }

  private func fold(_ byte: UInt8) -> UInt8 { ignoresCase ? Self.upperCase(byte) : byte }

  /// A letter of the kernel's ISO 8859-1 table in upper case (kernel: `toupper`).
  static func upperCase(_ byte: UInt8) -> UInt8 {
    (byte >= 0x61 && byte <= 0x7a) || (byte >= 0xdf && byte != 0xf7) ? byte &- 0x20 : byte
  }

  /// A letter of the kernel's ISO 8859-1 table in lower case (kernel: `tolower`).
  static func lowerCase(_ byte: UInt8) -> UInt8 {
    (byte >= 0x41 && byte <= 0x5a) || (byte >= 0xc0 && byte <= 0xde && byte != 0xd7) ? byte &+ 0x20 : byte
  }
}

// The lines of a text by their numbers.

/// Finds lines of a text.
struct SourceLines: Sendable {
  private let bytes: [UInt8]
  private var starts: [Int] = [0]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    for (place, byte) in bytes.enumerated() where byte == 0x0a { starts.append(place + 1) }
  }

  /// A line, from 1, without its line end; empty when there is none.
  func line(_ number: Int) -> String {
    guard number >= 1, number <= starts.count else { return "" }
    let line = bytes[starts[number - 1]...].prefix { $0 != 0x0a && $0 != 0x0d }
    return String(decoding: line.prefix(2000), as: UTF8.self)
  }
}

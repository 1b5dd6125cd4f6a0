// TCP flags as the letters of tcpdump.

/// The flags of a TCP header with the letters that tcpdump prints.
public enum TCPFlagLetters {
  /// The letters with their bits, in tcpdump's order.
  static let letters: [(Character, UInt8)] = [
    ("F", 0x01), ("S", 0x02), ("R", 0x04), ("P", 0x08), (".", 0x10), ("U", 0x20), ("E", 0x40), ("W", 0x80),
  ]

  /// Reads letters, or returns nil; `A` is taken for `.`, and no letter means no flag.
  public static func parse(_ text: some StringProtocol) -> UInt8? {
    var bits: UInt8 = 0
    for letter in text {
      guard let bit = letter == "A" ? 0x10 : letters.first(where: { $0.0 == letter })?.1 else { return nil }
      bits |= bit
    }
    return bits
  }

  /// The letters of flags; `none` without one.
  public static func text(_ flags: UInt8) -> String {
    flags == 0 ? "none" : String(letters.filter { flags & $0.1 != 0 }.map(\.0))
  }
}

// TCP flags as the letters of tcpdump.

/// The flags of a TCP header, given as a byte, with the letters that tcpdump prints.
public enum TCPFlagLetters {
  /// The letters of flags; `none` without one.
  public static func text(_ flags: UInt8) -> String { TCPFlags(rawValue: flags).letters }

  /// Reads letters, or returns nil; `A` is taken for `.`, and no letter means no flag.
  public static func parse(_ text: some StringProtocol) -> UInt8? { TCPFlags(letters: text)?.rawValue }
}

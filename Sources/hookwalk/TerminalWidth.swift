// How wide the terminal is.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How wide lines may be.
enum TerminalWidth {
  /// The columns of a trace that is not printed to a terminal.
  static let withoutTerminal = 80

  /// The columns of a terminal: what it says itself, then COLUMNS, then 80; nil where the descriptor is none.
  static func columns(of descriptor: Int32 = 1) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    if let columns = Terminal.environment("COLUMNS").flatMap({ Int($0) }), columns > 0 { return columns }
    return 80
  }
}

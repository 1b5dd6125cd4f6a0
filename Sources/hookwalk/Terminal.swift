// What the command says: results to standard output or a file, complaints to standard error.

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// When colour is used.
enum ColorChoice: String, CaseIterable {
  case auto, always, never
}

/// The terminal and the files.
enum Terminal {
  /// Where results go; nil until something is printed.
  private static let result = Mutex<OutputFile?>(nil)

  /// Prints a part of the result.
  static func print(_ text: String) { write(Array(text.utf8), to: 1) }

  /// Says something beside the result; a standard error that cannot be written changes nothing.
  static func complain(_ text: String) {
    write(Array((TerminalWidth.columns(of: 2).map { WrappedLines.text(text, width: $0) } ?? text).utf8), to: 2)
  }

  /// Writes all bytes: 1 is the result, 2 what is said beside it.
  ///
  /// What goes wrong with the result is said by `finish`; a reader that went away is no error.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    guard descriptor == 1 else {
      _ = bytes.withUnsafeBytes { SystemCall.write($0, to: descriptor) }
      return
    }
    do throws(CommandError) {
      try result.withLock { (result) throws(CommandError) in
        if result == nil { result = try OutputFile("-") }
        result?.write(bytes)
      }
    } catch {
      complain(error.message)
      exit(error.code)
    }
  }

  /// Sends the result to a file instead of standard output; nil changes nothing.
  ///
  /// - Throws: when the file cannot be written, or is an input.
  static func sendResult(to path: String?) throws(CommandError) {
    guard let path else { return }
    let file = try OutputFile(path)
    result.withLock { $0 = file }
  }

  /// Ends the result: a file has its name now.
  ///
  /// - Throws: when a part of it was not written.
  static func finish() throws(CommandError) {
    try result.withLock { (result) throws(CommandError) in
      defer { result = nil }
      try result?.finish()
    }
  }

  /// Ends the command; a result that was not finished leaves nothing behind.
  static func exit(_ code: ExitCode) -> Never {
    TemporaryFile.remove()
    SystemCall.exit(code.rawValue)
  }

  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Whether a descriptor's output is coloured: `--color`, then NO_COLOR (https://no-color.org), then whether it is a terminal.
  static func usesColor(_ choice: ColorChoice, descriptor: Int32 = 1) -> Bool {
    switch choice {
    case .always: true
    case .never: false
    case .auto: (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb" && isatty(descriptor) == 1
    }
  }

  /// The text of a file, or of standard input for `-`.
  ///
  /// Bytes that are no UTF-8 are replaced, with a warning.
  static func read(_ path: String) throws(CommandError) -> String { String(decoding: try bytes(path), as: UTF8.self) }

  /// Reads a file, or standard input for `-`, as UTF-8: what is no valid text is replaced, and said so.
  static func bytes(_ path: String) throws(CommandError) -> [UInt8] {
    let bytes = try InputFile.bytes(path)
    if (try? UTF8Span(validating: bytes.span)) != nil { return bytes }
    let name = path == "-" ? "standard input" : "`\(path)`"
    complain("hookwalk: warning: \(name) is not valid UTF-8; the bytes that are wrong were replaced\n")
    return Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  /// Writes a file, in place of what was there.
  static func write(_ text: String, toFile path: String) throws(CommandError) {
    var file = try OutputFile(path)
    file.write(Array(text.utf8))
    try file.finish()
  }

  /// The path of a file that another names, relative to that other's folder.
  static func path(_ path: String, besides other: String) -> String {
    guard !path.hasPrefix("/"), path != "-", let slash = other.lastIndex(of: "/") else { return path }
    return other[...slash] + path
  }
}

// Reading files, writing output, and exit codes: plain system calls, so that the command starts in a few milliseconds.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the command ends.
enum ExitCode: Int32 {
  /// Done, and the answer is yes where one was asked for.
  case done = 0
  /// The answer is no.
  case negative = 1
  /// The command line is wrong.
  case usage = 2
  /// An input cannot be read or understood.
  case input = 3
  /// Something inside went wrong.
  case `internal` = 4
}

/// Why a subcommand ends early.
struct CommandError: Error {
  var code: ExitCode
  /// What is said on standard error.
  var message: String

  static func usage(_ message: String) -> CommandError { CommandError(code: .usage, message: "hookwalk: \(message)\n") }
  static func input(_ message: String) -> CommandError { CommandError(code: .input, message: "hookwalk: \(message)\n") }
  /// Diagnostics that are rendered already.
  static func diagnostics(_ text: String) -> CommandError { CommandError(code: .input, message: text) }
}

/// When colour is used.
enum ColorChoice: String, CaseIterable {
  case auto, always, never
}

/// The terminal and the files.
enum Terminal {
  /// The largest input in bytes.
  static let largestInput = 256 << 20

  static func print(_ text: String) { write(Array(text.utf8), to: 1) }
  static func complain(_ text: String) { write(Array(text.utf8), to: 2) }

  /// Writes all of it; a reader that went away ends the command quietly, a full disk with an error.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR && errno != EAGAIN {
        if errno == EPIPE { exit(.done) }
        if descriptor == 1 {
          complain("hookwalk: cannot write to the standard output: \(String(cString: strerror(errno)))\n")
          exit(.input)
        }
        return
      }
    }
  }

  static func exit(_ code: ExitCode) -> Never { systemExit(code.rawValue) }

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
    let name = path == "-" ? "standard input" : "`\(path)`"
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .input("cannot read \(name): \(String(cString: strerror(errno)))") }
    defer { if descriptor != 0 { close(descriptor) } }
    var bytes: [UInt8] = []
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_size > 0, status.st_size <= largestInput {
      bytes.reserveCapacity(Int(status.st_size))
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw .input("cannot read \(name): \(String(cString: strerror(errno)))")
      }
      if count == 0 { break }
      guard bytes.count + count <= largestInput else {
        throw .input("\(name) is larger than \(largestInput >> 20) MiB")
      }
      bytes += buffer[..<count]
    }
    if (try? UTF8Span(validating: bytes.span)) != nil { return bytes }
    complain("hookwalk: warning: \(name) is not valid UTF-8; the bytes that are wrong were replaced\n")
    return Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  /// Writes a file, in place of what was there.
  static func write(_ text: String, toFile path: String) throws(CommandError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .input("cannot write `\(path)`: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR && errno != EAGAIN {
        throw .input("cannot write `\(path)`: \(String(cString: strerror(errno)))")
      }
    }
  }

  /// The path of a file that another names, relative to that other's folder.
  static func path(_ path: String, besides other: String) -> String {
    guard !path.hasPrefix("/"), path != "-", let slash = other.lastIndex(of: "/") else { return path }
    return other[...slash] + path
  }
}

// The system calls whose names collide with the functions here.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
  #elseif canImport(Musl)
    Musl.write(descriptor, bytes, count)
  #else
    Darwin.write(descriptor, bytes, count)
  #endif
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.read(descriptor, bytes, count)
  #elseif canImport(Musl)
    Musl.read(descriptor, bytes, count)
  #else
    Darwin.read(descriptor, bytes, count)
  #endif
}

private func systemExit(_ code: Int32) -> Never {
  #if canImport(Glibc)
    Glibc.exit(code)
  #elseif canImport(Musl)
    Musl.exit(code)
  #else
    Darwin.exit(code)
  #endif
}

// The system calls that the command makes: plain ones, so that it starts at once. Their names differ between C libraries.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// System calls with the interruptions and waits that each needs.
enum SystemCall {
  /// Reads up to `buffer.count` bytes; 0 at the end, less than 0 on an error, whose number is `errno`.
  ///
  /// Waits where a descriptor that does not block has nothing yet.
  static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = rawRead(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno == EAGAIN || errno == EWOULDBLOCK {
        wait(for: descriptor, Int16(POLLIN))
      } else if errno != EINTR {
        return count
      }
    }
  }

  /// Writes all bytes; 0, or the number of the error that ended it.
  ///
  /// Waits where a descriptor that does not block takes no more now.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var offset = 0
    while offset < bytes.count {
      let count = rawWrite(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
      if count > 0 {
        offset += count
      } else if count == 0 || errno == EAGAIN || errno == EWOULDBLOCK {
        wait(for: descriptor, Int16(POLLOUT))
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }

  /// Waits until a descriptor can be read or written, or says why not.
  private static func wait(for descriptor: Int32, _ events: Int16) {
    var entry = pollfd(fd: descriptor, events: events, revents: 0)
    _ = poll(&entry, 1, -1)
  }

  /// What an error number means.
  static func message(_ number: Int32) -> String { String(cString: strerror(number)) }

  /// The path of the program that runs; nil where the system does not say.
  static func executablePath() -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink("/proc/self/exe", &bytes, bytes.count - 1)
    if count > 0 { return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) }
    guard let first = CommandLine.arguments.first, let path = realpath(first, nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  /// Makes a folder, unless it is there.
  ///
  /// - Throws: when it is not there afterwards.
  static func makeFolder(_ path: String) throws(CommandError) {
    if mkdir(path, 0o777) == 0 || FileStatus(path: path)?.kind == .folder { return }
    throw .unwritten("the folder `\(path)`", errno)
  }

  /// Ends the process.
  static func exit(_ code: Int32) -> Never { rawExit(code) }

  /// Opens `/dev/null` in place of a standard stream that is closed, so that no file that is opened later takes its number. Reading a
  /// closed standard input and writing to a closed standard output then fail as they should.
  static func fillStandardStreams() {
    for (descriptor, mode) in [(Int32(0), O_WRONLY), (1, O_RDONLY), (2, O_RDONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", mode)
    }
  }

  /// Writing to a pipe that nobody reads, or beyond a limit of file sizes, is an error number and not the end.
  static func ignoreWriteSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  private static func rawWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #elseif canImport(Musl)
      Musl.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }

  private static func rawRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.read(descriptor, bytes, count)
    #elseif canImport(Musl)
      Musl.read(descriptor, bytes, count)
    #else
      Darwin.read(descriptor, bytes, count)
    #endif
  }

  private static func rawExit(_ code: Int32) -> Never {
    #if canImport(Glibc)
      Glibc.exit(code)
    #elseif canImport(Musl)
      Musl.exit(code)
    #else
      Darwin.exit(code)
    #endif
  }
}

// A terminal of some columns for the tests of what the command prints to one.

#if os(Linux)
  import Foundation
  import Testing

  /// A terminal that a process writes to (pty(7)).
  struct PseudoTerminal {
    private let main: Int32
    /// What the process writes to.
    let output: FileHandle

    init(columns: UInt16) throws {
      // What posix_openpt, unlockpt and ptsname do, which Glibc's module leaves out: TIOCSPTLCK and TIOCGPTN.
      main = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      var (lock, number) = (Int32(0), Int32(0))
      try #require(main >= 0 && ioctl(main, 0x4004_5431, &lock) == 0 && ioctl(main, 0x8004_5430, &number) == 0)
      // Where the tests lead a session it must not become their terminal: its end would end them (SIGHUP).
      let descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
      try #require(descriptor >= 0)
      var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
      try #require(ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0)
      output = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Runs a process to its end, and returns what it and its children wrote here.
    func text(of process: Process) throws -> String {
      defer { close(main) }
      try process.run()
      try output.close()
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(main, &buffer, buffer.count)
        if count <= 0 { break }
        bytes += buffer[..<count]
      }
      process.waitUntilExit()
      return String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
    }
  }
#endif

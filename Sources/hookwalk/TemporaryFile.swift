// The file that an output is written to before it gets its name. There is at most one, and no end of the process leaves it behind.

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file that is written before it is renamed.
enum TemporaryFile {
  /// The address of its path (a C string) while it is there, or 0: what a signal's handler may read.
  private static let path = Atomic<UInt>(0)

  private static var current: UnsafeMutablePointer<CChar>? {
    UnsafeMutablePointer(bitPattern: path.load(ordering: .sequentiallyConsistent))
  }

  private static func set(_ name: UnsafeMutablePointer<CChar>?) {
    path.store(UInt(bitPattern: name), ordering: .sequentiallyConsistent)
  }

  /// The signals that end the process and can be caught.
  private static let signals = [
    SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
    SIGSEGV,
  ]

  /// Makes the file in a folder (a path that ends in `/`, or nothing for the current one) and opens it.
  ///
  /// - Returns: the descriptor, or less than 0 with `errno`.
  static func make(in folder: String, permissions: mode_t) -> Int32 {
    catchSignals()
    for number in 0..<100 {
      guard let name = strdup("\(folder).hookwalk-\(getpid())-\(number)") else { return -1 }
      let descriptor = blockingSignals {
        let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
        if descriptor >= 0 { set(name) }
        return descriptor
      }
      if descriptor >= 0 { return descriptor }
      let failure = errno
      free(name)
      errno = failure
      if failure != EEXIST { return -1 }
    }
    return -1
  }

  /// Gives the file its name; 0, or the number of the error, and then the file is gone.
  static func rename(to target: String) -> Int32 {
    guard let name = current else { return 0 }
    let failure = blockingSignals { () -> Int32 in
      let failure = Self.rename(name, target) == 0 ? 0 : errno
      if failure == 0 { set(nil) }
      return failure
    }
    if failure != 0 { remove() }
    return failure
  }

  private static func rename(_ old: UnsafePointer<CChar>, _ new: String) -> Int32 {
    #if canImport(Glibc)
      Glibc.rename(old, new)
    #elseif canImport(Musl)
      Musl.rename(old, new)
    #else
      Darwin.rename(old, new)
    #endif
  }

  /// Removes the file, if it is there.
  static func remove() {
    guard let name = current else { return }
    blockingSignals {
      unlink(name)
      set(nil)
    }
  }

  /// Lets every signal that ends the process remove the file first; those that are ignored stay so.
  private static func catchSignals() {
    guard current == nil else { return }
    for number in signals {
      let before = signal(number) { number in
        if let name = TemporaryFile.current { unlink(name) }
        signal(number, SIG_DFL)
        raise(number)
      }
      if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
    }
  }

  /// Does something that no signal divides.
  private static func blockingSignals<Result>(_ body: () -> Result) -> Result {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer {
      let failure = errno
      pthread_sigmask(SIG_SETMASK, &before, nil)
      errno = failure
    }
    return body()
  }
}

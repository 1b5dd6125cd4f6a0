// Work on several processors whose results come in the order of one. Threads of the system: they cost nothing until they are used.

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Does pieces of work on several threads.
enum Workers {
  /// The most threads.
  static let most = 256
  /// The stack of a thread in bytes, as large as that of the first one usually is.
  private static let stack = 8 << 20

  /// How many processors are online.
  static var processors: Int { min(max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), most) }

  /// Does pieces of work by their numbers, on at most `jobs` threads.
  ///
  /// - Parameters:
  ///   - work: one piece; called on any thread.
  ///   - deliver: takes the results, in the order of their numbers; called on this thread.
  static func run<Piece: Sendable>(
    _ count: Int, jobs: Int, work: @escaping @Sendable (Int) -> Piece, deliver: (Int, Piece) -> Void
  ) {
    var threads: [pthread_t] = []
    var queue: WorkQueue<Piece>?
    if jobs > 1, count > 1, let shared = WorkQueue(count, ahead: min(jobs, most) * 4, work: work) {
      queue = shared
      for _ in 0..<min(jobs, count, most) {
        guard let thread = start({ shared.work() }) else { break }
        threads.append(thread)
      }
    }
    for number in 0..<count {
      // Without a thread the work is done here.
      if let queue, !threads.isEmpty { deliver(number, queue.result(number)) } else { deliver(number, work(number)) }
    }
    for thread in threads { pthread_join(thread, nil) }
  }

  private static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stack)
    let start = Unmanaged.passRetained(ThreadStart(body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let code = pthread_create(&thread, &attributes, { runThread($0) }, start.toOpaque())
    #else
      var thread = pthread_t()
      let code = pthread_create(&thread, &attributes, { runThread($0) }, start.toOpaque())
    #endif
    if code == 0 { return thread }
    start.release()
    return nil
  }
}

private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue().body()
  return nil
}

/// What a thread is started with.
private final class ThreadStart: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Pieces of work that threads take, and their results until somebody asks for them.
private final class WorkQueue<Piece: Sendable>: Sendable {
  private struct State {
    var next = 0
    var results: [Int: Piece] = [:]
  }

  private let count: Int
  private let piece: @Sendable (Int) -> Piece
  private let state = Mutex(State())
  /// One for each result that may still wait.
  private let room: Tokens
  /// One for each result that came.
  private let news: Tokens

  /// Makes a queue where at most `ahead` results wait; nil when the system gives no pipes.
  init?(_ count: Int, ahead: Int, work: @escaping @Sendable (Int) -> Piece) {
    guard let room = Tokens(), let news = Tokens() else { return nil }
    self.count = count
    self.room = room
    self.news = news
    piece = work
    for _ in 0..<ahead { room.give() }
  }

  /// Does work until there is none left.
  func work() {
    while true {
      room.take()
      let number = state.withLock { state in
        state.next += 1
        return state.next - 1
      }
      guard number < count else {
        // The others end, too.
        room.give()
        return
      }
      let result = piece(number)
      state.withLock { $0.results[number] = result }
      news.give()
    }
  }

  /// The result of a piece, when it is there; asked for once, in order.
  func result(_ number: Int) -> Piece {
    while true {
      if let result = state.withLock({ $0.results.removeValue(forKey: number) }) {
        room.give()
        return result
      }
      news.take()
    }
  }
}

// Something that threads wait for: a pipe, whose bytes are taken one by one.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Tokens that threads give and take; who finds none waits. At most as many as a pipe holds, 4,096 on every system.
final class Tokens: Sendable {
  private let reader: Int32
  private let writer: Int32

  /// No tokens yet; nil when the system gives no pipe.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0, let first = ends.first, let last = ends.last else { return nil }
    reader = first
    writer = last
  }

  deinit {
    close(reader)
    close(writer)
  }

  /// Gives a token.
  func give() {
    var token: UInt8 = 0
    while write(writer, &token, 1) < 0, errno == EINTR {}
  }

  /// Takes a token, when there is one.
  func take() {
    var token: UInt8 = 0
    while read(reader, &token, 1) < 0, errno == EINTR {}
  }
}

// Writing a result to a file: beside it and renamed where it is new or a regular file, so that the file is the old one or the whole new one at
// every moment; straight to a pipe or a device.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is being written.
struct OutputFile {
  /// What becomes of the bytes.
  private enum Way {
    /// They go to a file beside `target`, which is renamed when all is written.
    case beside(target: String)
    /// They go where they belong at once.
    case straight
  }

  private let name: String
  private let descriptor: Int32
  private let way: Way
  /// The number of the error that ended the writing, or 0.
  private var failure: Int32 = 0

  /// Opens the file, or what takes its place later; `-` is standard output.
  ///
  /// - Throws: when it cannot be written, or is an input.
  init(_ path: String) throws(CommandError) {
    name = path == "-" ? "the standard output" : "`\(path)`"
    let status = path == "-" ? nil : FileStatus(path: path)
    if let status, status.kind == .regular || status.kind == .pipe { try FileRegister.write(status, name) }
    // What is standard output already (`/dev/stdout`) stays the file that it is.
    if path == "-" || status != nil && status?.identity == FileStatus(descriptor: 1)?.identity {
      (descriptor, way) = (1, .straight)
      return
    }
    if let status, status.kind != .regular {
      descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
      way = .straight
      guard descriptor >= 0 else { throw .unwritten(name, errno) }
      return
    }
    let target = try OutputFile.target(of: path, name)
    if status != nil, access(target, W_OK) != 0 { throw .unwritten(name, errno) }
    guard target.last != "/", !target.isEmpty else { throw .unwritten(name, target.isEmpty ? ENOENT : EISDIR) }
    let folder = target.lastIndex(of: "/").map { target[...$0] } ?? ""
    descriptor = TemporaryFile.make(in: String(folder), permissions: status == nil ? 0o666 : 0o600)
    way = .beside(target: target)
    guard descriptor >= 0 else { throw .unwritten(name, errno) }
    guard let status else { return }
    if let mine = FileStatus(descriptor: descriptor), mine.owner != status.owner {
      // Only root can give a file away; another's file then becomes one's own, as with other programs that do this.
      _ = fchown(descriptor, status.owner.user, status.owner.group)
    }
    _ = fchmod(descriptor, status.permissions)
  }

  /// The path behind all links, whether or not there is a file.
  private static func target(of path: String, _ name: String) throws(CommandError) -> String {
    var path = path
    for _ in 0..<40 {
      guard FileStatus(path: path, followsLinks: false)?.kind == .link else { return path }
      let link = withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer -> String? in
        guard let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
        let count = readlink(path, base, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
      }
      guard let link else { throw .unwritten(name, errno) }
      let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
      path = link.hasPrefix("/") ? link : folder + link
    }
    throw .unwritten(name, ELOOP)
  }

  /// Writes bytes; after an error nothing more is written, and `finish` says so.
  mutating func write(_ bytes: [UInt8]) {
    guard failure == 0 else { return }
    failure = bytes.withUnsafeBytes { SystemCall.write($0, to: descriptor) }
  }

  /// Ends the writing: the file is there now.
  ///
  /// - Throws: when something was not written; the file is as it was then. A reader that went away is no error.
  mutating func finish() throws(CommandError) {
    // Some file systems say only now that there is no room. Standard output stays open, what it says is asked with a copy.
    let closing = descriptor == 1 ? dup(descriptor) : descriptor
    if closing >= 0, close(closing) != 0, failure == 0, errno != EINTR { failure = errno }
    if case .beside(let target) = way {
      if failure == 0 {
        failure = TemporaryFile.rename(to: target)
      } else {
        TemporaryFile.remove()
      }
    }
    if failure != 0, failure != EPIPE { throw .unwritten(name, failure) }
  }
}

// Reading inputs: bounded in size, each pipe once, and never the file that is being written.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads inputs.
enum InputFile {
  /// The largest input in bytes.
  static let largest = 256 << 20

  /// The bytes of a file, or of standard input for `-`.
  ///
  /// - Throws: when it cannot be read, is larger than `largest`, is the output, or is a pipe that was read already.
  static func bytes(_ path: String) throws(CommandError) -> [UInt8] {
    let isStandardInput = path == "-"
    let name = isStandardInput ? "standard input" : "`\(path)`"
    // Before it is opened, which would wait for a pipe that nobody writes any more.
    if !isStandardInput, let status = FileStatus(path: path), status.kind == .pipe {
      try FileRegister.read(status, name)
    }
    let descriptor = isStandardInput ? 0 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw .input("cannot read \(name): \(SystemCall.message(errno))") }
    defer { if descriptor != 0 { close(descriptor) } }
    var bytes: [UInt8] = []
    if let status = FileStatus(descriptor: descriptor) {
      if isStandardInput || status.kind != .pipe {
        try FileRegister.read(status, name, isStandardInput: isStandardInput)
      }
      if status.kind == .regular, status.size <= largest { bytes.reserveCapacity(status.size) }
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { SystemCall.read(descriptor, into: $0) }
      guard count >= 0 else { throw .input("cannot read \(name): \(SystemCall.message(errno))") }
      if count == 0 { return bytes }
      guard bytes.count + count <= largest else {
        throw .input("\(name) is larger than \(largest >> 20) MiB, the most that is read of one input")
      }
      bytes += buffer[..<count]
    }
  }
}

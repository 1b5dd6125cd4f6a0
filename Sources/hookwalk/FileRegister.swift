// Which files were read and which are written, so that no output takes the place of an input.

import Synchronization

/// The files that the command has read and those that it writes.
struct FileRegister {
  /// The names by which they were given.
  private var inputs: [FileStatus.Identity: String] = [:]
  private var outputs: [FileStatus.Identity: String] = [:]
  private var hasReadStandardInput = false

  private static let register = Mutex(FileRegister())

  /// Notes a file that is about to be read.
  ///
  /// - Throws: when it is the output, or a pipe or the standard input that was read already.
  static func read(_ status: FileStatus, _ name: String, isStandardInput: Bool = false) throws(CommandError) {
    try register.withLock { (register) throws(CommandError) in
      if let output = register.outputs[status.identity] { throw clash(name, output) }
      let isFirst = register.inputs.updateValue(name, forKey: status.identity) == nil
      if isStandardInput ? register.hasReadStandardInput : !isFirst && status.kind == .pipe {
        throw .usage(
          "\(name) was read already and is empty now: only one input can come from it, save the others as files")
      }
      if isStandardInput { register.hasReadStandardInput = true }
    }
  }

  /// Notes a file that is about to be written.
  ///
  /// - Throws: when it is one that was read.
  static func write(_ status: FileStatus, _ name: String) throws(CommandError) {
    try register.withLock { (register) throws(CommandError) in
      if let input = register.inputs[status.identity] { throw clash(input, name) }
      register.outputs[status.identity] = name
    }
  }

  /// Forgets that a file was read: it is to be changed in place, as the user asked.
  static func forget(_ status: FileStatus) { register.withLock { _ = $0.inputs.removeValue(forKey: status.identity) } }

  private static func clash(_ input: String, _ output: String) -> CommandError {
    .usage("the output \(output) is the input \(input): write it to another file")
  }
}

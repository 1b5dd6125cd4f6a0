// Which shell a script is for.

/// The shell that reads a script: where they differ, its first line decides.
public enum ShellDialect: Hashable, Sendable {
  /// A POSIX shell, as dash is.
  case posix
  /// bash, ksh or zsh: arrays, `[[ ]]`, `{a,b}`, `local` with arrays.
  case bash

  /// The shell that the first line names; a POSIX shell when it names none.
  public init(script bytes: [UInt8]) {
    self = .posix
    guard bytes.starts(with: "#!".utf8) else { return }
    let line = bytes.prefix(200).prefix { $0 != 0x0a && $0 != 0x0d }
    let words = line.dropFirst(2).split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x2f })
    for word in words {
      for name in ["bash", "ksh", "zsh"] where word.elementsEqual(name.utf8) { self = .bash }
    }
  }
}

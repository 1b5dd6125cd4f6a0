// The working directory of a script, as far as it is known.

/// Where files are whose names are relative.
enum ShellFolder: Hashable, Sendable {
  /// Where the script was called: what lies beside it is taken to lie there.
  case start
  /// The folder of the script.
  case script
  /// A folder by its path.
  case known(String)
  /// Not known, and why.
  case unknown(ShellUnknown)
}

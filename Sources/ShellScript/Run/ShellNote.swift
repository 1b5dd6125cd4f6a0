// What is to be said about a script that was read.

/// Something about a script.
public struct ShellNote: Hashable, Sendable {
  /// What it is about.
  public enum Kind: Hashable, Sendable {
    /// A line that could not be read, so that what comes of the script is not known.
    case unread
    /// The script does not end well: a syntax error, a bound.
    case broken
    /// Something that does not change what comes of it.
    case remark
  }

  /// What it is about.
  public var kind: Kind
  /// The file.
  public var file: String
  /// Where.
  public var place: ShellPlace
  /// What it is; lower case, without a period.
  public var message: String
  /// What to do, or nil.
  public var help: String?
}

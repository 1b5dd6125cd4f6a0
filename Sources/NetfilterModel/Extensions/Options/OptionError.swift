// What is wrong with an option.

/// A complaint about an option, without its place: the parser adds that.
public struct OptionError: Error, Hashable, Sendable {
  /// What is wrong; lower case, user input in backticks, no final period.
  public var message: String
  /// What to do, or nil.
  public var help: String?

  /// Makes a complaint.
  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}

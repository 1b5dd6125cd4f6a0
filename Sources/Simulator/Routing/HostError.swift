// What can be wrong with the description of a host.

import NetfilterModel

/// What is wrong with the description of a host.
public struct HostError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in lower case.
  public var message: String
  /// What to do, or nil.
  public var help: String?
  /// Makes an error.
  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
  /// The message, and what to do.
  public var description: String { help.map { "\(message); \($0)" } ?? message }
}

// What can be wrong with the description of a host.

import NetfilterModel

/// What is wrong with the description of a host.
public struct HostError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in lower case.
  public var message: String
  /// Makes an error.
  public init(_ message: String) { self.message = message }
  /// The message.
  public var description: String { message }
}

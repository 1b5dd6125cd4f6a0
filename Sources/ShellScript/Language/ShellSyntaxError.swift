// A script that a shell would not read to its end.

/// Where a script stops to be one, and why.
public struct ShellSyntaxError: Error, Hashable, Sendable {
  /// Where.
  public var place: ShellPlace
  /// What is wrong; lower case, without a period.
  public var message: String

  /// Makes an error.
  public init(_ place: ShellPlace, _ message: String) {
    self.place = place
    self.message = message
  }
}

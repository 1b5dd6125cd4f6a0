// A match or target that this version does not know: kept whole, printed as it was, and never decided.

/// An extension that nothing here knows.
public struct UnknownExtension: Hashable, Sendable {
  /// The name after `-m` or `-j`.
  public var name: String
  /// The words that belong to it, with `!`.
  public var arguments: [String]

  /// Makes an unknown extension.
  public init(name: String, arguments: [String] = []) {
    self.name = name
    self.arguments = arguments
  }

  /// Its words as they were written.
  public func save(into writer: inout SaveWriter) {
    for argument in arguments {
      writer.word(argument.hasPrefix("-") || argument == "!" ? argument : SaveWriter.quoted(argument))
    }
  }
}

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

  /// Its words as they were written, quoted where they would not be read as one word without quotes: which others the extension
  /// itself would quote is not known.
  public func save(into writer: inout SaveWriter) {
    for argument in arguments {
      let isPlain =
        !argument.isEmpty
        && argument.utf8.allSatisfy { $0 != 0x20 && ($0 < 0x09 || $0 > 0x0d) && $0 != 0x22 && $0 != 0x27 && $0 != 0x5c }
      writer.word(isPlain ? argument : SaveWriter.quoted(argument))
    }
  }
}

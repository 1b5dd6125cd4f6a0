// A value of a script: text, or what is not known.

/// A text, or why it is not known.
public struct ShellValue: Hashable, Sendable {
  /// The text; what is known of it when `unknown` is set.
  public var text: String
  /// Why the text is not known; nil when it is.
  public var unknown: ShellUnknown?

  /// Makes a known value.
  public init(_ text: String) { self.text = text }

  /// Makes a value that is not known.
  public init(unknown: ShellUnknown) {
    text = ""
    self.unknown = unknown
  }

  /// Whether the text is known.
  public var isKnown: Bool { unknown == nil }
}

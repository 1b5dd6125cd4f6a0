// -m comment: a remark; always matches.

/// A remark on a rule (kernel: `comment_mt`; man page: iptables-extensions, comment).
public struct CommentMatch: MatchExtension {
  /// The text, at most 255 bytes.
  public var text: String?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("comment", summary: "a remark; always matches")

  /// The option table; a longer text is cut to 255 bytes without a word.
  public static let options: [OptionSpec<CommentMatch>] = [
    .value(
      "comment", .init({ $0.text }, { $0.text = $1 }),
      ValueCodec("text") { (argument) throws(OptionError) in
        argument.text.utf8.count <= 255
          ? argument.text : String(decoding: argument.text.utf8.prefix(255), as: UTF8.self)
      } print: {
        SaveWriter.quoted($0)
      }, isMandatory: true)
  ]

  /// Asks nothing (kernel: `comment_mt`).
  public var conditions: [Condition] { [] }

  /// The comment.
  public var remark: String? { text }

  /// `/* text */`.
  public func listing(_ style: ListStyle) -> String { "/* \(text ?? "") */" }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m comment --comment hello"),
    .same("-A INPUT -m comment --comment \"hello world\""),
    .accepted("-A INPUT -m comment --comment a.b", saves: "-A INPUT -m comment --comment \"a.b\""),
    .same("-A INPUT -m comment --comment \"\""),
    .accepted(
      "-A INPUT -m comment --comment \"it's \\\"q\\\" \\\\ back\"",
      saves: "-A INPUT -m comment --comment \"it\\'s \\\"q\\\" \\\\ back\""),
    .accepted(
      "-A INPUT -m comment --comment \(String(repeating: "a", count: 300))",
      saves: "-A INPUT -m comment --comment \(String(repeating: "a", count: 255))"),
    .refused("-A INPUT -m comment"),
    .refused("-A INPUT -m comment ! --comment x"),
  ]
}

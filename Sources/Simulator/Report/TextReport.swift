// A walk as a person reads it: hooks, tables, the rules that matched, what changed, and who decided.

import NetfilterModel

/// Writes walks as text.
///
/// Each hook is a block. Rows name a place (`filter/FORWARD#3`) and show its rule with file and line. The packet is shown
/// again whenever it changed, with every value that differs. What the host sends by itself follows as a walk of its own.
public struct TextReport: Sendable {
  /// The look.
  public var style: Style
  /// Whether rules that did not match are shown with every condition that failed.
  public var explains: Bool

  /// Makes a report writer.
  public init(style: Style = Style(), explains: Bool = false) {
    self.style = style
    self.explains = explains
  }

  /// The report of one walk, with a newline at its end.
  ///
  /// - Parameter title: stands before it, or nil.
  public func render(_ walk: Walk, on host: LinuxHost, title: String? = nil) -> String {
    var writer = TextReportWriter(style: style, explains: explains, host: host)
    if let title { writer.title(title) }
    for step in walk.steps { writer.write(step) }
    if walk.omittedHits > 0 || (explains && walk.omittedMisses > 0) {
      let misses = explains ? ", and \(walk.omittedMisses) that did not match" : ""
      writer.text += "\n\(walk.omittedHits) more rules matched\(misses): they are not shown, as the walk has too many\n"
    }
    return writer.text
  }
}

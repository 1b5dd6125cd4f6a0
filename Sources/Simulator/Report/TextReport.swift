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
  /// Whether the host was made to fit the packets: where it routes a packet whose destination NAT changed is then a guess,
  /// and said to be one.
  public var isHostAssumed: Bool
  /// How many lines of a walk are shown at most; the rest is counted, and how the packet ended is shown behind it.
  public var mostLines: Int

  /// What the signs before rows mean; to be shown once before reports that explain.
  public static let legend = "+ matched, or a chain's end   - did not match   * the packet changed"
  /// The most lines of a walk that are shown when nothing else is said.
  public static let usualMostLines = 100_000

  /// Makes a report writer.
  public init(
    style: Style = Style(), explains: Bool = false, isHostAssumed: Bool = false,
    mostLines: Int = TextReport.usualMostLines
  ) {
    self.style = style
    self.explains = explains
    self.isHostAssumed = isHostAssumed
    self.mostLines = mostLines
  }

  /// The report of one walk, with a newline at its end.
  ///
  /// - Parameter title: stands before it, or nil.
  public func render(_ walk: Walk, on host: LinuxHost, title: String? = nil) -> String {
    var writer = TextReportWriter(self, host: host)
    if let title { writer.title(title) }
    for step in walk.steps { writer.write(step) }
    writer.finish(walk)
    return writer.written
  }

  /// Rows below the end of a walk: a name and a text each.
  package func rows(_ rows: [(name: String, text: String)], on host: LinuxHost) -> String {
    var writer = TextReportWriter(self, host: host)
    for row in rows { writer.row(row.name, row.text, marker: "   ") }
    return writer.written
  }
}

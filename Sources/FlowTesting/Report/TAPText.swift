// The lines of the Test Anything Protocol, version 13 and 14 (https://testanything.org).

import NetfilterModel

/// Writes lines of TAP.
package struct TAPText {
  /// What was written so far.
  package private(set) var text: String
  private var number = 0

  /// Begins a document of so many points.
  package init(version: Int, count: Int) { text = "TAP version \(version)\n1..\(count)\n" }

  /// Writes a point: `ok 1 - NAME # SKIP why`.
  package mutating func point(_ isFine: Bool, _ name: String, directive: String = "") {
    number += 1
    text += "\(isFine ? "" : "not ")ok \(number) - \(TAPText.plain(name))"
    text += (directive.isEmpty ? "" : " # " + TAPText.plain(directive)) + "\n"
  }

  /// Writes what is to be known of the last point, as a block of YAML; empty values are left out.
  package mutating func details(_ details: [(String, String)]) {
    let lines = details.filter { !$0.1.isEmpty }.map { "  \($0.0): \(JSONWriter.line(.text($0.1)))\n" }
    if !lines.isEmpty { text += "  ---\n" + lines.joined() + "  ...\n" }
  }

  /// A text without line ends, and without the sign that begins a directive.
  private static func plain(_ text: String) -> String {
    text.replacingScalars { $0 == "#" ? "\u{ff03}" : $0 == "\n" || $0 == "\r" ? " " : nil }
  }
}

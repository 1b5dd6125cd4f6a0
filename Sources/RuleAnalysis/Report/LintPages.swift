// The pages of the catalogue as text.

import NetfilterModel
import Simulator

/// The pages of the catalogue.
public enum LintPages {
  /// Every code in a line: number, name, severity, summary.
  public static var list: String {
    LintCatalogue.codes.map { code in
      let level = code.id.severity.rawValue + (code.isOn ? "" : ", off")
      return "\(code.id.number) \(code.id.rawValue) (\(level)): \(code.id.summary)\n"
    }.joined()
  }

  /// The page of a code by its number or name; nil for one that is not there.
  public static func explain(_ word: String) -> String? {
    guard let code = LintCatalogue.code(word) else {
      // A kind of problem that reading finds, without a page of its own.
      guard let id = DiagnosticCatalogue.entries.first(where: { "\($0.number)" == word || $0.rawValue == word }) else {
        return nil
      }
      return "\(id.number) \(id.rawValue) (\(id.severity.rawValue))\n\n\(id.summary).\nFound when the file is read.\n"
    }
    let page = code.page
    var text = "\(code.id.number) \(code.id.rawValue) (\(code.id.severity.rawValue))\n\n"
    text += Style.wrap("\(code.id.summary).", room: width).map { $0 + "\n" }.joined()
    text += "\nWhy\n" + paragraph(page.why)
    if !page.exceptions.isEmpty { text += "\nExceptions\n" + paragraph(page.exceptions) }
    if !page.host.isEmpty { text += "\nThe host\n" + indented(page.host) }
    if !page.otherFamily.isEmpty { text += "\nBeside these IPv4 rules\n" + indented(page.otherFamily) }
    text += "\nProblematic\(page.family == .ipv6 ? " (IPv6)" : "")\n" + indented(page.problematic)
    text += "\nCorrect\n" + indented(page.correct)
    switch code.basis {
    case .packet: text += "\nFound by walking a packet through the rules: `hookwalk lint --proof` shows it.\n"
    case .host: text += "\nFound where the host is described: `hookwalk lint --host FILE.flow`.\n"
    case .rules: text += "\nFound from the rules alone.\n"
    case .load: text += "\nFound when the file is read.\n"
    }
    return text + (code.isOn ? "" : "Off by default: choose it with `--select \(code.id.number)`.\n")
  }

  /// How wide a page is, in columns.
  private static let width = 80

  private static func paragraph(_ text: String) -> String {
    let line = text.split(separator: "\n").joined(separator: " ")
    return Style.wrap(line, room: width - 2).map { "  \($0)\n" }.joined()
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined()
      .trimmedEnd
  }
}

extension String {
  /// Without empty lines at its end.
  fileprivate var trimmedEnd: String {
    var text = self
    while text.hasSuffix("\n\n") { text.removeLast() }
    return text
  }
}

// What a project says to `hookwalk lint`: the file `.hookwalk`, in the folder or above it.

import NetfilterModel
import RuleAnalysis

/// The settings of a project.
struct LintSettings {
  var selected: [String] = []
  var ignored: [String] = []
  var severity: String?
  var failOn: String?
  var baseline: String?

  /// How many folders are looked into upwards.
  private static let highest = 64

  /// The settings that `--config` names, or those of the nearest `.hookwalk` from the first file's folder upwards.
  static func find(_ arguments: CommandArguments) throws(CommandError) -> LintSettings {
    if arguments.has("no-config") { return LintSettings() }
    if let path = arguments.value("config") { return try LintSettings(Terminal.read(path), file: path) }
    let first = arguments.operands.first ?? "."
    var folder = first == "-" ? "." : first
    if FileStatus(path: folder)?.kind == .regular || first == "-" {
      folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? "."
      if folder.isEmpty { folder = "/" }
    }
    for _ in 0..<highest {
      let path = folder.hasSuffix("/") ? folder + ".hookwalk" : folder + "/.hookwalk"
      if FileStatus(path: path)?.kind == .regular { return try LintSettings(Terminal.read(path), file: path) }
      guard let here = FileStatus(path: folder), let above = FileStatus(path: folder + "/.."),
        here.identity != above.identity
      else { return LintSettings() }
      folder += "/.."
    }
    return LintSettings()
  }

  private init() {}

  /// Reads lines `KEY = VALUE`; lines with `#` are remarks.
  init(_ text: String, file: String) throws(CommandError) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.drop { $0 == " " || $0 == "\t" }
      if line.isEmpty || line.hasPrefix("#") || line == "\r" { continue }
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let key = LintSettings.trimmed(parts[0])
      guard parts.count == 2 else {
        throw .input("\(file):\(index + 1): `\(LintSettings.trimmed(line))` has no `=`; write `ignore = 2006`")
      }
      let value = LintSettings.trimmed(parts[1])
      let levels = LintSelection.severities.map(\.rawValue)
      switch key {
      case "select": selected += try LintSettings.codes(value, file, index + 1)
      case "ignore": ignored += try LintSettings.codes(value, file, index + 1)
      case "severity":
        severity = try LintSettings.level(value, levels, file, index + 1)
      case "fail-on":
        failOn = try LintSettings.level(value, levels + ["never"], file, index + 1)
      case "baseline": baseline = Terminal.path(value, besides: file)
      default:
        throw .input(
          "\(file):\(index + 1): `\(key)` is no setting"
            + Dispatcher.suggestion(key, ["select", "ignore", "severity", "fail-on", "baseline"]))
      }
    }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let blanks: Set<Character> = [" ", "\t", "\r"]
    var text = Substring(text).drop { blanks.contains($0) }
    while let last = text.last, blanks.contains(last) { text.removeLast() }
    return String(text)
  }

  private static func level(_ value: String, _ known: [String], _ file: String, _ line: Int) throws(CommandError)
    -> String
  {
    if known.contains(value) { return value }
    throw .input("\(file):\(line): `\(value)` is none of " + known.joined(separator: " "))
  }

  private static func codes(_ value: String, _ file: String, _ line: Int) throws(CommandError) -> [String] {
    do throws(CommandError) { return try LintSession.codes([value]) ?? [] } catch {
      throw .input("\(file):\(line): " + error.message.drop { $0 != "`" })
    }
  }
}

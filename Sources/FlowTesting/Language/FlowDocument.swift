// A parsed text of the flow language.

import NetfilterModel
import Simulator

/// A parsed text.
public struct FlowDocument: Sendable {
  /// The statements in order; lines with errors are left out.
  public var statements: [FlowStatement] = []
  /// The problems in the order of their places.
  public var diagnostics: [Diagnostic] = []
  /// The files that it includes, with those that they include, as they are resolved.
  public internal(set) var includes: [String] = []

  /// Every file that was read, by its name, for diagnostics.
  var sources: [String: FlowSource] = [:]

  /// The line that a range is in, or nothing.
  func sourceLine(_ range: SourceRange) -> String { sources[range.file]?.sourceLine(range.line) ?? "" }

  /// Whether one of the problems is an error.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
  /// The tests.
  public var tests: [FlowTest] {
    statements.compactMap { if case .test(let test) = $0 { test } else { nil } }
  }
  /// The rule files that it names: the family, the path as it is written, the arguments of a script, and the file that names it.
  public var ruleFiles: [(family: AddressFamily, path: String, arguments: [String], namedIn: String)] {
    statements.compactMap {
      if case .setup(.rules(let family, let path, let arguments), let range) = $0 {
        (family, path, arguments, range.file)
      } else {
        nil
      }
    }
  }
  /// The steps outside tests.
  public var steps: [FlowStep] {
    statements.compactMap { if case .step(let step) = $0 { step } else { nil } }
  }

  /// Puts the lines of another text above its own that describe a host.
  mutating func describe(on base: FlowDocument) {
    let setups = base.statements.filter { if case .setup = $0 { true } else { false } }
    statements = setups + statements
    diagnostics = base.diagnostics + diagnostics
    for (file, text) in base.sources where sources[file] == nil { sources[file] = text }
  }
}

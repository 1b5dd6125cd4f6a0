// A rule file, read and compiled once for every host and every step that loads it.

import NetfilterModel
import RuleScripts
import Simulator

/// What came of reading a rule file.
public struct LoadableRules: Sendable {
  /// Its problems.
  public let diagnostics: [Diagnostic]
  /// Its rules; nil with an error among the problems.
  public let compiled: CompiledRules?

  /// Reads and compiles the text of a rule file, or of a script of iptables commands.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - file: its name, for diagnostics.
  ///   - family: whose rules are wanted.
  ///   - scripts: what a script is given.
  public init(_ text: String, file: String, family: AddressFamily, scripts: ScriptOptions = ScriptOptions()) {
    let parsed = RuleText.parse(Array(text.utf8), file: file, family: family, options: scripts)
    if parsed.hasErrors {
      diagnostics = parsed.diagnostics
      compiled = nil
      return
    }
    do throws(RulesetRefusal) {
      compiled = try CompiledRules(parsed.ruleset)
      diagnostics = parsed.diagnostics
    } catch {
      compiled = nil
      diagnostics =
        parsed.diagnostics + [
          Diagnostic(.notLoadable, at: SourceRange(file: file, line: 1, column: 1), error.description)
        ]
    }
  }
}

extension LoadableRules {
  private init(_ compiled: CompiledRules?, _ diagnostics: [Diagnostic]) {
    self.compiled = compiled
    self.diagnostics = diagnostics
  }

  /// The same for a host with some sets: without rules where one names a set that is not there.
  func checked(with sets: SetCollection, text: String, file: String) -> LoadableRules {
    guard let compiled else { return self }
    let problems = SetCheck.problems(in: compiled.ruleset, sets: sets, text: Array(text.utf8), file: file)
    return problems.isEmpty ? self : LoadableRules(nil, diagnostics + problems)
  }
}

/// A rule file by its name, read for a family.
struct RuleFileKey: Hashable {
  var family: AddressFamily
  var path: String
}

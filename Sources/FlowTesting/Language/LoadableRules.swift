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
  /// What a script changes of the host besides its rules.
  public let changes: [ScriptChange]

  /// Reads and compiles the text of a rule file, or of a script of iptables commands.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - key: its name, for diagnostics, the family whose rules are wanted, and the arguments of a script.
  ///   - scripts: what a script is given; its arguments count where `key` has none.
  public init(_ text: String, _ key: RuleFileKey, scripts: ScriptOptions = ScriptOptions()) {
    let bytes = Array(text.utf8)
    var diagnostics: [Diagnostic]
    let ruleset: Ruleset
    if RuleScript.isScript(bytes) {
      var options = scripts
      if !key.arguments.isEmpty { options.arguments = key.arguments }
      let script = RuleScript.read(bytes, file: key.path, options: options)
      (ruleset, diagnostics, changes) = (script[key.family], script.diagnostics, script.changes)
    } else {
      let parsed = RestoreParser.parse(bytes, file: key.path, family: key.family)
      (ruleset, diagnostics, changes) = (parsed.ruleset, parsed.diagnostics, [])
      if let first = key.arguments.first {
        diagnostics.append(
          Diagnostic(
            .unexpectedWord, at: SourceRange(file: key.path, line: 1, column: 1),
            "`\(first)` stands behind the name of this file, and only a script takes arguments",
            help: "leave it out, or begin the script with a line such as `#!/bin/sh`"))
      }
    }
    var rules: CompiledRules?
    if !diagnostics.contains(where: { $0.severity == .error }) {
      do throws(RulesetRefusal) { rules = try CompiledRules(ruleset) } catch {
        diagnostics.append(
          Diagnostic(.notLoadable, at: SourceRange(file: key.path, line: 1, column: 1), error.description))
      }
    }
    compiled = rules
    self.diagnostics = diagnostics
  }

  /// Reads and compiles the text of a rule file or of a script without arguments.
  public init(_ text: String, file: String, family: AddressFamily, scripts: ScriptOptions = ScriptOptions()) {
    self.init(text, RuleFileKey(family: family, path: file), scripts: scripts)
  }
}

extension LoadableRules {
  private init(_ diagnostics: [Diagnostic], _ changes: [ScriptChange]) {
    compiled = nil
    self.diagnostics = diagnostics
    self.changes = changes
  }

  /// The same for a host with some sets: without rules where one names a set that is not there.
  package func checked(with sets: SetCollection, text: String, file: String) -> LoadableRules {
    guard let compiled else { return self }
    let problems = SetCheck.problems(in: compiled.ruleset, sets: sets, text: Array(text.utf8), file: file)
    return problems.isEmpty ? self : LoadableRules(diagnostics + problems, changes)
  }
}

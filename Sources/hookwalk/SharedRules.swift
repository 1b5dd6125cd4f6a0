// Rule files that several files of tests load are read once.

import FlowTesting
import NetfilterModel
import RuleScripts
import Synchronization

/// What was made of rule files, for all threads.
final class SharedRules: Sendable {
  private struct Entry {
    var text: String
    var rules: LoadableRules
  }

  private let known = Mutex<[RuleFileKey: Entry]>([:])
  private let scripts: ScriptOptions

  /// Reads scripts with these options.
  init(_ scripts: ScriptOptions) { self.scripts = scripts }

  /// What was made of a rule file's text, now or before.
  func read(_ text: String, _ key: RuleFileKey) -> LoadableRules {
    if let before = known.withLock({ $0[key] }), before.text == text { return before.rules }
    let rules = LoadableRules(text, key, scripts: scripts)
    known.withLock { $0[key] = Entry(text: text, rules: rules) }
    return rules
  }
}

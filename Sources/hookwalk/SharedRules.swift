// Rule files that several files of tests load are read once.

import FlowTesting
import NetfilterModel
import Synchronization

/// What was made of rule files, for all threads.
final class SharedRules: Sendable {
  private struct Key: Hashable {
    var file: String
    var family: AddressFamily
  }

  private struct Entry {
    var text: String
    var rules: LoadableRules
  }

  private let known = Mutex<[Key: Entry]>([:])

  /// What was made of a rule file's text, now or before.
  func read(_ text: String, _ file: String, _ family: AddressFamily) -> LoadableRules {
    let key = Key(file: file, family: family)
    if let before = known.withLock({ $0[key] }), before.text == text { return before.rules }
    let rules = LoadableRules(text, file: file, family: family)
    known.withLock { $0[key] = Entry(text: text, rules: rules) }
    return rules
  }
}

// Which places of an expectation exist in the rules.

import NetfilterModel
import Simulator

/// The chains, comments and lines of rulesets, found without going through the rules for each place.
struct KnownPlaces {
  private struct Key: Hashable {
    var table: TableKind
    var chain: String
  }

  private struct KnownChain {
    var ruleCount = 0
    var isBuiltIn = false
  }

  typealias Problem = (message: String, help: String?)

  private let rulesets: [Ruleset]
  private var chains: [Key: KnownChain] = [:]
  private var tables: Set<TableKind> = []
  private var comments: Set<String>?
  private var lines: Set<Int>?
  /// How many problems were found.
  private var problems = 0
  /// The most problems for which a name is suggested, as that compares with all names.
  private static let mostSuggestions = 100

  init(_ rulesets: [Ruleset]) {
    self.rulesets = rulesets
    for ruleset in rulesets {
      for table in ruleset.tables {
        tables.insert(table.kind)
        for chain in table.chains {
          let key = Key(table: table.kind, chain: chain.name)
          var known = chains[key] ?? KnownChain()
          known.ruleCount = max(known.ruleCount, chain.rules.count)
          known.isBuiltIn = known.isBuiltIn || chain.isBuiltIn
          chains[key] = known
        }
      }
    }
  }

  /// Why no rule can be here, or nil.
  mutating func problem(_ place: FlowPlace) -> Problem? {
    let problem = find(place)
    if problem != nil { problems += 1 }
    return problem
  }

  private mutating func find(_ place: FlowPlace) -> Problem? {
    switch place {
    case .chain(let table, let name), .rule(let table, let name, _), .policy(let table, let name):
      guard tables.contains(table) else { return ("the rules have no table `\(table.name)`", nil) }
      guard let chain = chains[Key(table: table, chain: name)] else {
        let names = chains.keys.lazy.filter { $0.table == table }.map { $0.chain }
        return ("table `\(table.name)` has no chain `\(name)`", nearest(name, names).map { "did you mean `\($0)`?" })
      }
      if case .rule(_, _, let number) = place, number > chain.ruleCount {
        return ("`\(table.name)/\(name)` has no rule \(number)", "it has \(chain.ruleCount)")
      }
      if case .policy = place, !chain.isBuiltIn {
        return ("`\(table.name)/\(name)` has no policy, as it is not a built-in chain", nil)
      }
      return nil
    case .comment(let text):
      let known = comments ?? Set(rules.flatMap { $0.matches }.compactMap { $0.remark })
      comments = known
      if known.contains(text) { return nil }
      return ("no rule has the comment `\(text)`", nearest(text, known).map { "did you mean \"\($0)\"?" })
    case .line(let line):
      let known = lines ?? Set(rules.compactMap { $0.location?.line })
      lines = known
      return known.contains(line) ? nil : ("no rule stands in line \(line) of the rule files", nil)
    }
  }

  private var rules: some Sequence<Rule> {
    rulesets.lazy.flatMap { $0.tables }.flatMap { $0.chains }.flatMap { $0.rules }
  }

  private func nearest(_ word: String, _ names: some Sequence<String>) -> String? {
    problems < KnownPlaces.mostSuggestions ? Spelling.nearest(to: word, among: names) : nil
  }
}

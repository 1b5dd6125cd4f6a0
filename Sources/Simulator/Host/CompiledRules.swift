// Rules that were checked and compiled once, for all hosts that load them.

import NetfilterModel

/// A ruleset that was checked and compiled: every host that loads it shares what its packets walk.
public struct CompiledRules: Sendable {
  /// The rules as they were given, with their counters.
  public let ruleset: Ruleset
  let programs: [TableProgram]

  /// Checks and compiles a ruleset.
  ///
  /// - Throws: `RulesetRefusal` with everything that iptables or the kernel would refuse (`RulesetCheck`).
  public init(_ ruleset: Ruleset) throws(RulesetRefusal) {
    let family = ruleset.family
    let graphs = ruleset.tables.map { ChainGraph($0) }
    var findings: [RulesetFinding] = []
    for (place, graph) in graphs.enumerated() {
      let objects = RulesetCheck.objects(of: ruleset.tables[..<place])
      findings += RulesetCheck.findings(in: ruleset.tables[place], family: family, graph: graph, objects: objects)
    }
    if !findings.isEmpty { throw RulesetRefusal(findings: findings) }
    self.ruleset = ruleset
    programs = zip(ruleset.tables, graphs).map { TableCompiler.compile($0, $1, family: family) }
  }

  /// Whether a match in them may be undecided.
  package var mayBeUndecided: Bool { programs.contains { $0.mayBeUndecided } }
}

// What is wrong with rules that are there as values, whoever made them.

/// Something that iptables or the kernel refuses about a table.
public struct RulesetFinding: Hashable, Sendable {
  /// What of a chain or rule is refused.
  public enum Part: Hashable, Sendable {
    /// The table as a whole.
    case table
    /// The chain itself.
    case chain
    /// The inline conditions of the rule.
    case header
    /// What the rule does, when that is a verdict, a jump or a goto.
    case action
    /// A match, by its place in the rule from 0.
    case match(Int)
    /// The target.
    case target
  }

  /// The kind of problem.
  public var id: DiagnosticID
  /// The table.
  public var table: TableKind
  /// The name of the chain; empty for the table as a whole.
  public var chain: String
  /// Where the rule stands; `.chain(_:)` and `.table` for what is wrong with a whole chain or table.
  public var position: ChainGraph.RulePosition
  /// What is refused.
  public var part: Part
  /// What is wrong, in lower case; names stand in backticks.
  public var message: String
  /// What to do, or nil.
  public var help: String?
  /// What iptables says, where it is not "Invalid argument".
  var tool: String?
  /// Where the rule or the chain was written, when it was read from a file.
  public var location: SourceRange?

  /// Makes a finding, of the table as a whole when nothing else is said.
  public init(
    id: DiagnosticID, table: TableKind, chain: String = "", position: ChainGraph.RulePosition = .table,
    part: Part = .table, message: String, help: String? = nil, location: SourceRange? = nil
  ) {
    self.id = id
    self.table = table
    self.chain = chain
    self.position = position
    self.part = part
    self.message = message
    self.help = help
    self.location = location
  }
}

extension RulesetFinding: CustomStringConvertible {
  /// The place and what is wrong: `filter/INPUT#3: ...`.
  public var description: String {
    let place: String
    if chain.isEmpty {
      place = "table `\(table.name)`"
    } else if position.rule < 0 {
      place = "\(table.name)/\(chain)"
    } else {
      place = "\(table.name)/\(chain)#\(position.rule + 1)"
    }
    return "\(place): \(message)"
  }
}

/// Why a ruleset cannot be loaded.
public struct RulesetRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is refused; at least one finding.
  public var findings: [RulesetFinding]

  /// Makes an error.
  public init(findings: [RulesetFinding]) { self.findings = findings }

  /// The first three findings, and how many more there are.
  public var description: String {
    let more = findings.count - 3
    return findings.prefix(3).map { $0.description }.joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
  }
}

// What the words of one command mean, before it is applied to a table.

/// A rule as it was written, with the places that a later complaint points at.
public struct WrittenRule: Sendable {
  /// The rule; its action is settled.
  public var rule: Rule
  /// Where the words of the rule stand in its line.
  public var span: Range<Int>
  /// Where the chain after `-j` or `-g` stands, or nil.
  var actionSpan: Range<Int>?
  /// The extensions, matches in order and then the target.
  var extensions: [WrittenExtension] = []
}

/// An extension's place in a written rule.
struct WrittenExtension: Sendable {
  /// Where its name stands, or the option that loaded it.
  var span: Range<Int>
}

/// One command of iptables on a table.
public enum RulesetCommand: Sendable {
  /// `-A`: several rules when several addresses were given.
  case append(chain: String, rules: [WrittenRule])
  /// `-I`, number from 1.
  case insert(chain: String, number: Int, rules: [WrittenRule])
  /// `-R`, number from 1.
  case replace(chain: String, number: Int, rule: WrittenRule)
  /// `-D` with a rule.
  case delete(chain: String, rules: [WrittenRule])
  /// `-D` with a number from 1.
  case deleteNumber(chain: String, number: Int)
  /// `-C`.
  case check(chain: String, rules: [WrittenRule])
  /// `-F`; nil for every chain.
  case flush(chain: String?)
  /// `-Z`; nil for every chain or every rule.
  case zero(chain: String?, number: Int?)
  /// `-N`.
  case newChain(String)
  /// `-X`; nil for every user chain.
  case deleteChain(String?)
  /// `-E`.
  case renameChain(from: String, to: String)
  /// `-P`.
  case setPolicy(chain: String, policy: String, counters: Counters?)
  /// `-L`; `isZeroing` says that `-Z` stands beside it.
  case list(chain: String?, number: Int?, style: ListOptions, isZeroing: Bool)
  /// `-S`; `isZeroing` says that `-Z` stands beside it.
  case listRules(chain: String?, number: Int?, verbose: Bool, isZeroing: Bool)
  /// A line for the other family (`-6` in iptables-restore).
  case nothing
  /// `-V`.
  case version
  /// `-h`.
  case help

  /// The chain that the rules of the command lead to, or nil.
  var target: String? {
    switch self {
    case .append(_, let rules), .insert(_, _, let rules), .delete(_, let rules), .check(_, let rules):
      rules.first?.rule.action.chainName
    case .replace(_, _, let rule): rule.rule.action.chainName
    default: nil
    }
  }
}

/// The command together with what it was said on.
public struct ParsedCommand: Sendable {
  /// The command.
  public var command: RulesetCommand
  /// The table after `-t`, or nil.
  public var table: TableKind?
  /// Where the chain's name stands.
  public var chainSpan: Range<Int>
  /// Where the number, new name or policy stands.
  public var secondSpan: Range<Int>
  /// Whether `-v` was given.
  public var isVerbose = false
  /// Whether `-v` was given more than once, which prints what libiptc holds.
  public var isVeryVerbose = false
}

/// A problem in a line, before the line is known as a place in a file.
struct Finding: Sendable {
  var id: DiagnosticID
  var severity: Severity
  var span: Range<Int>
  var message: String
  var help: String?
  /// What iptables itself says, where that is known.
  var refusal: ToolRefusal?

  /// Makes a finding, as bad as its kind when nothing else is said.
  init(
    id: DiagnosticID, severity: Severity? = nil, span: Range<Int>, message: String, help: String? = nil,
    refusal: ToolRefusal? = nil
  ) {
    self.refusal = refusal
    self.id = id
    self.severity = severity ?? id.severity
    self.span = span
    self.message = message
    self.help = help
  }
}

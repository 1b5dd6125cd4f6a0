// The words of libiptc for what it and the kernel refuse.

extension ToolRefusal {
  /// What is said when a command that was understood is refused (libiptc: `iptc_strerror`).
  init(_ id: DiagnosticID, of command: RulesetCommand) {
    switch id {
    case .unknownChain:
      switch command {
      case .check, .delete: self = .system("Bad rule (does a matching rule exist in that chain?)")
      case .setPolicy: self = .system("Bad built-in chain name")
      default: self = .system("No chain/target/match by that name")
      }
    case .ruleNumberTooLarge:
      switch command {
      case .insert: self = .system("Index of insertion too big")
      case .replace: self = .system("Index of replacement too big")
      case .zero: self = .system("Index of counter too big")
      default: self = .system("Index of deletion too big")
      }
    case .noSuchRule:
      // libiptc looks the target up among the chains first, and that is the failure that it remembers.
      let isVerdict =
        switch command {
        case .check(_, let rules), .delete(_, let rules): rules.last?.rule.action.isVerdictOrNone ?? true
        default: true
        }
      self = .system(
        isVerdict
          ? "Bad rule (does a matching rule exist in that chain?)" : "No chain/target/match by that name")
    case .chainExists, .badChainName:
      if case .renameChain(_, let new) = command {
        self = new.utf8.count > 31 ? .invalid("Invalid argument") : .system("File exists")
      } else {
        self = .system("Chain already exists")
      }
    case .chainInUse: self = .system("Too many links")
    case .chainNotEmpty: self = .system("Directory not empty")
    case .chainIsBuiltIn:
      if case .renameChain = command {
        self = .system("No chain/target/match by that name")
      } else {
        self = .invalid("Invalid argument")
      }
    case .badPolicy: self = .invalid("Bad policy name")
    case .policyOnUserChain: self = .system("Bad built-in chain name")
    case .chainLoop: self = .system("Too many levels of symbolic links")
    default: self = .invalid("Invalid argument")
    }
  }
}

extension RuleAction {
  /// Whether the action needs no name of a chain or an extension.
  fileprivate var isVerdictOrNone: Bool {
    switch self {
    case .none, .verdict: true
    case .jump, .goto, .target: false
    }
  }
}

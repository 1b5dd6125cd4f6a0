// Problems of a rule file and its lines: 1001 to 1099. A number is never given twice, and new entries come last.

extension DiagnosticID {
  /// A table is not ended by a line `COMMIT`, so that nothing of it is loaded.
  public static let missingCommit = DiagnosticID(
    1001, "missing-commit", "A table is not ended by a line `COMMIT`, so that nothing of it is loaded")
  /// A line looks like `COMMIT` but is not exactly that.
  public static let badCommit = DiagnosticID(
    1002, "bad-commit", "A line looks like `COMMIT` but is not exactly that")
  /// The last `COMMIT` is not followed by a newline, so that it does not count.
  public static let missingNewline = DiagnosticID(
    1003, "missing-newline", "The last `COMMIT` is not followed by a newline, so that it does not count")
  /// A line stands before the first table or behind a `COMMIT`.
  public static let lineOutsideTable = DiagnosticID(
    1004, "line-outside-table", "A line stands before the first table or behind a `COMMIT`")
  /// There is no table of this name.
  public static let unknownTable = DiagnosticID(
    1005, "unknown-table", "There is no table of this name")
  /// A line is longer than iptables-restore reads as one.
  public static let lineTooLong = DiagnosticID(
    1006, "line-too-long", "A line is longer than iptables-restore reads as one")
  /// A line has more words, or a longer one, than iptables-restore takes.
  public static let lineTooComplex = DiagnosticID(
    1007, "line-too-complex", "A line has more words, or a longer one, than iptables-restore takes")
  /// A line ends with a carriage return, which counts as part of its last word.
  public static let carriageReturn = DiagnosticID(
    1008, "carriage-return", "A line ends with a carriage return, which counts as part of its last word")
  /// A quote is opened and not closed on the same line.
  public static let unclosedQuote = DiagnosticID(
    1009, "unclosed-quote", "A quote is opened and not closed on the same line")
  /// A line has no command such as `-A`.
  public static let noCommand = DiagnosticID(
    1010, "no-command", "A line has no command such as `-A`")
  /// A line has more than one command.
  public static let twoCommands = DiagnosticID(
    1011, "two-commands", "A line has more than one command")
  /// A pair of counters is missing or cannot be read.
  public static let badCounters = DiagnosticID(
    1012, "bad-counters", "A pair of counters is missing or cannot be read")
  /// One of the counters behind `-c` is not a number.
  public static let badCounter = DiagnosticID(
    1013, "bad-counter", "One of the counters behind `-c` is not a number")
  /// A table would have more rules than are taken here.
  public static let tooManyRules = DiagnosticID(
    1014, "too-many-rules", "A table would have more rules than are taken here")
  /// A chain has fewer rules than the number says.
  public static let ruleNumberTooLarge = DiagnosticID(
    1015, "rule-number-too-large", "A chain has fewer rules than the number says")
  /// The number of a rule is not a number from 1.
  public static let badRuleNumber = DiagnosticID(
    1016, "bad-rule-number", "The number of a rule is not a number from 1")
  /// `-R` does not say which rule it replaces.
  public static let missingRuleNumber = DiagnosticID(
    1017, "missing-rule-number", "`-R` does not say which rule it replaces")
  /// `-R` has addresses that make several rules.
  public static let severalReplacements = DiagnosticID(
    1018, "several-replacements", "`-R` has addresses that make several rules")
  /// A rule that is to be deleted or checked for is not there.
  public static let noSuchRule = DiagnosticID(
    1019, "no-such-rule", "A rule that is to be deleted or checked for is not there")
  /// An option means nothing for the command of its line.
  public static let optionNotForCommand = DiagnosticID(
    1020, "option-not-for-command", "An option means nothing for the command of its line")
  /// An option cannot be used inside a rule file.
  public static let optionNotInFile = DiagnosticID(
    1021, "option-not-in-file", "An option cannot be used inside a rule file")
  /// An option is no part of a rule.
  public static let optionNotInRule = DiagnosticID(
    1022, "option-not-in-rule", "An option is no part of a rule")
  /// A rule of a rule file names its table with `-t`.
  public static let tableInRule = DiagnosticID(
    1023, "table-in-rule", "A rule of a rule file names its table with `-t`")
  /// A rule file has no table, so that nothing is loaded.
  public static let emptyRuleFile = DiagnosticID(
    1024, "empty-rule-file", "A rule file has no table, so that nothing is loaded", .warning)
  /// A rule file has more problems than are listed.
  public static let tooManyProblems = DiagnosticID(
    1025, "too-many-problems", "A rule file has more problems than are listed")
  /// A table is left out that iptables-nft-save could not show.
  public static let incompatibleTable = DiagnosticID(
    1026, "incompatible-table", "A table is left out that iptables-nft-save could not show", .warning)
}

extension DiagnosticCatalogue {
  static let ruleFiles: [DiagnosticID] = [
    .missingCommit, .badCommit, .missingNewline, .lineOutsideTable, .unknownTable, .lineTooLong,
    .lineTooComplex, .carriageReturn, .unclosedQuote, .noCommand, .twoCommands, .badCounters, .badCounter,
    .tooManyRules, .ruleNumberTooLarge, .badRuleNumber, .missingRuleNumber, .severalReplacements, .noSuchRule,
    .optionNotForCommand, .optionNotInFile, .optionNotInRule, .tableInRule, .emptyRuleFile, .tooManyProblems,
    .incompatibleTable,
  ]
}

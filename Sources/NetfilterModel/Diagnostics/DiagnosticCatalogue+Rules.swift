// Problems of words, options and inline conditions of a rule: 1201 to 1299. A number is never given twice, and new
// entries come last.

extension DiagnosticID {
  /// A word belongs to no option.
  public static let strayWord = DiagnosticID(
    1201, "stray-word", "A word belongs to no option")
  /// Words stand behind `--`, where they mean nothing.
  public static let strayWords = DiagnosticID(
    1202, "stray-words", "Words stand behind `--`, where they mean nothing")
  /// There is no option of this name.
  public static let unknownOption = DiagnosticID(
    1203, "unknown-option", "There is no option of this name")
  /// An option is short for several options.
  public static let ambiguousOption = DiagnosticID(
    1204, "ambiguous-option", "An option is short for several options")
  /// An option needs an argument, or one more.
  public static let missingArgument = DiagnosticID(
    1205, "missing-argument", "An option needs an argument, or one more")
  /// An option takes no argument and was given one.
  public static let unexpectedArgument = DiagnosticID(
    1206, "unexpected-argument", "An option takes no argument and was given one")
  /// An argument stands without a blank behind its option, which is taken as part of it.
  public static let gluedArgument = DiagnosticID(
    1207, "glued-argument",
    "An argument stands without a blank behind its option, which is taken as part of it", .warning)
  /// An option is given more than once.
  public static let optionGivenTwice = DiagnosticID(
    1208, "option-given-twice", "An option is given more than once")
  /// An option is for the other IP version.
  public static let optionForOtherFamily = DiagnosticID(
    1209, "option-for-other-family", "An option is for the other IP version")
  /// Two options cannot stand beside each other.
  public static let optionsExcludeEachOther = DiagnosticID(
    1210, "options-exclude-each-other", "Two options cannot stand beside each other")
  /// Two `!` stand in a row.
  public static let negationTwice = DiagnosticID(
    1211, "negation-twice", "Two `!` stand in a row")
  /// Nothing that could be negated follows `!`.
  public static let negationOfNothing = DiagnosticID(
    1212, "negation-of-nothing", "Nothing that could be negated follows `!`")
  /// `!` stands before an option that cannot be negated.
  public static let negationNotAllowed = DiagnosticID(
    1213, "negation-not-allowed", "`!` stands before an option that cannot be negated")
  /// `!` stands before several addresses.
  public static let negatedAddressList = DiagnosticID(
    1214, "negated-address-list", "`!` stands before several addresses")
  /// A word is not an address of the IP version that is meant.
  public static let badAddress = DiagnosticID(
    1215, "bad-address", "A word is not an address of the IP version that is meant")
  /// There is no protocol of this name.
  public static let unknownProtocol = DiagnosticID(
    1216, "unknown-protocol", "There is no protocol of this name")
  /// `! -p all` would never match.
  public static let protocolNeverMatches = DiagnosticID(
    1217, "protocol-never-matches", "`! -p all` would never match")
  /// The name of an interface is empty.
  public static let emptyInterface = DiagnosticID(
    1218, "empty-interface", "The name of an interface is empty")
  /// The name of an interface is longer than 15 bytes.
  public static let interfaceTooLong = DiagnosticID(
    1219, "interface-too-long", "The name of an interface is longer than 15 bytes")
  /// No interface can have this name.
  public static let oddInterfaceName = DiagnosticID(
    1220, "odd-interface-name", "No interface can have this name", .warning)
  /// A built-in chain is asked about an interface that packets do not have there.
  public static let interfaceInWrongChain = DiagnosticID(
    1221, "interface-in-wrong-chain", "A built-in chain is asked about an interface that packets do not have there")
  /// The name of a target cannot be one.
  public static let badTargetName = DiagnosticID(
    1222, "bad-target-name", "The name of a target cannot be one")
}

extension DiagnosticCatalogue {
  static let rules: [DiagnosticID] = [
    .strayWord, .strayWords, .unknownOption, .ambiguousOption, .missingArgument, .unexpectedArgument,
    .gluedArgument, .optionGivenTwice, .optionForOtherFamily, .optionsExcludeEachOther, .negationTwice,
    .negationOfNothing, .negationNotAllowed, .negatedAddressList, .badAddress, .unknownProtocol,
    .protocolNeverMatches, .emptyInterface, .interfaceTooLong, .oddInterfaceName, .interfaceInWrongChain,
    .badTargetName,
  ]
}

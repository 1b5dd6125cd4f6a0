// Problems of set files: 1601 to 1699. A number is never given twice, and new entries come last.

extension DiagnosticID {
  /// A line of a set file is no command that `ipset restore` takes.
  public static let badSetLine = DiagnosticID(
    1601, "bad-set-line", "A line of a set file is no command that `ipset restore` takes")
  /// An option of a set or an entry is unknown, given twice or without its value.
  public static let badSetOption = DiagnosticID(
    1602, "bad-set-option", "An option of a set or an entry is unknown, given twice or without its value")
  /// A value in a set file cannot be read.
  public static let badSetValue = DiagnosticID(
    1603, "bad-set-value", "A value in a set file cannot be read")
  /// An entry has not the form that the type of its set wants.
  public static let badSetEntry = DiagnosticID(
    1604, "bad-set-entry", "An entry has not the form that the type of its set wants")
  /// There is no type of sets of this name.
  public static let unknownSetType = DiagnosticID(
    1605, "unknown-set-type", "There is no type of sets of this name")
  /// There is no set of this name.
  public static let unknownSet = DiagnosticID(
    1606, "unknown-set", "There is no set of this name")
  /// There is another set of this name.
  public static let setExists = DiagnosticID(
    1607, "set-exists", "There is another set of this name")
  /// The kernel refuses to make a set.
  public static let setRefused = DiagnosticID(
    1608, "set-refused", "The kernel refuses to make a set")
  /// The kernel refuses an entry.
  public static let entryRefused = DiagnosticID(
    1609, "entry-refused", "The kernel refuses an entry")
  /// An entry has what its set was not created for.
  public static let missingSetExtension = DiagnosticID(
    1610, "missing-set-extension", "An entry has what its set was not created for")
  /// An entry is in the set already.
  public static let entryExists = DiagnosticID(
    1611, "entry-exists", "An entry is in the set already")
  /// An entry is not in the set.
  public static let entryMissing = DiagnosticID(
    1612, "entry-missing", "An entry is not in the set")
  /// A set is full.
  public static let setFull = DiagnosticID(
    1613, "set-full", "A set is full")
  /// A set is in use.
  public static let setInUse = DiagnosticID(
    1614, "set-in-use", "A set is in use")
  /// Two sets cannot be exchanged.
  public static let setsDiffer = DiagnosticID(
    1615, "sets-differ", "Two sets cannot be exchanged")
  /// A `test` in a set file fails, which ends `ipset restore`.
  public static let failedSetTest = DiagnosticID(
    1616, "failed-set-test", "A `test` in a set file fails, which ends `ipset restore`")
  /// What becomes of a set is up to chance, or too large to be simulated.
  public static let setNotSimulated = DiagnosticID(
    1617, "set-not-simulated", "What becomes of a set is up to chance, or too large to be simulated")
  /// An option of an older version has no effect.
  public static let ignoredSetOption = DiagnosticID(
    1618, "ignored-set-option", "An option of an older version has no effect", .warning)
  /// A rule names a set of the other family.
  public static let setForOtherFamily = DiagnosticID(
    1619, "set-for-other-family", "A rule names a set of the other family")
  /// `ipset restore` reads nothing behind a `test`.
  public static let lastSetTest = DiagnosticID(
    1620, "last-set-test", "`ipset restore` reads nothing behind a `test`", .warning)
}

extension DiagnosticCatalogue {
  static let sets: [DiagnosticID] = [
    .badSetLine, .badSetOption, .badSetValue, .badSetEntry, .unknownSetType, .unknownSet, .setExists, .setRefused,
    .entryRefused, .missingSetExtension, .entryExists, .entryMissing, .setFull, .setInUse, .setsDiffer, .failedSetTest,
    .setNotSimulated, .ignoredSetOption, .setForOtherFamily, .lastSetTest,
  ]
}

// Problems of the flow language, of hosts and of packets as text: 1401 to 1499. A number is never given twice, and
// new entries come last.

extension DiagnosticID {
  /// A line starts with a word that is no keyword.
  public static let unknownKeyword = DiagnosticID(
    1401, "unknown-keyword", "A line starts with a word that is no keyword")
  /// A word is not expected where it stands.
  public static let unexpectedWord = DiagnosticID(
    1402, "unexpected-word", "A word is not expected where it stands")
  /// A line ends before it says everything.
  public static let missingWord = DiagnosticID(
    1403, "missing-word", "A line ends before it says everything")
  /// A setting has no `=`.
  public static let missingEquals = DiagnosticID(
    1404, "missing-equals", "A setting has no `=`")
  /// A setting has no value.
  public static let missingValue = DiagnosticID(
    1405, "missing-value", "A setting has no value")
  /// `>` is missing between the two ends of a packet.
  public static let missingArrow = DiagnosticID(
    1406, "missing-arrow", "`>` is missing between the two ends of a packet")
  /// An assumption does not say whether its match holds.
  public static let missingAnswer = DiagnosticID(
    1407, "missing-answer", "An assumption does not say whether its match holds")
  /// Something is not known to the simulator yet.
  public static let notModelled = DiagnosticID(
    1408, "not-modelled", "Something is not known to the simulator yet")
  /// Something is said twice.
  public static let twice = DiagnosticID(
    1409, "twice", "Something is said twice")
  /// A word is not a number, or outside its range.
  public static let badNumber = DiagnosticID(
    1410, "bad-number", "A word is not a number, or outside its range")
  /// A word is not a duration.
  public static let badDuration = DiagnosticID(
    1411, "bad-duration", "A word is not a duration")
  /// A word is neither `v4` nor `v6`.
  public static let badFamily = DiagnosticID(
    1412, "bad-family", "A word is neither `v4` nor `v6`")
  /// A word is not an Ethernet address.
  public static let badMac = DiagnosticID(
    1413, "bad-mac", "A word is not an Ethernet address")
  /// A word cannot be the name of an interface.
  public static let badInterface = DiagnosticID(
    1414, "bad-interface", "A word cannot be the name of an interface")
  /// The host has no interface of this name.
  public static let unknownInterface = DiagnosticID(
    1415, "unknown-interface", "The host has no interface of this name")
  /// A route cannot be read, or its next hop not be reached.
  public static let badRoute = DiagnosticID(
    1416, "bad-route", "A route cannot be read, or its next hop not be reached")
  /// The kernel has no such setting, or not with this value.
  public static let badSetting = DiagnosticID(
    1417, "bad-setting", "The kernel has no such setting, or not with this value")
  /// An imported file is not the output that it is said to be.
  public static let badImport = DiagnosticID(
    1418, "bad-import", "An imported file is not the output that it is said to be")
  /// A file cannot be read.
  public static let unreadableFile = DiagnosticID(
    1419, "unreadable-file", "A file cannot be read")
  /// Files include each other in a circle, or too deep.
  public static let includeLoop = DiagnosticID(
    1420, "include-loop", "Files include each other in a circle, or too deep")
  /// A name was not given a value.
  public static let unknownName = DiagnosticID(
    1421, "unknown-name", "A name was not given a value")
  /// A name has several values where one is needed.
  public static let manyValues = DiagnosticID(
    1422, "many-values", "A name has several values where one is needed")
  /// A test has no `end`.
  public static let unclosedTest = DiagnosticID(
    1423, "unclosed-test", "A test has no `end`")
  /// An `end` ends no test.
  public static let noTest = DiagnosticID(
    1424, "no-test", "An `end` ends no test")
  /// A file has no tests.
  public static let noTests = DiagnosticID(
    1425, "no-tests", "A file has no tests")
  /// The name of a test does not stand in quotes.
  public static let badTestName = DiagnosticID(
    1426, "bad-test-name", "The name of a test does not stand in quotes")
  /// A line that describes the host stands inside a test.
  public static let insideATest = DiagnosticID(
    1427, "inside-a-test", "A line that describes the host stands inside a test")
  /// A step stands outside a test.
  public static let outsideATest = DiagnosticID(
    1428, "outside-a-test", "A step stands outside a test")
  /// A test expects nothing, so that it cannot fail.
  public static let expectsNothing = DiagnosticID(
    1429, "expects-nothing", "A test expects nothing, so that it cannot fail")
  /// Rules cannot be loaded on the host.
  public static let notLoadable = DiagnosticID(
    1430, "not-loadable", "Rules cannot be loaded on the host")
  /// No rule has the match that is assumed to hold or not.
  public static let unknownAssumption = DiagnosticID(
    1431, "unknown-assumption", "No rule has the match that is assumed to hold or not", .warning)
  /// An expectation names a rule or chain that does not exist.
  public static let unknownPlace = DiagnosticID(
    1432, "unknown-place", "An expectation names a rule or chain that does not exist")
  /// A word is not a place in the rules.
  public static let badPlace = DiagnosticID(
    1433, "bad-place", "A word is not a place in the rules")
  /// A word cannot be expected of a packet.
  public static let badVerdict = DiagnosticID(
    1434, "bad-verdict", "A word cannot be expected of a packet")
  /// A word is not something that REJECT answers with.
  public static let badReject = DiagnosticID(
    1435, "bad-reject", "A word is not something that REJECT answers with")
  /// A word is not a connection state.
  public static let badState = DiagnosticID(
    1436, "bad-state", "A word is not a connection state")
  /// A word is not a reason for which a host drops packets.
  public static let badCause = DiagnosticID(
    1437, "bad-cause", "A word is not a reason for which a host drops packets")
  /// A packet has no such option, or not with this value.
  public static let badOption = DiagnosticID(
    1438, "bad-option", "A packet has no such option, or not with this value")
  /// A word is not a set of TCP flags.
  public static let badFlags = DiagnosticID(
    1439, "bad-flags", "A word is not a set of TCP flags")
  /// A packet that is not TCP has flags.
  public static let unexpectedFlags = DiagnosticID(
    1440, "unexpected-flags", "A packet that is not TCP has flags")
  /// A word is not a protocol that a packet can have.
  public static let badProtocol = DiagnosticID(
    1441, "bad-protocol", "A word is not a protocol that a packet can have")
  /// A word is not an ICMP type.
  public static let badIcmpType = DiagnosticID(
    1442, "bad-icmp-type", "A word is not an ICMP type")
  /// A word is not a port.
  public static let badPort = DiagnosticID(
    1443, "bad-port", "A word is not a port")
  /// A packet needs a port at both ends.
  public static let missingPort = DiagnosticID(
    1444, "missing-port", "A packet needs a port at both ends")
  /// A packet of a protocol without ports has one.
  public static let unexpectedPort = DiagnosticID(
    1445, "unexpected-port", "A packet of a protocol without ports has one")
  /// A packet has an IPv4 and an IPv6 address.
  public static let mixedFamilies = DiagnosticID(
    1446, "mixed-families", "A packet has an IPv4 and an IPv6 address")
  /// A packet is longer than the length that is given for it.
  public static let tooShort = DiagnosticID(
    1447, "too-short", "A packet is longer than the length that is given for it")
  /// A packet is longer than an IP packet can be.
  public static let tooLong = DiagnosticID(
    1448, "too-long", "A packet is longer than an IP packet can be")
  /// A text is not one step.
  public static let notAStep = DiagnosticID(
    1449, "not-a-step", "A text is not one step")
  /// A text is not a packet.
  public static let notAPacket = DiagnosticID(
    1450, "not-a-packet", "A text is not a packet")
  /// Settings change nothing of what is simulated.
  public static let unusedSetting = DiagnosticID(
    1451, "unused-setting", "Settings change nothing of what is simulated", .note)
  /// A line is longer than any that people write.
  public static let longLine = DiagnosticID(
    1452, "long-line", "A line is longer than any that people write")
  /// No packet follows from the last one.
  public static let nothingFollows = DiagnosticID(
    1453, "nothing-follows", "No packet follows from the last one")
  /// What is said about a neighbour cannot be read, or its interface has none.
  public static let badNeighbour = DiagnosticID(
    1454, "bad-neighbour", "What is said about a neighbour cannot be read, or its interface has none")
}

extension DiagnosticCatalogue {
  static let flow: [DiagnosticID] = [
    .unknownKeyword, .unexpectedWord, .missingWord, .missingEquals, .missingValue, .missingArrow,
    .missingAnswer, .notModelled, .twice, .badNumber, .badDuration, .badFamily, .badMac, .badInterface,
    .unknownInterface, .badRoute, .badSetting, .badImport, .unreadableFile, .includeLoop, .unknownName,
    .manyValues, .unclosedTest, .noTest, .noTests, .badTestName, .insideATest, .outsideATest, .expectsNothing,
    .notLoadable, .unknownAssumption, .unknownPlace, .badPlace, .badVerdict, .badReject, .badState, .badCause,
    .badOption, .badFlags, .unexpectedFlags, .badProtocol, .badIcmpType, .badPort, .missingPort,
    .unexpectedPort, .mixedFamilies, .tooShort, .tooLong, .notAStep, .notAPacket,
    .unusedSetting, .longLine, .nothingFollows, .badNeighbour,
  ]
}

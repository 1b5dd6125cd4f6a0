// Reads the flow language: one statement a line, found by its first word. An error ends its line, not the text.

import NetfilterModel
import Simulator

/// Reads the flow language.
public struct FlowParser {
  private(set) var source: FlowSource
  var document = FlowDocument()
  /// What `let` has named.
  var names: [String: [String]] = [:]
  /// The test that is open.
  var openTest: FlowTest?
  /// Whether a line of the open test was wrong, so that what it lacks is no news.
  var openTestIsBroken = false
  /// How many files were included so far, and their bytes.
  var includeCount = 0
  var includedBytes = 0
  /// The lines of the tests by name.
  var testPlaces: [String: SourceRange] = [:]
  /// Gives the text of a file that `include` names, or nil; no includes are possible without it.
  let read: ((String) -> String?)?
  /// The files that are being read, the outermost first.
  var nesting: [String]
  /// The problems of included files.
  var included: [Diagnostic] = []
  /// The included files that have errors: what they say once they say again.
  var broken: Set<String> = []
  /// Where the host's description goes on about things that the simulation does not have yet.
  static let laterKeywords = [
    "connect", "matrix", "accept", "deny", "only", "ipset",
  ]
  static let keywords =
    [
      "host", "rules", "ipset", "iface", "route", "rule", "neighbour", "sysctl", "listen", "let", "in", "local",
      "reply",
      "again", "wait",
      "load", "flush", "seed", "at", "include", "import", "assume", "test", "end",
    ] + laterKeywords

  init(_ source: FlowSource, nesting: [String] = [], read: ((String) -> String?)? = nil) {
    self.source = source
    self.read = read
    self.nesting = nesting + [source.file]
  }

  /// Reads a text; never fails, the problems are in the document.
  ///
  /// - Parameter read: gives the text of a file that `include` names, by its path relative to where `file` is, or nil
  ///   when it cannot be read.
  public static func parse(_ text: String, file: String, read: ((String) -> String?)? = nil) -> FlowDocument {
    var parser = FlowParser(FlowSource(FlowSlip.withoutByteOrderMark(text), file: file), read: read)
    parser.readAll()
    return parser.document
  }

  mutating func readAll() {
    var tokenizer = FlowTokenizer()
    var words = WordReader()
    var isFirst = true
    while words.nextLine(&tokenizer, &source) {
      if let quote = tokenizer.unclosedQuote {
        report(FlowProblem(.unclosedQuote, quote, "this quote is not closed"))
      }
      if let line = tokenizer.longLine {
        report(
          FlowProblem(.longLine, line, "this line has more than \(FlowTokenizer.longestLine) bytes"))
        continue
      }
      if isFirst, let first = words.peek, let help = FlowSlip.otherFile(first.text, source.file) {
        // One word about the whole file, not one for each line.
        report(FlowProblem(.unknownKeyword, first.range, "this is a rule file, not the flow language", help: help))
        document.diagnostics = included + document.diagnostics
        document.sources[source.file] = source
        return
      }
      isFirst = false
      read(&words)
    }
    if let test = openTest, !document.diagnostics.contains(where: { $0.range.line == test.range.line }) {
      unclosed(test)
    }
    document.diagnostics.sort {
      ($0.range.line, $0.range.column) < ($1.range.line, $1.range.column)
    }
    document.diagnostics = included + document.diagnostics
    document.sources[source.file] = source
  }

  private mutating func read(_ words: inout WordReader) {
    do {
      if let statement = try statement(&words) { document.statements.append(statement) }
    } catch {
      if openTest != nil { openTestIsBroken = true }
      report(error)
    }
  }

  mutating func report(_ problem: FlowProblem, _ severity: Severity? = nil) {
    let range = source.range(problem.range)
    document.diagnostics.append(
      Diagnostic(
        problem.id, severity, at: range, problem.message, help: problem.help,
        sourceLine: problem.id == .longLine ? "" : source.sourceLine(range.line)))
  }

  /// A test that another one, or the end of the text, cuts short.
  mutating func unclosed(_ test: FlowTest) {
    document.diagnostics.append(
      Diagnostic(
        .unclosedTest, at: test.range, "this test has no `end`", sourceLine: source.sourceLine(test.range.line)))
  }

  /// Whether a line with this first word is a step; `at` outside a test is about the host.
  private func isStep(_ word: String) -> Bool {
    switch word {
    case "in", "local", "reply", "again", "wait", "load", "flush": true
    case "at": openTest != nil
    default: false
    }
  }

  /// One line; nil for a line that leaves no statement behind.
  private mutating func statement(_ words: inout WordReader) throws(FlowProblem) -> FlowStatement? {
    let first = try words.next("a keyword")
    let range = first.range
    let setup: FlowSetup
    var place = range
    switch first.text {
    case _ where isStep(first.text):
      words.stepBack()
      let step = try step(&words, source.range(range))
      // In place: the test grows with each of its steps, and is not to be copied.
      guard openTest?.steps.append(step) != nil else { return .step(step) }
      return nil
    case "seed" where openTest != nil:
      let step = FlowStep(action: .seed(try seed(&words)), range: source.range(range))
      try words.end()
      openTest?.steps.append(step)
      return nil
    case "test":
      try beginTest(&words, range)
      return nil
    case "end":
      try words.end()
      return .test(try endTest(range))
    case _ where openTest != nil && !FlowParser.laterKeywords.contains(first.text):
      if FlowParser.keywords.contains(first.text) {
        throw FlowProblem(
          .insideATest, range, "`\(first.text)` describes the host and cannot stand inside a test",
          help: "put it before the test, or end the test with `end`")
      }
      throw unknown(first, ["end", "in", "local", "reply", "again", "wait", "load", "flush", "seed", "at"])
    case "include":
      let path = try words.next("the path of a file")
      try words.end()
      try include(path)
      return nil
    case "host": setup = .host(try words.next("the host's name").text)
    case "ipset": setup = .sets(path: try words.next("the path of a file that `ipset save` made").text)
    case "rules":
      let file = try rulesFile(&words)
      setup = .rules(file.family, path: file.path, arguments: file.arguments)
    case "iface": setup = try interface(&words)
    case "route", "rule":
      let rest = try words.rest("what `ip \(first.text) add` takes")
      do {
        if first.text == "rule" {
          _ = try RoutingRule.parse(rest.text)
        } else if let word = try Route.parse(rest.text).notSimulated {
          report(FlowProblem(.notModelled, rest.range, "`\(word)` of a route is not simulated"), .warning)
        }
      } catch {
        throw FlowProblem(.badRoute, rest.range, error.message, help: error.help)
      }
      setup = first.text == "route" ? .route(rest.text) : .routingRule(rest.text)
    case "neighbour":
      let rest = try words.rest("an address, `dev`, an interface, and `none` or `lladdr MAC`")
      do { try LinuxHost.checkNeighbour(rest.text) } catch {
        throw FlowProblem(.badNeighbour, rest.range, error.message, help: error.help)
      }
      setup = .neighbour(rest.text)
    case "sysctl": (setup, place) = try sysctl(&words)
    case "assume": setup = try assumption(&words)
    case "seed": setup = .seed(try seed(&words))
    case "at": setup = .at(try time(&words))
    case "import":
      let word = try words.next("`addr`, `link`, `route`, `rule` or `sysctl`")
      guard let output = SavedOutput(rawValue: word.text) else {
        let known = SavedOutput.allCases.map { $0.rawValue }
        throw FlowProblem(
          .badImport, word.range, "`\(word.text)` cannot be imported",
          help: Spelling.nearest(to: word.text, among: known).map { "did you mean `\($0)`?" }
            ?? "what can be is the output of `ip addr`, `ip link`, `ip route`, `ip rule` and `sysctl -a`")
      }
      setup = try saved(output, &words)
    case "listen":
      let rest = try words.rest("a protocol and a port")
      report(
        FlowProblem(
          .notModelled, FlowSpan(joining: range, rest.range),
          "listening sockets are not simulated yet: what is delivered to the host is not answered by a service"),
        .warning)
      return nil
    case "let":
      try binding(&words)
      return nil
    default:
      if FlowParser.laterKeywords.contains(first.text) {
        throw FlowProblem(.notModelled, range, "`\(first.text)` is not known yet")
      }
      throw unknown(first, FlowParser.keywords)
    }
    try words.end()
    return .setup(setup, source.range(place))
  }

  /// `[v4|v6] PATH` behind what is imported; only routes and rules may name a family, as their text does not always show it.
  private func saved(_ output: SavedOutput, _ words: inout WordReader) throws(FlowProblem) -> FlowSetup {
    let word = try words.next("the path of a file")
    guard let family: AddressFamily = ["v4": .ipv4, "v6": .ipv6][word.text], !word.isQuoted else {
      return .saved(output, nil, path: word.text)
    }
    guard output == .route || output == .rule else {
      throw FlowProblem(
        .unexpectedWord, word.range, "the output of `\(output.command)` names its families itself",
        help: "leave `\(word.text)` out")
    }
    return .saved(output, family, path: try words.next("the path of a file").text)
  }

  /// A number of 64 bits that chance starts from.
  private func seed(_ words: inout WordReader) throws(FlowProblem) -> UInt64 {
    let word = try words.next("a number")
    guard let seed = parseUnsigned(word.text) else {
      throw FlowProblem(.badNumber, word.range, "`\(word.text)` is not a number of at most 64 bits")
    }
    return seed
  }

  /// A date and a time of day in UTC, as seconds since 1970.
  func time(_ words: inout WordReader) throws(FlowProblem) -> UInt64 {
    let word = try words.next("a date, as in `2026-03-01T08:00`")
    guard let seconds = CivilTime.read(word.text) else {
      throw FlowProblem(
        .badTime, word.range, "`\(word.text)` is not a time from 1970 to 2039",
        help: "write it in UTC as 2026-03-01, 2026-03-01T08:00 or 2026-03-01T08:00:30")
    }
    return UInt64(clamping: seconds)
  }

  /// `v4|v6 PATH`, and behind the path of a script its arguments.
  func rulesFile(_ words: inout WordReader) throws(FlowProblem) -> RuleFileKey {
    let word = try words.next("`v4` or `v6`")
    guard let family: AddressFamily = ["v4": .ipv4, "v6": .ipv6][word.text] else {
      throw FlowProblem(.badFamily, word.range, "`\(word.text)` is neither `v4` nor `v6`")
    }
    var key = RuleFileKey(family: family, path: try words.next("the path of a rule file").text)
    while let argument = words.take() { key.arguments.append(argument.text) }
    return key
  }

  private func interface(_ words: inout WordReader) throws(FlowProblem) -> FlowSetup {
    let name = try interfaceName(&words)
    var interface = Interface(name, mtu: name == .loopback ? 65536 : 1500)
    var addresses: [InterfaceAddress] = []
    var firstOfIPv6: FlowWord?
    while let word = words.take() {
      switch word.text {
      case "down": interface.isUp = false
      case "mtu":
        let value = try words.next("the MTU in bytes")
        guard let mtu = parseUnsigned(value.text, in: 68...65536) else {
          throw FlowProblem(.badNumber, value.range, "`\(value.text)` is not an MTU (68 to 65536 bytes)")
        }
        interface.mtu = Int(mtu)
      case "group":
        let value = try words.next("the number of the group")
        guard let group = Interface.group(named: value.text) else {
          throw FlowProblem(
            .badNumber, value.range, "`\(value.text)` is not a group of interfaces",
            help: "a number of 32 bits, as names stand in a file of the host")
        }
        interface.group = group
      case "mac":
        let value = try words.next("an Ethernet address")
        switch PacketOption.parse("mac", value.text) {
        case .success(.mac(let bytes)): interface.mac = bytes
        case .success: break
        case .failure(let error): throw FlowProblem(.badMac, value.range, error.message, help: error.help)
        }
      case "deprecated", "temporary", "tentative", "noprefixroute":
        guard let last = addresses.indices.last else {
          throw FlowProblem(.unexpectedWord, word.range, "`\(word.text)` stands behind the address that it is about")
        }
        guard addresses[last].take(flag: word.text) else {
          throw FlowProblem(.unexpectedWord, word.range, "an IPv4 address is never `\(word.text)`")
        }
      default:
        guard let address = InterfaceAddress(word.text) else {
          throw FlowProblem(
            .badAddress, word.range, "`\(word.text)` is not an address of an interface",
            help: "write it as 192.0.2.1/24 or 2001:db8::1/64, or `mtu N`, `mac MAC`, `group N`, `down`")
        }
        if addresses.contains(where: { $0.address == address.address && $0.prefixLength == address.prefixLength }) {
          throw FlowProblem(.twice, word.range, "the interface has this address already")
        }
        if address.address.isMulticast || address.address.isZero {
          throw FlowProblem(.badAddress, word.range, "`\(word.text)` cannot be the address of an interface")
        }
        addresses.append(address)
        if address.address.family == .ipv6 { firstOfIPv6 = firstOfIPv6 ?? word }
      }
    }
    if let word = firstOfIPv6, interface.mtu < IPv6Header.minimumMTU {
      throw FlowProblem(
        .badAddress, word.range, "an interface with an MTU below \(IPv6Header.minimumMTU) bytes has no IPv6 addresses",
        help: "the kernel takes IPv6 from such an interface")
    }
    return .interface(interface, addresses: addresses)
  }

  /// `assume MATCH yes|no`, the match as it is written in a rule, with or without `-m`.
  private func assumption(_ words: inout WordReader) throws(FlowProblem) -> FlowSetup {
    let rest = try words.rest("a match and `yes` or `no`, as in `assume -m geoip --src-cc KR yes`")
    let parts = rest.text.split(separator: " ")
    guard parts.count > 1, let answer = ["yes": true, "no": false][parts[parts.count - 1]] else {
      throw FlowProblem(
        .missingAnswer, rest.range, "the assumption has no answer", help: "write `yes` or `no` behind the match")
    }
    return .assume(parts.dropLast().joined(separator: " "), answer)
  }

  private mutating func binding(_ words: inout WordReader) throws(FlowProblem) {
    let name = try words.next("a name")
    let sign = try words.next("`=`")
    guard sign.text == "=" else {
      throw FlowProblem(.missingEquals, sign.range, "expected `=`, found `\(sign.text)`")
    }
    var values = [try words.next("a value").text]
    while let comma = words.take() {
      guard comma.text == "," else {
        throw FlowProblem(.unexpectedWord, comma.range, "expected `,`, found `\(comma.text)`")
      }
      values.append(try words.next("a value").text)
    }
    names[name.text] = values
  }

  /// The name of an interface.
  func interfaceName(_ words: inout WordReader) throws(FlowProblem) -> InterfaceName {
    let word = try words.next("the name of an interface")
    guard InterfaceName.isValid(word.text) else {
      throw FlowProblem(
        .badInterface, word.range, "`\(word.text)` cannot be the name of an interface",
        help: "at most 15 bytes, without `/` and `:`")
    }
    return InterfaceName(word.text)
  }
}

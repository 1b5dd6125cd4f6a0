// Reads what stands after `=>`.

import NetfilterModel
import Simulator

extension FlowParser {
  static let verdicts = ["deliver", "forward", "send", "drop", "reject", "queue", "unknown", "held"]
  static let clientVerdicts = ["ok", "refused", "timeout", "blocked"]
  static let details = ["as", "at", "via", "not", "state", "mark", "because"]

  /// `verdict { detail }`.
  func expectation(_ words: inout WordReader) throws(FlowProblem) -> FlowExpectation {
    let first = try words.next("what is expected")
    let verdict: FlowVerdict
    let start = words.taken - 1
    switch first.text {
    case "deliver": verdict = .deliver
    case "drop": verdict = .drop
    case "queue": verdict = .queue
    case "unknown": verdict = .unknown
    case "held": verdict = .held
    case "forward", "send":
      var name: InterfaceName?
      if words.accept("out") {
        name = try interfaceName(&words)
      }
      verdict = first.text == "forward" ? .forward(name) : .send(name)
    case "reject":
      var answer: ExpectedAnswer?
      if words.accept("with") {
        let word = try words.next("what REJECT answers with")
        answer = ExpectedAnswer(name: word.text)
        if answer == nil {
          throw FlowProblem(
            .badReject, word.range, "`\(word.text)` is not something that REJECT answers with",
            help: Spelling.nearest(to: word.text, among: ExpectedAnswer.names).map { "did you mean `\($0)`?" }
              ?? "the answers are " + ExpectedAnswer.names.joined(separator: " "))
        }
      }
      verdict = .reject(answer)
    default:
      if FlowParser.clientVerdicts.contains(first.text) {
        throw FlowProblem(
          .notModelled, first.range, "`\(first.text)` belongs to `connect`, which is not known yet")
      }
      throw FlowProblem(
        .badVerdict, first.range, "`\(first.text)` cannot be expected here",
        help: FlowSlip.verdict(first.text)
          ?? Spelling.nearest(to: first.text, among: FlowParser.verdicts).map { "did you mean `\($0)`?" }
          ?? "the verdicts are deliver, drop, reject [with NAME], queue, forward [out IF], send [out IF], held and unknown"
      )
    }
    let text = start + 1 == words.taken ? first.text : text(of: words.words(from: start, to: words.taken))
    var range = first.range
    var details: [WrittenDetail] = []
    while let word = words.take() {
      let start = words.taken - 1
      let detail = try detail(word, &words, verdict)
      let pieces = words.words(from: start, to: words.taken)
      let place = FlowSpan(joining: word.range, pieces.last?.range ?? word.range)
      if case .notVia = detail {
      } else if details.contains(where: { $0.detail.keyword == detail.keyword }) {
        throw FlowProblem(.twice, word.range, "`\(word.text)` stands here twice")
      }
      details.append(WrittenDetail(detail: detail, text: self.text(of: pieces), range: source.range(place)))
      range = FlowSpan(joining: first.range, place)
    }
    return FlowExpectation(verdict: verdict, verdictText: text, details: details, range: source.range(range))
  }

  /// Words as they were written, with single blanks between them.
  private func text(of words: ArraySlice<FlowWord>) -> String {
    guard let first = words.first?.range, let last = words.last?.range else { return "" }
    // Nearly always that is what the line has.
    var end = first.start
    let isThere = words.allSatisfy { word in
      let gap = end == first.start || word.text == "," ? 0 : 1
      defer { end = word.range.end }
      return word.range.line == first.line && word.range.start == end + gap && source.bytes[max(0, end)] != 0x09
    }
    if isThere { return source.text(first.start, last.end) }
    var text = ""
    for word in words { text += (text.isEmpty || word.text == "," ? "" : " ") + word.written }
    return text
  }

  private func detail(_ word: FlowWord, _ words: inout WordReader, _ verdict: FlowVerdict) throws(FlowProblem)
    -> FlowDetail
  {
    switch word.text {
    case "as":
      let source = try end(try words.next("the source address"))
      let arrow = try words.next("`>`")
      guard arrow.text == ">" else {
        throw FlowProblem(.missingArrow, arrow.range, "expected `>` between the two ends, found `\(arrow.text)`")
      }
      return .ends(source, try end(try words.next("the destination address")))
    case "at": return .at(try place(&words))
    case "via": return .via(try places(&words))
    case "not":
      let via = try words.next("`via`")
      guard via.text == "via" else {
        throw FlowProblem(.unexpectedWord, via.range, "expected `via`, found `\(via.text)`")
      }
      return .notVia(try places(&words))
    case "state":
      let state = try words.next("a connection state")
      let known = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"]
      guard known.contains(state.text) else {
        throw FlowProblem(
          .badState, state.range, "`\(state.text)` is not a connection state",
          help: Spelling.nearest(to: state.text.uppercased(), among: known).map { "did you mean `\($0)`?" }
            ?? "the states are " + known.joined(separator: " "))
      }
      return .state(state.text)
    case "mark":
      let value = try words.next("a mark")
      let parts = value.text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count <= 2, let mark = parts.first.flatMap({ parseUnsigned($0, in: 0...0xffff_ffff) }),
        let mask = parts.count == 2 ? parseUnsigned(parts[1], in: 0...0xffff_ffff) : 0xffff_ffff
      else {
        throw FlowProblem(
          .badNumber, value.range, "`\(value.text)` is not a mark", help: "write it as 0x1 or as 0x1/0xff")
      }
      return .mark(UInt32(truncatingIfNeeded: mark), mask: UInt32(truncatingIfNeeded: mask))
    case "because":
      let name = try words.next("why the host drops it")
      guard let cause = DropCause(rawValue: name.text) else {
        let names = DropCause.allCases.map { $0.rawValue }
        throw FlowProblem(
          .badCause, name.range, "`\(name.text)` is not a reason to drop a packet",
          help: Spelling.nearest(to: name.text, among: names).map { "did you mean `\($0)`?" }
            ?? "the reasons are " + names.joined(separator: " "))
      }
      guard verdict == .drop else {
        throw FlowProblem(.unexpectedWord, word.range, "`because` says why the host drops a packet: expect `drop`")
      }
      return .because(cause)
    default:
      throw FlowProblem(
        .unexpectedWord, word.range, "`\(word.text)` is not expected here",
        help: Spelling.nearest(to: word.text, among: FlowParser.details).map { "did you mean `\($0)`?" }
          ?? "details are `as A > B`, `at PLACE`, `via PLACE`, `not via PLACE`, `state S`, `mark V` and `because CAUSE`"
      )
    }
  }

  private func end(_ word: FlowWord) throws(FlowProblem) -> FlowEnd {
    let endpoint = try endpoint(word)
    if let zone = endpoint.zone {
      throw FlowProblem(
        .badAddress, word.range, "a packet has addresses without zones", help: "leave `%\(zone)` out; `out IF` names it"
      )
    }
    return FlowEnd(address: endpoint.address, port: endpoint.port)
  }

  private func places(_ words: inout WordReader) throws(FlowProblem) -> [FlowPlace] {
    var result = [try place(&words)]
    while words.accept(",") { result.append(try place(&words)) }
    return result
  }

  /// `TABLE/CHAIN`, `TABLE/CHAIN#N`, `TABLE/CHAIN policy`, `comment "TEXT"` or `line N`.
  private func place(_ words: inout WordReader) throws(FlowProblem) -> FlowPlace {
    let word = try words.next("a place in the rules")
    if word.text == "comment", !word.isQuoted { return .comment(try words.next("the comment").text) }
    if word.text == "line", !word.isQuoted {
      let number = try words.next("the number of a line")
      guard let line = parseUnsigned(number.text, in: 1...0xffff_ffff) else {
        throw FlowProblem(.badNumber, number.range, "`\(number.text)` is not the number of a line")
      }
      return .line(Int(line))
    }
    guard let slash = word.text.utf8.firstIndex(of: UInt8(ascii: "/")) else {
      throw FlowProblem(
        .badPlace, word.range, "`\(word.text)` is not a place in the rules",
        help: "write filter/FORWARD, filter/FORWARD#2, filter/FORWARD policy, comment \"TEXT\" or line N")
    }
    let name = word.text[..<slash]
    guard let table = TableKind(name: name) else {
      throw FlowProblem(
        .badPlace, word.range.part(from: 0, length: max(1, name.utf8.count)), "`\(name)` is not a table",
        help: Spelling.nearest(to: String(name), among: TableKind.allCases.map { $0.name })
          .map { "did you mean `\($0)`?" })
    }
    var chain = word.text[word.text.utf8.index(after: slash)...]
    // A chain's name may hold a `#` itself; a number after the last one is a rule's.
    if let sign = chain.utf8.lastIndex(of: UInt8(ascii: "#")), chain.utf8.index(after: sign) < chain.endIndex,
      let number = parseUnsigned(chain[chain.utf8.index(after: sign)...], in: 1...0xffff_ffff)
    {
      chain = chain[..<sign]
      return .rule(table, String(chain), Int(number))
    }
    if words.accept("policy") { return .policy(table, String(chain)) }
    return .chain(table, String(chain))
  }
}

extension FlowDetail {
  /// The word that it starts with.
  fileprivate var keyword: String {
    switch self {
    case .ends: "as"
    case .at: "at"
    case .via: "via"
    case .notVia: "not"
    case .state: "state"
    case .mark: "mark"
    case .because: "because"
    }
  }
}

extension FlowWord {
  /// The word with its quotes.
  fileprivate var written: String { isQuoted ? "\"\(text)\"" : text }
}

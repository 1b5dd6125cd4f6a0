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
    var text = first.text
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
        text += " out \(name ?? .none)"
      }
      verdict = first.text == "forward" ? .forward(name) : .send(name)
    case "reject":
      var kind: RejectKind?
      if words.accept("with") {
        let word = try words.next("what REJECT answers with")
        guard let answer = RejectAnswer.all.first(where: { $0.name == word.text || $0.alias == word.text }) else {
          let names = RejectAnswer.all.map { $0.name }
          throw FlowProblem(
            .badReject, word.range, "`\(word.text)` is not something that REJECT answers with",
            help: Spelling.nearest(to: word.text, among: names).map { "did you mean `\($0)`?" }
              ?? "the answers are " + names.joined(separator: " "))
        }
        kind = answer.kind
        text += " with \(word.text)"
      }
      verdict = .reject(kind)
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
    var result = FlowExpectation(verdict: verdict, verdictText: text, range: first.range)
    while let word = words.take() {
      let before = words.remaining
      let detail = try detail(word, &words, verdict)
      let taken = before.dropLast(words.remaining.count)
      let pieces = [word] + taken
      var text = ""
      for piece in pieces { text += (text.isEmpty || piece.text == "," ? "" : " ") + piece.written }
      let range = SourceRange(joining: word.range, pieces.last?.range ?? word.range)
      if case .notVia = detail {
      } else if result.details.contains(where: { $0.detail.keyword == detail.keyword }) {
        throw FlowProblem(.twice, word.range, "`\(word.text)` stands here twice")
      }
      result.details.append(WrittenDetail(detail: detail, text: text, range: range))
      result.range = SourceRange(joining: first.range, range)
    }
    return result
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
    guard let slash = word.text.firstIndex(of: "/") else {
      throw FlowProblem(
        .badPlace, word.range, "`\(word.text)` is not a place in the rules",
        help: "write filter/FORWARD, filter/FORWARD#2, filter/FORWARD policy, comment \"TEXT\" or line N")
    }
    let name = word.text[..<slash]
    guard let table = TableKind(name: name) else {
      throw FlowProblem(
        .badPlace, word.range.part(from: 0, length: max(1, name.count)), "`\(name)` is not a table",
        help: Spelling.nearest(to: String(name), among: TableKind.allCases.map { $0.name })
          .map { "did you mean `\($0)`?" })
    }
    var chain = word.text[word.text.index(after: slash)...]
    // A chain's name may hold a `#` itself; a number after the last one is a rule's.
    if let sign = chain.lastIndex(of: "#"), chain.index(after: sign) < chain.endIndex,
      let number = parseUnsigned(chain[chain.index(after: sign)...], in: 1...0xffff_ffff)
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

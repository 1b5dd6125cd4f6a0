// Reads the lines that hold tests together: `test`, `end` and `include`.

import NetfilterModel
import Simulator

extension FlowParser {
  /// How deep files may include files.
  static let maximumNesting = 16
  /// How many files one file may include, with those that they include.
  static let maximumIncludes = 256

  func unknown(_ word: FlowWord, _ known: [String]) -> FlowProblem {
    FlowProblem(
      .unknownKeyword, word.range, "`\(word.text)` is not a keyword",
      help: FlowSlip.firstWord(word.text)
        ?? Spelling.nearest(to: word.text, among: known).map { "did you mean `\($0)`?" })
  }

  /// `test STRING { @TAG } [ skip STRING | todo STRING ]`.
  mutating func beginTest(_ words: inout WordReader, _ range: SourceRange) throws(FlowProblem) {
    if let open = openTest {
      openTest = nil
      report(FlowProblem(.unclosedTest, open.range, "this test has no `end`"))
    }
    // The test is open whatever is wrong with its line, so that its steps are not taken for something else.
    var test = FlowTest(name: "", range: range)
    openTestIsBroken = false
    openTest = test
    let name = try words.next("the name of the test")
    test.name = name.text
    openTest = test
    guard !name.text.isEmpty, name.isQuoted else {
      throw FlowProblem(.badTestName, name.range, "the name of a test stands in quotes, as in test \"web is open\"")
    }
    while let word = words.peek, word.text.hasPrefix("@"), !word.isQuoted {
      _ = words.take()
      guard word.text.count > 1 else { throw FlowProblem(.missingWord, word.range, "a tag is missing after `@`") }
      test.tags.append(String(word.text.dropFirst()))
    }
    if let word = words.take() {
      guard word.text == "skip" || word.text == "todo" else {
        throw FlowProblem(
          .unexpectedWord, word.range, "`\(word.text)` is not expected here",
          help: "a test may have tags, as in @web, and `skip \"WHY\"` or `todo \"WHY\"`")
      }
      let reason = try words.next("the reason").text
      test.mode = word.text == "skip" ? .skip(reason) : .todo(reason)
    }
    openTest = test
    try words.end()
    if let first = testPlaces[test.name] {
      throw FlowProblem(
        .twice, name.range, "there is a test of this name already", help: "it stands at \(first.file):\(first.line)")
    }
    testPlaces[test.name] = range
  }

  /// `end`.
  mutating func endTest(_ range: SourceRange) throws(FlowProblem) -> FlowTest {
    guard let test = openTest else { throw FlowProblem(.noTest, range, "there is no test that `end` could end") }
    let isBroken = openTestIsBroken
    openTest = nil
    openTestIsBroken = false
    if isBroken { return test }
    if case .skip = test.mode { return test }
    guard test.steps.contains(where: { $0.expectation != nil }) else {
      throw FlowProblem(
        .expectsNothing, test.range, "this test expects nothing, so that it cannot fail",
        help: "write what a packet is expected to do after `=>`")
    }
    return test
  }

  /// `include PATH`: the statements of another file, as if they stood here.
  mutating func include(_ path: FlowWord) throws(FlowProblem) {
    guard let read else { throw FlowProblem(.unreadableFile, path.range, "nothing can be included here") }
    let name = FlowPath.resolve(path.text, besides: source.file)
    if nesting.contains(name) {
      throw FlowProblem(.includeLoop, path.range, "`\(path.text)` includes itself")
    }
    includeCount += 1
    guard nesting.count < FlowParser.maximumNesting, includeCount <= FlowParser.maximumIncludes else {
      throw FlowProblem(.includeLoop, path.range, "too many files include each other")
    }
    guard let text = read(name) else {
      throw FlowProblem(.unreadableFile, path.range, "cannot read `\(path.text)`")
    }
    var parser = FlowParser(FlowSource(FlowSlip.withoutByteOrderMark(text), file: name), nesting: nesting, read: read)
    parser.names = names
    parser.includeCount = includeCount
    parser.testPlaces = testPlaces
    parser.readAll()
    names = parser.names
    includeCount = parser.includeCount
    testPlaces = parser.testPlaces
    document.statements += parser.document.statements
    for (file, lines) in parser.document.lines { document.lines[file] = lines }
    included += parser.document.diagnostics
  }
}

/// Paths that a file names.
enum FlowPath {
  /// A path relative to the folder of the file that names it.
  static func resolve(_ path: String, besides file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }
}

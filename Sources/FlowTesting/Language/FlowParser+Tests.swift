// Reads the lines that hold tests together: `test`, `end` and `include`.

import NetfilterModel
import Simulator

extension FlowParser {
  /// How deep files may include files.
  static let maximumNesting = 16
  /// How many files one file may include, with those that they include.
  static let maximumIncludes = 256
  /// How many bytes the included files may have together.
  static let maximumIncludedBytes = 256 << 20

  func unknown(_ word: FlowWord, _ known: [String]) -> FlowProblem {
    FlowProblem(
      .unknownKeyword, word.range, "`\(word.text)` is not a keyword",
      help: FlowSlip.firstWord(word.text)
        ?? Spelling.nearest(to: word.text, among: known).map { "did you mean `\($0)`?" })
  }

  /// `test STRING { @TAG } [ skip STRING | todo STRING ]`.
  mutating func beginTest(_ words: inout WordReader, _ range: FlowSpan) throws(FlowProblem) {
    if let open = openTest {
      openTest = nil
      unclosed(open)
    }
    // The test is open whatever is wrong with its line, so that its steps are not taken for something else.
    var test = FlowTest(name: "", range: source.range(range))
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
    testPlaces[test.name] = test.range
  }

  /// `end`.
  mutating func endTest(_ range: FlowSpan) throws(FlowProblem) -> FlowTest {
    guard let test = openTest else { throw FlowProblem(.noTest, range, "there is no test that `end` could end") }
    let isBroken = openTestIsBroken
    openTest = nil
    openTestIsBroken = false
    if isBroken { return test }
    if case .skip = test.mode { return test }
    guard test.steps.contains(where: { $0.expectation != nil }) else {
      document.diagnostics.append(
        Diagnostic(
          .expectsNothing, at: test.range, "this test expects nothing, so that it cannot fail",
          help: "write what a packet is expected to do after `=>`", sourceLine: source.sourceLine(test.range.line)))
      return test
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
    includedBytes += text.utf8.count
    guard includedBytes <= FlowParser.maximumIncludedBytes else {
      throw FlowProblem(
        .includeLoop, path.range, "the included files have more than \(FlowParser.maximumIncludedBytes >> 20) MiB")
    }
    // A file that is wrong is wrong in the same way wherever it is included.
    if broken.contains(name) { return }
    var parser = FlowParser(FlowSource(FlowSlip.withoutByteOrderMark(text), file: name), nesting: nesting, read: read)
    // Handed over and back, so that nothing is copied.
    swap(&parser.names, &names)
    swap(&parser.testPlaces, &testPlaces)
    swap(&parser.broken, &broken)
    parser.includeCount = includeCount
    parser.includedBytes = includedBytes
    parser.readAll()
    swap(&parser.names, &names)
    swap(&parser.testPlaces, &testPlaces)
    swap(&parser.broken, &broken)
    includeCount = parser.includeCount
    includedBytes = parser.includedBytes
    document.statements += parser.document.statements
    for (file, source) in parser.document.sources { document.sources[file] = source }
    document.includes.append(name)
    document.includes += parser.document.includes
    included += parser.document.diagnostics
    if parser.document.hasErrors { broken.insert(name) }
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

// Words and their places: the tokenizer on bytes finds what one on characters finds, also in text beyond ASCII.

@testable import FlowTesting
import NetfilterModel
import Testing

@Suite struct FlowTokenizerTests {
  /// Every line with words, and the unclosed quotes.
  private func words(_ text: String) -> (lines: [[CharacterSplitter.Word]], quotes: [SourceRange]) {
    var source = FlowSource(text, file: "f")
    var tokenizer = FlowTokenizer()
    var words: [FlowWord] = []
    var lines: [[CharacterSplitter.Word]] = []
    var quotes: [SourceRange] = []
    while tokenizer.next(&source, into: &words) {
      lines.append(
        words.map { CharacterSplitter.Word($0.text, isQuoted: $0.isQuoted, range: source.range($0.range)) })
      if let quote = tokenizer.unclosedQuote { quotes.append(source.range(quote)) }
    }
    return (lines, quotes)
  }

  private func check(_ text: String) {
    let (lines, quotes) = words(text)
    let plain = CharacterSplitter(text, file: "f")
    #expect(lines == plain.lines, "\(text.debugDescription)")
    #expect(quotes.isEmpty == plain.diagnostics.isEmpty, "\(text.debugDescription)")
    if let quote = quotes.first { #expect(quote == plain.diagnostics.first?.range, "\(text.debugDescription)") }
  }

  @Test(arguments: [
    "", "\n", "a", "a b\n", "  a\t b  \r\n c\r\rd", "a > b>c", "a=>b => c", "=>", "=>x", "a,b, c ,d,", "a#b # c\n#d\ne",
    "a \\\n b\\c \\  \n\\\nd\\", "\"a b\" x\"y z\"w \"\"", "\"a \\\" b\\\\ \\n\"", "\"open", "x \"open\ny", "\"=\">x",
    "é \"ü ß\" 漢字>x", "a\u{a0}b\u{2003}c\u{2028}d\u{85}e\u{3000}f", "👩‍👩‍👧 a", "\u{0}\u{1}", "a\u{b}b\u{c}c", ",", ">",
    "\"",
    "x \"é", "\\", "\\ x", "e\u{301}x y",
  ])
  func itAgreesWithCharacters(_ text: String) { check(text) }

  @Test func itAgreesOnMixedText() {
    let pieces = [
      "a", "bc", " ", "  ", "\t", "\n", "\r\n", "\r", ">", "=>", "=", ",", "\"", "\\", "\\\n", "#", "é", "漢", "\u{a0}",
      "\u{2028}", "\u{85}", "$x", "[S.]", "1.2.3.4:5",
    ]
    var random = SplitMix(state: 11)
    for _ in 0..<3000 {
      let text = (0..<Int.random(in: 1...14, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
      check(text.joined())
    }
  }

  /// Also where the quote is the last character of its line.
  @Test func anOpenQuoteIsAnError() {
    for text in ["\"", "x \"", "x \"\ny", "a\"b\"\""] {
      #expect(FlowParser.parse(text, file: "f").diagnostics.contains { $0.id == .unclosedQuote }, "\(text)")
    }
  }

  @Test func linesAreFoundByNumber() {
    let text = (1...300).map { $0 % 3 == 0 ? "" : "line \($0)" }.joined(separator: "\n")
    var source = FlowSource(text, file: "f")
    var tokenizer = FlowTokenizer()
    var words: [FlowWord] = []
    while tokenizer.next(&source, into: &words) {}
    for number in [1, 2, 3, 63, 64, 65, 66, 127, 128, 129, 256, 299, 300] {
      #expect(source.sourceLine(number) == (number % 3 == 0 ? "" : "line \(number)"))
    }
    for number in [-1, 0, 301, 100_000] { #expect(source.sourceLine(number).isEmpty) }
  }

  @Test func columnsCountCharacters() throws {
    let document = FlowParser.parse("let größe = 漢字 , x y\n", file: "f")
    let problem = try #require(document.diagnostics.first)
    #expect((problem.range.line, problem.range.column, problem.range.length) == (1, 20, 1))
    #expect(problem.sourceLine == "let größe = 漢字 , x y")
  }

  @Test func aLongLineIsRefusedWithoutShowingIt() throws {
    let long = String(repeating: "x", count: FlowTokenizer.longestLine + 1)
    let document = FlowParser.parse("host a\n\(long)\nbanana\n", file: "f")
    #expect(document.diagnostics.map(\.id) == [.longLine, .unknownKeyword])
    #expect(document.diagnostics.map(\.range.line) == [2, 3])
    #expect(document.diagnostics.first?.sourceLine == "")
    let fits = String(repeating: "x", count: FlowTokenizer.longestLine)
    #expect(FlowParser.parse(fits, file: "f").diagnostics.map(\.id) == [.unknownKeyword])
  }

  @Test func includedFilesAreBounded() {
    let bad = "banana\n"
    let many = FlowParser.parse(
      String(repeating: "include bad.flow\n", count: 200), file: "f", read: { $0 == "bad.flow" ? bad : nil })
    #expect(many.diagnostics.count == 1, "a file that is wrong is wrong once")
    let long = FlowParser.parse(
      String(repeating: "include good.flow\n", count: 300), file: "f", read: { $0 == "good.flow" ? "host a\n" : nil })
    #expect(long.diagnostics.map(\.id) == [DiagnosticID](repeating: .includeLoop, count: 44))
    var deepest = 0
    let deep = FlowParser.parse("include 1\n", file: "0") { name in
      deepest = max(deepest, Int(name) ?? 0)
      return "include \((Int(name) ?? 0) + 1)\n"
    }
    #expect(deep.diagnostics.map(\.id) == [.includeLoop])
    #expect(deepest == FlowParser.maximumNesting - 1)
    var heavy = FlowParser(FlowSource("include good.flow\ninclude good.flow\n", file: "f"), read: { _ in "host a\n" })
    heavy.includedBytes = FlowParser.maximumIncludedBytes - 10
    heavy.readAll()
    #expect(heavy.document.diagnostics.map(\.range.line) == [2])
  }

  @Test func namesOfAnIncludedFileAreKnownBehindIt() {
    let document = FlowParser.parse("include a\nin on x tcp $b:1 > $b:2\n", file: "f") {
      $0 == "a" ? "let b = 1.2.3.4\n" : nil
    }
    #expect(document.diagnostics.isEmpty)
    #expect(document.steps.count == 1)
    #expect(document.includes == ["a"])
  }
}

// How a line is split into words; every expectation was seen with iptables-restore 1.8.9.

import NetfilterModel
import Testing

@Suite struct ArgumentTokenizerTests {
  @Test(
    arguments: [
      ("-A INPUT -j ACCEPT", ["-A", "INPUT", "-j", "ACCEPT"]),
      ("  -A\tINPUT  \t-j ACCEPT\n", ["-A", "INPUT", "-j", "ACCEPT"]),
      ("--comment \"a b\"", ["--comment", "a b"]),
      ("--comment \"say \\\"hi\\\" \\\\ there\" -j X", ["--comment", "say \"hi\" \\ there", "-j", "X"]),
      // A backslash counts only inside quotes, and there it takes any sign as it is.
      ("a\\b \"c\\td\"", ["a\\b", "ctd"]),
      // A closing quote ends the word, an opening one does not begin a new one.
      ("a\"b c\"d", ["ab c", "d"]),
      ("\"\" x", ["", "x"]),
      ("'a b'", ["'a", "b'"]),
      // An open quote takes the rest, the newline too.
      ("x \"a b\n", ["x", "a b\n"]),
      ("a\rb\r", ["a\rb\r"]),
      ("", []),
      (" \t\n", []),
    ] as [(String, [String])])
  func splits(_ line: String, _ expected: [String]) throws {
    let words = try ArgumentTokenizer.words(of: line)
    #expect(words.indices.map { words.text(words[$0]) } == expected)
  }

  @Test func keepsWhereWordsStood() throws {
    let words = try ArgumentTokenizer.words(of: "-A  \"x y\" z")
    #expect(words.indices.map { words[$0].span } == [0..<2, 4..<9, 10..<11])
  }

  @Test func knowsAnOpenQuote() throws {
    let isUnclosed = { (line: String) throws in
      let words = try ArgumentTokenizer.words(of: line)
      return words.indices.map { words[$0].isUnclosed }
    }
    #expect(try isUnclosed("a \"b c") == [false, true])
    #expect(try isUnclosed("a \"b c\"") == [false, false])
  }

  @Test func refusesLongWordsAndLines() throws {
    let fits = String(repeating: "x", count: 1023)
    #expect(try ArgumentTokenizer.words(of: "a " + fits).count == 2)
    #expect(throws: TokenizerError.self) { try ArgumentTokenizer.words(of: "a " + fits + "x") }
    let words = String(repeating: "x ", count: 251)
    #expect(try ArgumentTokenizer.words(of: words).count == 251)
    #expect(throws: TokenizerError.self) { try ArgumentTokenizer.words(of: words + "x") }
  }
}

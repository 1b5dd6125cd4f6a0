// Lines that fit: where they are broken, and how wide characters are.

@testable import Simulator
import Testing

@Suite struct LineBreakerTests {
  static func lines(_ text: String, _ room: Int) -> [String] { Style.wrap(text, room: room) }

  @Test func linesAreBrokenAtBlanks() {
    #expect(Self.lines("one two three", 7) == ["one two", "three"])
    #expect(Self.lines("one two three", 8) == ["one two", "three"])
    #expect(Self.lines("one two three", 13) == ["one two three"])
    #expect(Self.lines("", 10) == [""])
    #expect(Self.lines("   ", 10) == [""])
  }

  /// A comment with two blanks is not one with one.
  @Test func blanksInsideALineAreKept() {
    #expect(Self.lines("  --comment \"a  b\"  ", 40) == ["--comment \"a  b\""])
    #expect(Self.lines("aa  bb", 5) == ["aa", "bb"])
  }

  /// Text that fits is taken whole; a blank behind it, which is not shown, has it measured word by word: the same lines.
  @Test(
    arguments: ["a", "two words", "aa  bb", "exactly ten", "日本", "naïve", "", " a", "\u{301}", "abcdefghij k"],
    [2, 9, 10, 11, 40])
  func textThatFitsIsOneLine(_ text: String, _ room: Int) {
    var (whole, measured) = (LineBreaker(), LineBreaker())
    whole.split(Array(text.utf8), room: room)
    measured.split(Array((text + " ").utf8), room: room)
    #expect(whole.lines == measured.lines)
    #expect(whole.lastColumns == measured.lastColumns)
  }

  @Test func aWordThatIsTooLongIsBroken() {
    #expect(Self.lines("abcdefghij", 4) == ["abcd", "efgh", "ij"])
    #expect(Self.lines("x abcdefghij k", 4) == ["x", "abcd", "efgh", "ij k"])
    #expect(Self.lines("日本語日本語", 5) == ["日本", "語日", "本語"])
  }

  @Test func columnsAreThoseOfATerminal() {
    #expect(Columns.count("plain") == 5)
    #expect(Columns.count("naïve") == 5)
    #expect(Columns.count("e\u{301}") == 1)
    #expect(Columns.count("日本") == 4)
    #expect(Columns.count("😀") == 2)
    #expect(Self.lines("日本 x", 6) == ["日本 x"])
    #expect(Self.lines("日本 x", 5) == ["日本", "x"])
  }

  @Test func nothingControlsATerminal() {
    #expect(Style.printable("a\u{1b}[2Jb") == "a?[2Jb")
    #expect(Style.printable("\u{7f}\t\r\n") == "????")
    #expect(Style.printable("\u{80}\u{9b}\u{9f}\u{a0}é") == "???\u{a0}é")
    #expect(Style.printable("plain – text") == "plain – text")
  }

  @Test(arguments: [0, 7, 10, 99, 100, 65535, UInt64.max]) func numbersAreWritten(_ number: UInt64) {
    var text = ReportText()
    text.add(number)
    #expect(text.string == "\(number)")
  }

  @Test func theWidthIsBounded() {
    #expect(Style(width: 3).width == 40)
    #expect(Style(width: .max).width == 1000)
  }
}

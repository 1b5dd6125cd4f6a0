// Numbers as text, as the functions of the C library read them; what iptables does with them stands in
// Fixtures/*/numbers-*.

import NetfilterModel
import Testing

@Suite struct NumberReaderTests {
  @Test func wholeNumbers() {
    let read: [(text: String, value: UInt64?)] = [
      ("0", 0), ("5", 5), ("+5", 5), (" 5", 5), ("\t\n\u{b}\u{c}\r 5", 5), (" +5", 5), ("05", 5), ("010", 8),
      ("0x1F", 31),
      ("0X1f", 31), ("+0x5", 5), ("18446744073709551615", .max), ("0xffffffffffffffff", .max),
      ("000000000000000000000001", 1), ("123456789012345678", 123_456_789_012_345_678),
      ("1234567890123456789", 1_234_567_890_123_456_789), ("", nil), (" ", nil), ("+", nil), ("++5", nil), ("+ 5", nil),
      ("-5", nil), (" -5", nil), ("5 ", nil), ("5x", nil), ("0x", nil), ("0xg", nil), ("08", nil), ("0x+5", nil),
      ("18446744073709551616", nil), ("99999999999999999999999", nil), ("\u{663}", nil), ("5\u{301}", nil),
    ]
    for (text, value) in read { #expect(parseUnsigned(text) == value, "`\(text)`") }
    #expect(parseUnsigned("80", in: 0...79) == nil)
    #expect(parseUnsigned("0x50", in: 0...79) == nil)
    #expect(parseUnsigned("0x50", in: 80...80) == 80)
  }

  @Test func numbersAtTheStart() {
    let read: [(text: String, value: UInt64?, rest: Substring)] = [
      ("5kb/s", 5, "kb/s"), ("08", 0, "8"), ("0x", 0, "x"), ("0xg", 0, "xg"), ("0x1fg", 31, "g"), (" +7-9", 7, "-9"),
      ("5\u{301}", 5, "\u{301}"), ("x5", nil, ""), ("-5", nil, ""), ("18446744073709551616k", nil, ""),
    ]
    for (text, value, rest) in read {
      let found = scanUnsigned(text)
      #expect(found?.value == value, "`\(text)`")
      #expect(found.map { Array($0.rest.utf8) } == value.map { _ in Array(rest.utf8) }, "`\(text)`")
    }
  }

  @Test func numbersBelowProcSys() {
    let read: [(text: String, value: UInt64?)] = [
      ("010", 8), ("0x1f", 31), (" 7\t", 7), ("5 6", 5), ("5\n", 5), ("+5", nil), ("-1", nil), ("5x", nil), ("08", nil),
      ("", nil), (" ", nil), ("0x", nil),
    ]
    for (text, value) in read { #expect(NumberReader.procGetLong(text) == value, "`\(text)`") }
  }

  /// Counters, which sscanf reads: signs wrap, what is too large is the largest.
  @Test func countersOfARule() throws {
    let read: [(text: String, value: UInt64?)] = [
      ("5", 5), ("+5", 5), ("-5", .max - 4), ("010", 10), ("5x", 5), ("0x5", 0), ("99999999999999999999", .max),
      ("-18446744073709551611", 5), ("x", nil), ("++5", nil), ("", nil),
    ]
    for (text, value) in read {
      let result = RestoreParser.parse("*filter\n[\(text):3]-A INPUT\nCOMMIT\n", file: "f", counters: .required)
      let counters = result.ruleset[.filter]?["INPUT"]?.rules.first?.counters
      #expect(result.hasErrors == (value == nil), "`\(text)`")
      if let value { #expect(counters == Counters(packets: value, bytes: 3), "`\(text)`") }
      // Of a policy, the whole text up to the colon is the number.
      let policy = RestoreParser.parse("*filter\n:INPUT DROP [\(text):3]\nCOMMIT\n", file: "f", counters: .required)
      #expect(policy.hasErrors == (value == nil || text.contains("x")), "`\(text)`")
    }
  }
}

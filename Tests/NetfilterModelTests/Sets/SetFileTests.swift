// What set files say, which problems they have and where, and what is printed of types that no recorded kernel has.

@testable import NetfilterModel
import Testing

@Suite struct SetFileTests {
  func parse(_ lines: String...) -> SetFileResult {
    SetFileParser.parse(Array((lines.joined(separator: "\n") + "\n").utf8), file: "s")
  }

  func printed(_ lines: String...) -> String {
    String(
      decoding: SetPrinter.bytes(
        SetFileParser.parse(Array((lines.joined(separator: "\n") + "\n").utf8), file: "s").sets), as: UTF8.self)
  }

  /// What is wrong with a text: the names of the problems and their places.
  func problems(_ lines: String...) -> [String] {
    SetFileParser.parse(Array((lines.joined(separator: "\n") + "\n").utf8), file: "s").diagnostics.map {
      "\($0.id.rawValue) \($0.range.line):\($0.range.column)"
    }
  }

  @Test func everyProblemIsSaidWhereItStands() {
    #expect(
      problems("create a hash:ip", "  add a 300.1.1.1", "add b 1.1.1.1", "frob", "add a 1.1.1.1 timeout 3")
        == ["bad-set-entry 2:9", "unknown-set 3:5", "bad-set-line 4:1", "missing-set-extension 5:7"])
    #expect(problems("create a hash:ip hashsize x") == ["bad-set-value 1:27"])
    #expect(problems("create a hash:ip timeout 5 timeout 6") == ["bad-set-option 1:28"])
    #expect(problems("create a hash:ipp") == ["unknown-set-type 1:10"])
    #expect(problems("create a hash:ip comment", #"add a 1.1.1.1 comment "ä" x"#) == ["bad-set-option 2:27"])
  }

  @Test func aSetThatCouldNotBeMadeIsComplainedOfOnce() {
    #expect(problems("create a hash:ip maxelem x", "add a 1.1.1.1", "add a 1.1.1.2").count == 1)
  }

  @Test func typesThatTheComparedKernelLacksAreReadAndPrinted() {
    let text = """
      create nn hash:net,net family inet hashsize 1024 maxelem 65536 bucketsize 12
      add nn 10.0.0.0/8,192.0.2.0/24
      add nn 0.0.0.0/0,192.0.2.1 nomatch
      create npn hash:net,port,net family inet6 hashsize 1024 maxelem 65536 bucketsize 12
      add npn 2001:db8::/32,tcp:80,2001:db8:1::/48
      create m hash:ip,mark family inet markmask 0x000000ff hashsize 1024 maxelem 65536 bucketsize 12
      add m 192.0.2.1,0x0000001f
      create hw hash:mac hashsize 1024 maxelem 65536 bucketsize 12
      add hw 01:02:03:04:05:0A
      create im hash:ip,mac family inet hashsize 1024 maxelem 65536 bucketsize 12
      add im 192.0.2.1,01:02:03:04:05:0A

      """
    let result = SetFileParser.parse(Array(text.utf8), file: "s")
    #expect(result.diagnostics.isEmpty)
    #expect(String(decoding: SetPrinter.bytes(result.sets), as: UTF8.self) == text)
    #expect(problems("create hw hash:mac", "add hw 00:00:00:00:00:00") == ["entry-refused 2:8"])
    #expect(
      SetType.all.filter { !$0.isCompared }.map { $0.name }.sorted() == [
        "hash:ip,mac", "hash:ip,mark", "hash:mac", "hash:net,net", "hash:net,port,net",
      ])
  }

  @Test func aMarkIsMasked() {
    #expect(printed("create m hash:ip,mark markmask 0xf", "add m 192.0.2.1,0x1f").contains("192.0.2.1,0x0000000f"))
  }

  @Test func whatCannotBeKnownIsNoGuess() {
    #expect(
      problems("create a hash:ip forceadd maxelem 1", "add a 1.1.1.1", "add a 1.1.1.2") == ["set-not-simulated 3:7"])
    #expect(problems("create a hash:ip maxelem 4294967295", "add a 0.0.0.1-200.0.0.0") == ["set-not-simulated 2:7"])
  }

  @Test func aLongLineIsTwo() {
    let blanks = String(repeating: " ", count: 1100)
    let result = parse("create a hash:ip" + blanks + "create b hash:ip")
    #expect(result.diagnostics.isEmpty)
    #expect(result.sets.names == ["a", "b"])
  }

  @Test func quitForgetsWhatWasNotSent() {
    let result = parse("create a hash:ip", "add a 1.1.1.1", "COMMIT", "add a 1.1.1.2", "quit", "frob")
    #expect(result.diagnostics.isEmpty)
    #expect(result.sets[0]?.count == 1)
  }

  @Test func problemsAreBounded() {
    let text = String(repeating: "frob\n", count: 5000)
    #expect(SetFileParser.parse(Array(text.utf8), file: "s").diagnostics.count == SetFileParser.mostProblems)
  }

  /// Every beginning and many broken forms of a file are read without a trap.
  @Test func noPartOfAFileTraps() {
    let text = Array(
      """
      create a hash:ip,port,net family inet6 timeout 9 counters comment skbinfo
      add a 2001:db8::1,[ftp-data]-ssh,2001:db8::/32 nomatch comment "x y" skbmark 0x1/0x2 skbprio 1:2
      create d bitmap:ip,mac range 10.0.0.0/24
      add d 10.0.0.1,1:2:3:4:5:6
      create l list:set
      add l a,before,d
      """.utf8)
    for end in 0...text.count {
      _ = SetFileParser.parse(Array(text[..<end]), file: "s")
      var spoilt = text
      if end < text.count { spoilt[end] = UInt8(truncatingIfNeeded: end &* 7) }
      _ = SetPrinter.bytes(SetFileParser.parse(spoilt, file: "s").sets)
    }
  }
}

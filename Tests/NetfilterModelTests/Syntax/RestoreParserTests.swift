// Reading rule files: what is taken, what is said about the rest, and that one mistake gives one diagnostic.

import NetfilterModel
import Testing

@Suite struct RestoreParserTests {
  /// `line:column id` of every diagnostic.
  func places(_ text: String, counters: RestoreCounters = .kept, family: AddressFamily = .ipv4) -> [String] {
    RestoreParser.parse(text, file: "f", family: family, counters: counters).diagnostics.map {
      "\($0.range.line):\($0.range.column) \($0.id.rawValue)"
    }
  }

  @Test func twentyTwoMistakesGiveTwentyTwoDiagnostics() {
    let text = """
      # a comment
      *filter
      :INPUT drop [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :web DROP [0:0]
      :a-name-that-is-much-too-long-for-it - [0:0]
      -A INPUT -s 10.0.0.256 -j ACCEPT
      -A INPUT -p tpc -j ACCEPT
      -A INPUT --dport 22 -j ACCEPT
      -A INPUT -p tcp --dport 70000 -j ACCEPT
      -A INPUT -p tcp --dprot 22 -j ACCEPT
      -A INPUT -j WEB
      -A nosuch -j ACCEPT
      -A nosuch -j DROP
      -A INPUT -i a-very-long-interface -j DROP
      -A INPUT -o eth0 -j DROP
      -A INPUT -j ACCEPT # why
      -A INPUT -m tcp --dport 22
      -A web -j web
      -A INPUT -j web
      -A INPUT -p tcp -p udp
      -A INPUT -m markk --mark 1
      -A INPUT ! -j ACCEPT
      -A INPUT -s 10.0.0.1,10.0.0.300/33,10.0.0.2/40
      -D INPUT 99
      -t nat -A INPUT
      -P web DROP
      COMMIT 
      *nat
      :POSTROUTING ACCEPT [0:0]
      -A POSTROUTING -j DROP
      COMMIT

      """
    #expect(
      places(text) == [
        "3:8 bad-policy", "6:6 policy-on-user-chain", "7:2 bad-chain-name", "8:13 bad-address", "9:13 unknown-protocol",
        "10:10 unknown-option", "11:25 bad-option-value", "12:17 unknown-option", "13:13 unknown-chain",
        "14:4 unknown-chain", "15:4 unknown-chain", "16:13 interface-too-long", "17:10 interface-in-wrong-chain",
        "18:20 stray-word", "19:13 missing-protocol", "20:11 chain-loop", "22:17 option-given-twice",
        "23:13 unknown-match", "24:10 negation-not-allowed", "25:22 bad-address", "25:36 bad-address",
        "26:10 rule-number-too-large", "27:1 table-in-rule", "28:8 policy-on-user-chain", "29:1 bad-commit",
        "32:19 drop-in-nat",
      ])
  }

  @Test func goesOnAfterAProblem() {
    let result = RestoreParser.parse(
      "*filter\n-A INPUT -s nowhere.example\n-A INPUT -s 10.0.0.1\nCOMMIT\n", file: "f")
    #expect(result.diagnostics.count == 1)
    #expect(result.ruleset[.filter]?["INPUT"]?.rules.count == 1)
  }

  @Test(
    arguments: [
      // What follows from a mistake is not reported again.
      (
        "*fliter\n:INPUT ACCEPT\n:web - [0:0]\n-A web -j ACCEPT\n-A PREROUTING -j ACCEPT\nCOMMIT\n",
        ["1:2 unknown-table", "5:4 unknown-chain"]
      ),
      (
        "*filter\n:this-name-is-longer-than-28-bytes - [0:0]\n-A INPUT -j this-name-is-longer-than-28-bytes\n-A this-name-is-longer-than-28-bytes -j DROP\nCOMMIT\n",
        ["2:2 bad-chain-name"]
      ),
      ("*filter\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j ACCEPT\nCOMMIT\n", ["2:2 unknown-chain"]),
      ("-A INPUT -j ACCEPT\n-A INPUT -j DROP\n*filter\nCOMMIT\n", ["1:1 line-outside-table"]),
      ("*filter\r\n:INPUT DROP\r\n-A INPUT -j ACCEPT\r\nCOMMIT\r\n", ["1:8 carriage-return"]),
      ("*filter\n-A INPUT -j LOG --log-prefix \\\n  \"x\"\n-A INPUT -j DROP\nCOMMIT\n", ["3:3 stray-word"]),
      ("*filter\n-A INPUT -s ! 10.0.0.1 -j DROP\nCOMMIT\n", ["2:15 stray-word"]),
      ("*filter\n-A INPUT -p ! tcp -j DROP\nCOMMIT\n", ["2:13 unknown-protocol"]),
      ("*filter\n-A INPUT -m nosuch --option value -j DROP\nCOMMIT\n", ["2:13 unknown-match"]),
      ("*filter\n-A INPUT -j nosuch --option value\nCOMMIT\n", ["2:13 unknown-chain"]),
      ("*filter\n-N -x\n-N DROP\nCOMMIT\n", ["2:4 bad-chain-name", "3:4 bad-chain-name"]),
    ] as [(String, [String])])
  func hasNoCascades(_ text: String, _ expected: [String]) {
    #expect(places(text) == expected)
  }

  @Test(
    arguments: [
      ("*filter\nCOMMIT", ["2:1 missing-newline"]),
      ("*filter\n", ["1:1 missing-commit"]),
      ("*filter\n*nat\nCOMMIT\n", ["2:1 missing-commit"]),
      ("COMMIT\n", ["1:1 line-outside-table"]),
      ("*filter\nCOMMIT\nCOMMIT\n", ["3:1 line-outside-table"]),
      (" *filter\nCOMMIT\n", ["1:1 line-outside-table"]),
      ("*filter\n   \nCOMMIT\n", ["2:1 no-command"]),
      ("*filter\n # x\nCOMMIT\n", ["2:2 stray-word"]),
      ("#\n\n* filter x\n: INPUT  DROP [1:2] x\n\n[1:2]-A INPUT -j DROP\nCOMMIT\n\n", []),
      ("", ["1:1 empty-rule-file"]), ("# x\n\n", ["1:1 empty-rule-file"]), ("*filter\nCOMMIT\n", []),
      ("\u{feff}*filter\nCOMMIT\n", ["1:1 line-outside-table"]), ("\u{feff}", ["1:1 line-outside-table"]),
    ] as [(String, [String])])
  func takesTheFormsThatAreTaken(_ text: String, _ expected: [String]) {
    #expect(places(text) == expected)
  }

  @Test func limitsLinesAsTheToolDoes() {
    let rule = "-A INPUT -j ACCEPT"
    let pad = { (length: Int) in rule + String(repeating: " ", count: length - rule.count) }
    #expect(places("*filter\n\(pad(10239))\nCOMMIT\n") == [])
    #expect(places("*filter\n\(pad(10240))\nCOMMIT\n") == ["2:10240 line-too-long"])
  }

  @Test func tellsCharactersFromBytes() {
    #expect(
      places("*filter\n-A INPUT -m tcp \u{e9}\u{e9} --foo\nCOMMIT\n") == ["2:17 stray-word", "2:20 unknown-option"])
  }

  @Test func keepsAnUnknownMatchWhole() throws {
    let text = "*filter\n-A INPUT -p tcp -m geoip ! --src-cc CN,\"R U\" --x -s 10.0.0.1 -j DROP\nCOMMIT\n"
    let result = RestoreParser.parse(text, file: "f")
    #expect(result.diagnostics.map(\.id) == [.unsupportedMatch])
    #expect(result.diagnostics.map(\.severity) == [.warning])
    let rule = try #require(result.ruleset[.filter]?["INPUT"]?.rules.first)
    #expect(
      SavePrinter.ruleText(rule, chain: "INPUT")
        == "-A INPUT -s 10.0.0.1/32 -p tcp -m geoip ! --src-cc \"CN,R U\" --x -j DROP")
  }

  @Test func readsCountersInThreeWays() {
    let text = "*filter\n:INPUT DROP [3:33]\n[1:11] -A INPUT -j ACCEPT\nCOMMIT\n"
    let kept = RestoreParser.parse(text, file: "f").ruleset[.filter]?["INPUT"]
    #expect(kept?.counters == Counters(packets: 3, bytes: 33))
    #expect(kept?.rules.first?.counters == Counters(packets: 1, bytes: 11))
    let ignored = RestoreParser.parse(text, file: "f", counters: .ignored).ruleset[.filter]?["INPUT"]
    #expect(ignored?.counters == Counters())
    #expect(ignored?.rules.first?.counters == Counters())
    #expect(places("*filter\n:INPUT DROP\nCOMMIT\n", counters: .required) == ["2:8 bad-counters"])
    #expect(places("*filter\n:INPUT DROP\nCOMMIT\n", counters: .kept) == [])
  }

  @Test func theSecondFileOfATableKeepsPolicies() {
    let text = "*filter\n:INPUT DROP\n:a -\n-A INPUT -j a\nCOMMIT\n*filter\n-A OUTPUT -j DROP\nCOMMIT\n"
    let result = RestoreParser.parse(text, file: "f")
    #expect(result.diagnostics == [])
    #expect(
      SavePrinter().print(result.ruleset)
        == "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -j DROP\nCOMMIT\n")
  }

  @Test func rulesOfTheOtherFamilyAreLeftOut() {
    let text = "*filter\n-4 -A INPUT -s 10.0.0.1\n-6 -A INPUT -s ::1\nCOMMIT\n"
    let four = RestoreParser.parse(text, file: "f")
    #expect(four.diagnostics == [])
    #expect(four.ruleset[.filter]?["INPUT"]?.rules.count == 1)
    let six = RestoreParser.parse(text, file: "f", family: .ipv6)
    #expect(six.diagnostics == [])
    #expect(
      six.ruleset[.filter]?["INPUT"]?.rules.first.map { SavePrinter.ruleText($0, chain: "x") } == "-A x -s ::1/128")
  }

  @Test func theShortWayThrowsAllProblems() throws {
    #expect(throws: RulesetError.self) { try Ruleset(parsing: "*filter\n-A INPUT -j X\n-A Y\nCOMMIT\n", file: "f") }
    do throws(RulesetError) {
      _ = try Ruleset(parsing: "*filter\n-A INPUT -j X\n-A Y\nCOMMIT\n", file: "f")
    } catch {
      #expect(error.diagnostics.count == 2)
      #expect(error.description.hasPrefix("f:2:13: error: there is no chain or target `X` [unknown-chain]\n"))
    }
    #expect(try Ruleset(parsing: "*nat\nCOMMIT\n").tables.map(\.kind) == [.nat])
  }

  @Test func rulesThatNoPacketReachesAreNotChecked() {
    #expect(places("*nat\n-A INPUT -j ACCEPT\n-A INPUT -j MASQUERADE\nCOMMIT\n") == [])
    #expect(places("*nat\n:m -\n-A INPUT -j RETURN\n-A INPUT -j m\n-A m -j MASQUERADE\nCOMMIT\n") == [])
    #expect(places("*nat\n:m -\n-A INPUT -j m\n-A m -j MASQUERADE\nCOMMIT\n") == ["4:9 wrong-hook"])
    #expect(places("*nat\n-A INPUT -i + -j ACCEPT\n-A INPUT -j MASQUERADE\nCOMMIT\n") == ["3:13 wrong-hook"])
    #expect(places("*filter\n:a -\n:b -\n-A a -j b\n-A b -j a\nCOMMIT\n") == [])
  }

  @Test func neverTraps() {
    // Every prefix of a file, and every file with one byte changed, must be read without a trap.
    let text =
      "*filter\n:INPUT DROP [1:2]\n[3:4] -A INPUT ! -s 10.0.0.1/8,::1 -p tcp --dport 1:2 -m mark ! --mark 1/2 -j \"A\\\"\n-I INPUT 2 -c 1,2 -g x\n-D INPUT 1\n-E a b\nCOMMIT\n"
    let bytes = Array(text.utf8)
    for count in 0...bytes.count {
      _ = RestoreParser.parse(String(decoding: bytes.prefix(count), as: UTF8.self), file: "f")
    }
    for index in bytes.indices {
      for byte in [0x00, 0x09, 0x0a, 0x0d, 0x20, 0x21, 0x22, 0x2c, 0x2d, 0x2f, 0x39, 0x3a, 0x5c, 0xff] as [UInt8] {
        var changed = bytes
        changed[index] = byte
        let result = RestoreParser.parse(String(decoding: changed, as: UTF8.self), file: "f")
        _ = DiagnosticRenderer(width: 30).render(result.diagnostics)
        _ = SavePrinter(counters: true).print(result.ruleset)
      }
    }
  }

  /// What iptables-nft-save writes in place of a table that it cannot show.
  @Test func aTableThatNftCouldNotShowIsSaid() {
    let result = RestoreParser.parse(
      "# Table `nat' is incompatible, use 'nft' tool.\n*filter\nCOMMIT\n# Completed\n", file: "f")
    #expect(result.diagnostics.map(\.id) == [.incompatibleTable])
    #expect(!result.hasErrors)
  }
}

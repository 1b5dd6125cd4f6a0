// Listings and rendered diagnostics; the listings were recorded from iptables-legacy 1.8.9.

import NetfilterModel
import Testing

@Suite struct PrinterTests {
  static let rules = """
    *filter
    :INPUT DROP [123456:99999999]
    :u - [0:0]
    [100:99999] -A INPUT -s 10.0.0.1 -p tcp --dport 22 -j ACCEPT
    [100000:123456789012] -A INPUT ! -i lo -p udp -m mark --mark 1 -j u
    -A INPUT -p 99 -g u
    -A INPUT ! -p tcp ! -s 10.0.0.0/8 -d 1.2.3.4/255.0.255.0
    -A INPUT -f -j RETURN
    -A INPUT ! -f -i verylongifname0 -j DROP
    -A u -j QUEUE
    -A u -p ospf -s 192.168.100.100/30 -d 192.168.100.100/30 -i + ! -o eth0
    COMMIT

    """

  func table() throws -> Table { try #require(try Ruleset(parsing: PrinterTests.rules)[.filter]) }

  /// Blanks at the ends of lines, which a source file should not have, are written as `·`.
  func check(_ text: String, _ expected: String) {
    let marked = text.split(separator: "\n", omittingEmptySubsequences: false).map { (line: Substring) -> String in
      let blanks = line.reversed().prefix { $0 == " " }.count
      return String(line.dropLast(blanks)) + String(repeating: "·", count: blanks)
    }
    #expect(marked.joined(separator: "\n") == expected + "\n")
  }

  @Test func listsNames() throws {
    check(
      ListPrinter().list(try table(), chain: "INPUT"),
      """
      Chain INPUT (policy DROP)
      target     prot opt source               destination·········
      ACCEPT     tcp  --  10.0.0.1             anywhere             tcp dpt:ssh
      u          udp  --  anywhere             anywhere             mark match 0x1
      u          99   --  anywhere             anywhere            [goto]·
                !tcp  -- !10.0.0.0/8           1.0.3.0/255.0.255.0·
      RETURN     all  -f  anywhere             anywhere············
      DROP       all  !f  anywhere             anywhere············
      """)
  }

  @Test func listsNumbersCountersAndInterfaces() throws {
    let printer = ListPrinter(ListOptions(numeric: true, verbose: true))
    check(
      printer.list(try table(), chain: "INPUT"),
      """
      Chain INPUT (policy DROP 123K packets, 100M bytes)
       pkts bytes target     prot opt in     out     source               destination·········
        100 99999 ACCEPT     6    --  *      *       10.0.0.1             0.0.0.0/0            tcp dpt:22
       100K  123G u          17   --  !lo    *       0.0.0.0/0            0.0.0.0/0            mark match 0x1
          0     0 u          99   --  *      *       0.0.0.0/0            0.0.0.0/0           [goto]·
          0     0           !6    --  *      *      !10.0.0.0/8           1.0.3.0/255.0.255.0·
          0     0 RETURN     0    -f  *      *       0.0.0.0/0            0.0.0.0/0···········
          0     0 DROP       0    !f  verylongifname0 *       0.0.0.0/0            0.0.0.0/0···········
      """)
    check(
      printer.list(try table(), chain: "u"),
      """
      Chain u (2 references)
       pkts bytes target     prot opt in     out     source               destination·········
          0     0 QUEUE      0    --  *      *       0.0.0.0/0            0.0.0.0/0···········
          0     0            89   --  +      !eth0   192.168.100.100/30   192.168.100.100/30··
      """)
  }

  @Test func listsExactCountersAndLineNumbers() throws {
    check(
      ListPrinter(ListOptions(numeric: true, verbose: true, exact: true, lineNumbers: true)).list(
        try table(), chain: "INPUT", number: 2),
      "2      100000 123456789012 u          17   --  !lo    *       0.0.0.0/0            0.0.0.0/0            mark match 0x1"
    )
    check(
      ListPrinter(ListOptions(numeric: true, verbose: true, exact: true)).list(try table(), chain: "FORWARD"),
      """
      Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)
          pkts      bytes target     prot opt in     out     source               destination·········
      """)
    check(
      ListPrinter(ListOptions(lineNumbers: true)).list(try table(), chain: "OUTPUT"),
      """
      Chain OUTPUT (policy ACCEPT)
      num  target     prot opt source               destination·········
      """)
  }

  @Test func listsRulesAsCommands() throws {
    check(
      ListPrinter(ListOptions(verbose: true)).listRules(try table(), chain: "u"),
      """
      -N u
      -A u -c 0 0 -j QUEUE
      -A u -s 192.168.100.100/30 -d 192.168.100.100/30 ! -o eth0 -p ospf -c 0 0
      """)
    check(ListPrinter().listRules(try table(), chain: "INPUT", number: 3), "-A INPUT -p 99 -g u")
    #expect(
      ListPrinter(ListOptions(verbose: true)).listRules(try table()).hasPrefix("-P INPUT DROP -c 123456 99999999\n"))
  }

  @Test func rendersDiagnostics() {
    let diagnostic = Diagnostic(
      .badAddress, at: SourceRange(file: "f", line: 3, column: 4, length: 3), "`x` is bad", help: "write `y`",
      sourceLine: "-A\tx y z")
    #expect(
      DiagnosticRenderer().render(diagnostic) == """
        f:3:4: error: `x` is bad [bad-address]
          -A x y z
             ^~~
          help: write `y`

        """)
    #expect(DiagnosticRenderer(isColoured: true).render(diagnostic).contains("\u{1b}[1;31merror: \u{1b}[0m"))
  }

  @Test(arguments: [1, 40, 150, 299, 300, 301]) func cutsLongLinesAroundThePlace(_ column: Int) {
    let line = String((0..<300).map { Character(UnicodeScalar(UInt8(97 + $0 % 26))) })
    let text = DiagnosticRenderer(width: 60).render(
      Diagnostic(.badAddress, at: SourceRange(file: "f", line: 1, column: column, length: 500), "m", sourceLine: line))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 60 })
    // The caret stands below the character of that column.
    let caret = lines[2].prefix { $0 == " " }.count
    if column <= 300 { #expect(Array(lines[1])[caret] == Array(line)[column - 1]) }
  }

  @Test func showsNoControlCharacters() {
    let text = DiagnosticRenderer().render(
      Diagnostic(
        .badAddress, at: SourceRange(file: "f", line: 1, column: 1), "`\u{1b}[2J`", sourceLine: "\u{1b}[2J\u{7f}"))
    #expect(text == "f:1:1: error: `?[2J` [bad-address]\n  ?[2J?\n  ^\n")
  }
}

/// What is kept of matches and targets that are not simulated, and of rules that commands change.
@Suite struct KeptTextTests {
  func saved(_ rules: String, family: AddressFamily = .ipv4) -> [String] {
    let ruleset = RestoreParser.parse("*filter\n\(rules)\nCOMMIT\n", file: "f", family: family).ruleset
    return SavePrinter().print(ruleset).split(separator: "\n").map(String.init).filter { $0.hasPrefix("-A") }
  }

  /// Taken from iptables-legacy-save and ip6tables-legacy-save 1.8.9.
  @Test(arguments: [
    ("-A INPUT -p sctp -m sctp --sport 1:2", "-A INPUT -p sctp -m sctp --sport 1:2"),
    ("-A INPUT -p sctp --sport 1:2", "-A INPUT -p sctp -m sctp --sport 1:2"),
    ("-A INPUT -p 132 --dport 80 -j DROP", "-A INPUT -p sctp -m sctp --dport 80 -j DROP"),
    (
      "-A INPUT -p dccp -m dccp --sport 1:2 --dccp-types REQUEST,RESPONSE",
      "-A INPUT -p dccp -m dccp --sport 1:2 --dccp-types REQUEST,RESPONSE"
    ),
    ("-A INPUT -p ipcomp --ipcompspi 5:7", "-A INPUT -p ipcomp -m ipcomp --ipcompspi 5:7"),
    (
      "-A INPUT -m bpf --bytecode \"4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0\"",
      "-A INPUT -m bpf --bytecode \"4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0\""
    ),
  ])
  func matchesThatAreNotSimulatedStayAsTheyAre(_ rule: String, _ text: String) {
    #expect(saved(rule) == [text])
    #expect(saved(text) == [text])
  }

  @Test(arguments: [
    ("-A INPUT -p icmpv6 --icmpv6-type 1", "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 1"),
    ("-A INPUT -p ipv6-icmp -m icmpv6 --icmpv6-type 1", "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 1"),
    ("-A INPUT -p mh --mh-type 5", "-A INPUT -p mobility-header -m mh --mh-type 5"),
    ("-A INPUT -m ah --ahspi 5 --ahres", "-A INPUT -m ah --ahspi 5 --ahres"),
    ("-A INPUT -p ah --ahspi 5", "-A INPUT -p ah -m ah --ahspi 5"),
  ])
  func alsoThoseOfIPv6(_ rule: String, _ text: String) {
    #expect(saved(rule, family: .ipv6) == [text])
    #expect(saved(text, family: .ipv6) == [text])
  }

  @Test(arguments: [
    "-A INPUT -p sctp --syn", "-A INPUT -p dccp --chunk-types all DATA", "-A INPUT -p tcp -m sctp",
    "-A INPUT -m sctp --sport 4", "-A INPUT ! -p dccp -m dccp --sport 4", "-A INPUT -m ipcomp --ipcompspi 5",
  ])
  func aProtocolsMatchNeedsIt(_ rule: String) {
    let result = RestoreParser.parse("*filter\n\(rule)\nCOMMIT\n", file: "f")
    #expect(result.diagnostics.filter { $0.severity == .error }.count == 1)
  }

  @Test func rulesFollowAChainThatIsRenamed() {
    #expect(
      saved(":a - [0:0]\n-A INPUT -j a\n-A INPUT -g a\n-E a b\n-A INPUT -p tcp -j b\n-D INPUT -j b")
        == ["-A INPUT -g b", "-A INPUT -p tcp -j b"])
    #expect(saved(":a - [0:0]\n:b - [0:0]\n-A INPUT -j a\n-D INPUT -j a\n-E a c\n-A b -j c") == ["-A b -j c"])
  }

  @Test func theFirstOfEqualRulesIsDeleted() {
    let rules = "-A INPUT -p tcp\n-A INPUT -p udp\n-A INPUT -p tcp\n-A FORWARD -p tcp\n"
    #expect(saved(rules + "-D INPUT -p tcp") == ["-A INPUT -p udp", "-A INPUT -p tcp", "-A FORWARD -p tcp"])
    #expect(saved(rules + "-D INPUT -p tcp\n-D INPUT -p tcp") == ["-A INPUT -p udp", "-A FORWARD -p tcp"])
    #expect(saved(rules + "-D INPUT -p tcp\n-I INPUT -p tcp\n-D INPUT -p tcp\n-D INPUT 1").count == 2)
    let missing = RestoreParser.parse("*filter\n\(rules)-D INPUT -p icmp\nCOMMIT\n", file: "f")
    #expect(missing.diagnostics.map { $0.id } == [.noSuchRule])
    // A rule that was flushed, replaced or inserted after the first search is not found, or found.
    #expect(saved(rules + "-C INPUT -p udp\n-F INPUT\n-A INPUT -p udp\n-D INPUT -p udp") == ["-A FORWARD -p tcp"])
    #expect(saved(rules + "-C INPUT -p udp\n-R INPUT 2 -p esp\n-D INPUT -p esp").count == 3)
  }

  @Test func atMostAHundredProblemsAreShown() {
    let place = SourceRange(file: "f", line: 1, column: 1)
    var diagnostics = (0..<150).map { Diagnostic(.unclosedQuote, .warning, at: place, "w\($0)") }
    diagnostics += [Diagnostic(.noCommand, at: place, "the error")]
    let text = DiagnosticRenderer().render(diagnostics)
    #expect(text.split(separator: "\n").count == 101)
    #expect(text.hasSuffix("the error [no-command]\nand 51 more, 0 of them errors\n"))
    #expect(DiagnosticRenderer().render(Array(diagnostics.prefix(100))).split(separator: "\n").count == 100)
  }

  @Test func problemsAreListedUpToALimit() {
    let count = RestoreParser.mostProblems
    let result = RestoreParser.parse(
      "*filter\n" + String(repeating: ":\n", count: count + 7) + "COMMIT\n", file: "f")
    #expect(result.diagnostics.count == count + 1)
    #expect(result.diagnostics.last?.id == .tooManyProblems)
    #expect(result.diagnostics.last?.message.hasPrefix("7 more") == true)
    #expect(result.diagnostics[10].range.line == 12)
    #expect(result.diagnostics[10].sourceLine == ":")
  }

  @Test func aLineThatIsTooLongIsNotKeptWhole() {
    let result = RestoreParser.parse(
      "*filter\n\n\n\n\n\n\n\n\n-A INPUT " + String(repeating: "a", count: 1_000_000) + "\nCOMMIT\n", file: "f")
    #expect(result.diagnostics.map { $0.id } == [.lineTooLong])
    #expect(result.diagnostics[0].range.line == 10)
    #expect(result.diagnostics[0].range.column == RestoreParser.longestLine + 1)
    #expect(result.diagnostics[0].sourceLine.utf8.count < 11_000)
  }
}

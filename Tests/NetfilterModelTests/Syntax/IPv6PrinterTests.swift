import NetfilterModel
import Testing

/// Rules of ip6tables as they are listed.
@Suite struct IPv6PrinterTests {
  func table(_ rule: String, _ kind: TableKind = .filter) throws -> Table {
    let result = RestoreParser.parse("*\(kind.name)\n\(rule)\nCOMMIT\n", file: "r", family: .ipv6)
    #expect(!result.hasErrors, "\(DiagnosticRenderer().render(result.diagnostics))")
    return try #require(result.ruleset[kind])
  }

  /// The listed rule as `-L -n -v` or `-L` shows it, without what all have in common.
  func listed(_ rule: String, _ kind: TableKind = .filter, numeric: Bool = true) throws -> String {
    let printer = ListPrinter(ListOptions(numeric: numeric, verbose: numeric), family: .ipv6)
    let lines = printer.list(try table(rule, kind)).split(separator: "\n")
    return String(try #require(lines.first { !$0.hasPrefix("Chain") && !$0.contains("source ") }))
  }

  @Test func everyAddressIsShownWithItsFamily() throws {
    #expect(
      try listed("-A INPUT -p tcp -j ACCEPT")
        == "    0     0 ACCEPT     6    --  *      *       ::/0                 ::/0                ")
    #expect(
      try listed("-A INPUT ! -s ::/0 -d fd00::/64 -j ACCEPT")
        == "    0     0 ACCEPT     0    --  *      *      !::/0                 fd00::/64           ")
  }

  @Test func anUnspecifiedAddressIsAnywhereWhateverItsMask() throws {
    #expect(
      try listed("-A INPUT -s ::/96 -d ::1", numeric: false)
        == "           all  --  anywhere             ::1                 ")
  }

  @Test func listingsOfMatchesAreThoseOfIp6tables() throws {
    for (rule, text) in [
      ("-p icmpv6 --icmpv6-type 128", "ipv6-icmptype 128"),
      ("-p icmpv6 ! --icmpv6-type 1/4", "ipv6-icmp !type 1 code 4"),
      ("-m ah --ahspi 5 --ahlen 6 --ahres", "ah spi:5length:6 reserved"), ("-m ah", "ah "), ("-m frag", "frag "),
      ("-m frag ! --fraglen 0", "frag  length:!0"), ("-m frag --fragid 1:2 --fraglast", "frag ids:1:2 last"),
      ("-m ipv6header ! --header frag,hop --soft", "ipv6header flags:!0x90 soft"),
      ("-m hbh --hbh-len 8 --hbh-opts 1:4,0", "hbh length:8 opts 1:4,0"), ("-m dst", "dst"),
      ("-m rt --rt-type 4294967295 ! --rt-segsleft :", "rt type:-1 segslefts:!0:4294967295"),
      ("-m srh --srh-hdr-len-gt 5 ! --srh-tag 7", "srh hdr-len-gt:5 tag:!7"), ("-m hl --hl-gt 5", "HL match HL > 5"),
      ("-p mh -m mh ! --mh-type 5:7", "mh !5:7"),
    ] {
      #expect(try listed("-A INPUT " + rule).hasSuffix("::/0                 " + text), "\(rule)")
    }
    // Without the blank that stands before others.
    #expect(try listed("-A INPUT -m eui64").hasSuffix("::/0                eui64 "))
    #expect(
      try listed("-A INPUT -p mh -m mh --mh-type bu", numeric: false).hasSuffix(
        "anywhere             mh binding-update"))
    #expect(try listed("-A INPUT -p icmpv6 --icmpv6-type ping", numeric: false).hasSuffix(" ipv6-icmp echo-request"))
  }

  @Test func portsStandBehindBrackets() throws {
    for (written, saved) in [
      ("[fd00::1]:80", "[fd00::1]:80"), ("[fd00::1-fd00::5]:80-90/1", "[fd00::1-fd00::5]:80-90/1"),
      ("fd00::1:80", "fd00::1:80"), ("[fd00::1]", "fd00::1"), ("[]:80", ":80"), (":80", ":80"),
      ("x[::]y:80", "[::]:80"),
    ] {
      let rule = "-A PREROUTING -p tcp -j DNAT --to-destination "
      let chain = try #require(try table(rule + written, .nat)["PREROUTING"])
      #expect(SavePrinter.ruleText(try #require(chain.rules.first), chain: "PREROUTING") == rule + saved)
      #expect(try listed(rule + written, .nat).hasSuffix("to:" + saved))
    }
  }

  @Test func anAddressWithSixLeadingZerosHasADottedQuad() {
    #expect(IPAddress("::5:6", family: .ipv6)?.description == "::0.5.0.6")
    #expect(IPAddress("::1.2.3.4", family: .ipv6)?.description == "::1.2.3.4")
    #expect(IPAddress("::5", family: .ipv6)?.description == "::5")
    #expect(IPAddress("::1:0", family: .ipv6)?.description == "::0.1.0.0")
    #expect(IPAddress("1::5:6", family: .ipv6)?.description == "1::5:6")
  }
}

// Pages of what reading a file finds: the kinds of problems are those of the loader, with the same numbers and names.

import NetfilterModel

/// Pages of problems that reading a file finds.
enum LoadPages {
  static let codes: [LintCode] = [
    page(
      .missingCommit, "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\n",
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT\n",
      "iptables-restore loads a table when it comes to its `COMMIT`. Without it nothing of the table is loaded."),
    page(
      .missingNewline, "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT",
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT\n",
      "iptables-restore compares the line with its newline. Without one `COMMIT` does not count."),
    page(
      .badCommit, "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT \n",
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT\n",
      "The line must be `COMMIT` and nothing else, not even a blank."),
    page(
      .carriageReturn, "*filter\r\n:INPUT ACCEPT [0:0]\r\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\r\nCOMMIT\r\n",
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT\n",
      "The carriage return of a Windows line end counts as part of the last word, so that `DROP` is "
        + "no target any more."),
    page(
      .lineOutsideTable, "iptables -A INPUT -p tcp --dport 23 -j DROP\n",
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 23 -j DROP\nCOMMIT\n",
      "A rule file holds tables, as iptables-save writes them. Commands as a shell takes them belong into a script."),
    page(
      .tableInRule, "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -t filter -p tcp --dport 23 -j DROP\nCOMMIT\n",
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 23 -j DROP\nCOMMIT\n",
      "The table of a rule is the one whose line `*TABLE` stands above it. iptables-restore refuses `-t`."),
    page(
      .unknownChain, "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 23 -j web\nCOMMIT\n",
      "*filter\n:INPUT ACCEPT [0:0]\n:web - [0:0]\n-A INPUT -p tcp --dport 23 -j web\n-A web -j DROP\nCOMMIT\n",
      "A rule leads to a chain that is not declared, or to a target that is misspelled."),
    page(
      .chainLoop,
      """
      *filter
      :INPUT ACCEPT [0:0]
      :a - [0:0]
      :b - [0:0]
      -A INPUT -j a
      -A a -s 192.0.2.1 -j b
      -A b -d 192.0.2.2 -j a
      COMMIT

      """,
      """
      *filter
      :INPUT ACCEPT [0:0]
      :a - [0:0]
      :b - [0:0]
      -A INPUT -j a
      -A a -s 192.0.2.1 -j b
      -A b -d 192.0.2.2 -j DROP
      COMMIT

      """,
      "A packet would go round for ever. The kernel refuses the whole table."),
    page(
      .badAddress, "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 62.35.82.284 -j DROP\nCOMMIT\n",
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 62.35.82.24 -j DROP\nCOMMIT\n",
      "The word is no address. Names of hosts are not looked up here; in a rule file they are looked "
        + "up once, when it is loaded."),
    page(
      .interfaceInWrongChain, "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -o eth0 -s 192.0.2.1 -j DROP\nCOMMIT\n",
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -i eth0 -s 192.0.2.1 -j DROP\nCOMMIT\n",
      "Packets in PREROUTING and INPUT have no output interface yet, and packets in OUTPUT came in on none."),
    page(
      .wrongHook,
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      -A POSTROUTING -o eth0 -j DNAT --to-destination 192.0.2.1
      COMMIT

      """,
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      -A POSTROUTING -o eth0 -j SNAT --to-source 192.0.2.1
      COMMIT

      """,
      "Most matches and targets work in some chains only: DNAT where packets come in, SNAT where they leave."),
    page(
      .dropInNat,
      "*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s 192.0.2.1 -j DROP\nCOMMIT\n",
      "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s 192.0.2.1 -j DROP\nCOMMIT\n",
      "Table nat sees only the first packet of a connection, and is no place to filter: iptables refuses DROP there."),
    page(
      .missingProtocol, "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p udp -m tcp --dport 53 -j DROP\nCOMMIT\n",
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p udp -m udp --dport 53 -j DROP\nCOMMIT\n",
      "The match of one protocol works behind `-p` with that protocol only."),
    page(
      .policyOnUserChain,
      "*filter\n:INPUT ACCEPT [0:0]\n:web DROP [0:0]\n-A INPUT -j web\n-A web -s 192.0.2.1 -j DROP\nCOMMIT\n",
      "*filter\n:INPUT ACCEPT [0:0]\n:web - [0:0]\n-A INPUT -j web\n-A web -s 192.0.2.1 -j DROP\nCOMMIT\n",
      "Only built-in chains have a policy. From the end of another chain packets go back to where they came from."),
    page(
      .unclosedQuote,
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 192.0.2.1 -m comment --comment \"not us -j DROP\nCOMMIT\n",
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 192.0.2.1 -m comment --comment \"not us\" -j DROP\nCOMMIT\n",
      "Everything up to the end of the line is taken as the text, the target too."),
  ]

  private static func page(_ id: DiagnosticID, _ problematic: String, _ correct: String, _ why: String) -> LintCode {
    LintCode(id, page: LintPage(problematic: problematic, correct: correct, why: why))
  }
}

// What people write who know other tools: each slip is told what was meant.

import Foundation
import Testing

@Suite struct SlipTests {
  static let start = "in on eth0 tcp 192.0.2.1:5"
  static let end = "192.0.2.2:80"

  @Test(arguments: [
    // Operands.
    ("trace --rules gw.rules \(start) '>' \(end) deliver", "put quotes around it\n  '\(start) > \(end) deliver'\n"),
    ("trace --rules gw.rules \(start) '->' \(end) deliver", "put quotes around it\n  '\(start) > \(end) deliver'\n"),
    ("trace --rules gw.rules \(start) >out", "reads `> WORD` itself"),
    ("trace --rules gw.rules wait 30s", "put quotes around it\n  'wait 30s'\n"),
    ("trace gw.rules", "`gw.rules` is a file:\n  a rule file   hookwalk trace --rules gw.rules PACKET...\n"),
    ("trace t.flow", "  a host        hookwalk trace --host t.flow PACKET...\n  tests         hookwalk test t.flow\n"),
    ("gw.rules", "hookwalk trace --rules gw.rules PACKET...\n"),
    ("s.json", "hookwalk replay s.json\n"),
    // Packets.
    ("trace '\(start) -> \(end) deliver'", "help: write `>` alone: SRC > DST\n"),
    ("trace '\(start)->\(end) deliver'", "help: put blanks around the `>`, and write it without a dash: SRC > DST\n"),
    ("trace '\(start) => \(end) deliver'", "help: write `>` alone: SRC > DST\n"),
    ("trace '\(start) > \(end) [SYN]'", "help: flags are letters in brackets: `[S]`\n"),
    ("trace '\(start) > \(end) [SYN,ACK]'", "help: flags are letters in brackets: `[S.]`\n"),
    ("trace '\(start) > \(end) [syn|ack]'", "help: flags are letters in brackets: `[S.]`\n"),
    ("trace '\(start) > \(end) [SYN ACK]'", "help: the letters are S F R P . U E W, as in [S.]; `.` is ACK\n"),
    ("trace '\(start) > \(end) S.'", "help: flags are letters in brackets: `[S.]`\n"),
    ("trace '\(start) > \(end) RST'", "help: flags are letters in brackets: `[R]`\n"),
    ("trace '\(start) > 192.0.2.2:ssh'", "help: ports are numbers here: ssh is 22\n"),
    ("trace 'in on eth0 ping 192.0.2.1 > 192.0.2.2'", "help: a ping is `icmp`, an echo request: "),
    ("trace 'in on eth0 http 192.0.2.1 > 192.0.2.2'", "`tcp ADDRESS:PORT > ADDRESS:80`\n"),
    ("trace 'ping 192.0.2.1'", "help: a packet says where it starts: `in on INTERFACE icmp ...` or `local icmp ...`\n"),
    ("trace 'tcp 192.0.2.1:5 > 192.0.2.2:6'", "`in on INTERFACE tcp ...` or `local tcp ...`\n"),
    ("trace --expect ACCEPT \"$ssh\"", "help: a rule says ACCEPT, a packet ends as `deliver`, `forward` or `send`\n"),
    ("trace \"$ssh => accept\"", "help: a rule says ACCEPT, a packet ends as `deliver`, `forward` or `send`\n"),
    ("trace \"$ssh => DROP\"", "help: did you mean `drop`?\n"),
    ("trace \"$ssh => deny\"", "help: write `drop`, or `reject` where an answer is sent\n"),
  ])
  func callsAreUnderstood(_ call: String, _ help: String) throws {
    let run = try ShellRun("hookwalk \(call)")
    #expect(run.code == 2)
    #expect(run.errors.contains(help), "\(run.errors)")
  }

  @Test(arguments: [
    ("test gw.rules", "gw.rules:1:1: error: this is a rule file, not the flow language [unknown-keyword]\n"),
    ("test gw.rules", "help: name it in a file of tests, `rules v4 PATH`, or trace with `--rules gw.rules`\n"),
    ("trace --host gw.rules \"$ssh\"", "gw.rules:1:1: error: this is a rule file, not the flow language"),
    ("save t.flow", "help: give it as `hookwalk trace --host t.flow` or `hookwalk test t.flow`\n"),
  ])
  func filesOfAnotherKindAreToldOnce(_ call: String, _ text: String) throws {
    let run = try ShellRun("hookwalk \(call)")
    #expect(run.code == 3)
    #expect(run.errors.contains(text), "\(run.errors)")
    #expect(run.errors.components(separatedBy: ": error: ").count == 2)
  }

  @Test(arguments: [
    "#!/bin/sh\nIPT=/sbin/iptables\n$IPT -A INPUT -j DROP\n", "iptables -F\niptables -A INPUT -j DROP\n",
    "IPT=/sbin/iptables\n$IPT -A INPUT -j DROP\n", "sudo iptables -A INPUT -j DROP\n",
    "#!/usr/bin/env bash\nset -e\niptables -A INPUT -j DROP\n",
  ])
  func aScriptIsRead(_ text: String) throws {
    let run = try ShellRun("hookwalk save fw.sh", files: ["fw.sh": text])
    #expect(run.code == 0)
    #expect(run.errors.isEmpty, "\(run.errors)")
    #expect(run.output.contains("-A INPUT -j DROP\n"))
  }

  @Test(arguments: ["$IPTABLES -A INPUT -j DROP\n", "\"$IPT\" -F\n"])
  func aCommandWhoseNameIsMissingIsNotGuessed(_ text: String) throws {
    let run = try ShellRun("hookwalk save fw.sh", files: ["fw.sh": text])
    #expect(run.code == 3)
    #expect(run.errors.contains("which is not set [line-not-read]"), "\(run.errors)")
    #expect(
      try ShellRun("hookwalk save fw.sh --set IPTABLES=iptables --set IPT=iptables", files: ["fw.sh": text]).code == 0)
  }

  @Test(arguments: [
    ("Chain INPUT (policy ACCEPT)\ntarget prot opt source destination\n", "this is what `iptables -L` prints"),
    ("table ip filter {\n}\n", "this is an nftables ruleset"),
    ("#!/sbin/iptables-restore\nbanana\n", "the line stands outside a table"),
    ("-P INPUT DROP\n", "help: rules stand between a line such as `*filter` and a line `COMMIT`"),
  ])
  func otherTextsAreNamed(_ text: String, _ message: String) throws {
    let run = try ShellRun("hookwalk save x", files: ["x": text])
    #expect(run.code == 3)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test(arguments: [
    ("-A INPUT -p tcp --dprot 22 -j ACCEPT", "help: did you mean `--dport`?\n"),
    ("-A INPUT --dprot 22 -j ACCEPT", "help: did you mean `--dport`? It needs the protocol before it, "),
    ("-A INPUT --ctsate NEW -j ACCEPT", "help: did you mean `--ctstate`? It needs `-m conntrack` before it\n"),
    ("-A INPUT -m conntrack --ctstate ESTABLSHED -j ACCEPT", "help: did you mean `ESTABLISHED`?\n"),
    ("-A INPUT -m state --state NEW,ESTABLSHED -j ACCEPT", "help: did you mean `ESTABLISHED`?\n"),
    ("-A INPUT -m conntrack --ctstate BANANA -j ACCEPT", "help: one of INVALID, NEW, RELATED, "),
    (":FORWRD DROP [0:0]", "help: did you mean `FORWARD`?\n"), (":inputs DROP [0:0]", "help: did you mean `INPUT`?\n"),
    (":mine DROP [0:0]", "help: write `:mine - [0:0]`\n"), ("-A OUTPT -j ACCEPT", "help: did you mean `OUTPUT`?\n"),
  ])
  func rulesAreMended(_ line: String, _ help: String) throws {
    let run = try ShellRun("hookwalk save x", files: ["x": "*filter\n\(line)\nCOMMIT\n"])
    #expect(run.code == 3)
    #expect(run.errors.contains(help), "\(run.errors)")
  }

  /// The command that the help names is run, and mends the file.
  @Test(arguments: [
    ShellRun.rules.replacingOccurrences(of: "\n", with: "\r\n"), "\u{feff}" + ShellRun.rules,
    "\u{feff}" + ShellRun.rules.replacingOccurrences(of: "\n", with: "\r\n"),
  ])
  func theMendingCommandMends(_ text: String) throws {
    for name in ["bad.rules", "a b'c.rules"] {
      let run = try ShellRun(
        """
        name="\(name)"; hookwalk save "$name" 2>errors; echo $?
        sed -n 's/^  help: .*: \\(.*sed -i\\)/\\1/p' errors >mend; sh ./mend; cmp "$name" gw.rules && wc -l <mend
        """, files: [name: text])
      let count = (text.contains("\r") ? 1 : 0) + (text.hasPrefix("\u{feff}") ? 1 : 0)
      #expect(run.output.split(whereSeparator: \.isWhitespace) == ["3", "\(count)"])
    }
    let piped = try ShellRun(
      "hookwalk save - <x", files: ["x": ShellRun.rules.replacingOccurrences(of: "\n", with: "\r\n")])
    #expect(piped.errors.contains("put `tr -d '\\r'` before it in the pipe\n"))
  }

  @Test func aByteOrderMarkInTheFlowLanguageIsPassedOver() throws {
    let run = try ShellRun("hookwalk test x.flow", files: ["x.flow": "\u{feff}" + ShellRun.flow])
    #expect(run.code == 0)
    let included = try ShellRun(
      "hookwalk test y.flow",
      files: [
        "y.flow": "include x.flow\n" + ShellRun.flow.split(separator: "\n").dropFirst(2).joined(separator: "\n") + "\n",
        "x.flow": "\u{feff}iface eth0 203.0.113.1/24\nrules v4 gw.rules\n",
      ])
    #expect(included.code == 0)
  }

  @Test(arguments: [
    ("addr", "2: \u{1b}[36meth0: \u{1b}[0m<UP> mtu 1500\n", "help: save it without them: ip -c=never addr >FILE\n"),
    (
      "route", "default via \u{1b}[35m192.0.2.2\u{1b}[0m dev eth0\n",
      "help: save it without them: ip -c=never route >FILE\n"
    ),
    ("rule", "0:\tfrom all lookup \u{1b}[35mlocal\u{1b}[0m\n", "help: save it without them: ip -c=never rule >FILE\n"),
    (
      "sysctl", "\u{1b}[1mnet.ipv4.ip_forward\u{1b}[0m = 1\n", "help: save it without them: TERM=dumb sysctl -a >FILE\n"
    ),
    ("addr", "[{\"ifindex\":1,\"ifname\":\"lo\"}]\n", "help: save it as text: ip addr >FILE\n"),
    ("route", "[ {\n  \"dst\": \"default\"\n} ]\n", "help: save it as text: ip route >FILE\n"),
    ("rule", "[{\"priority\":0}]\n", "help: save it as text: ip rule >FILE\n"),
    ("sysctl", "{\"net.ipv4.ip_forward\": 1}\n", "help: save it as text: sysctl -a >FILE\n"),
  ])
  func savedOutputIsText(_ kind: String, _ text: String, _ help: String) throws {
    let run = try ShellRun(
      "hookwalk trace --host h.flow \"$ssh\"", files: ["h.flow": "import \(kind) saved\n", "saved": text])
    #expect(run.code == 3)
    #expect(run.errors.contains(help), "\(run.errors)")
    #expect(run.errors.components(separatedBy: ": error: ").count == 2)
  }
}

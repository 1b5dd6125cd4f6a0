// What cannot be read, and what is read twice or holds nothing.

import Foundation
import Testing

@Suite struct InputFileTests {
  @Test(arguments: [
    ("save gone", "hookwalk: cannot read `gone`: No such file or directory\n"),
    ("save .", "hookwalk: cannot read `.`: Is a directory\n"),
    ("save gw.rules/x", "hookwalk: cannot read `gw.rules/x`: Not a directory\n"),
    ("list gone", "hookwalk: cannot read `gone`: No such file or directory\n"),
    ("replay gone", "hookwalk: cannot read `gone`: No such file or directory\n"),
    ("trace --rules . \"$ssh\"", "hookwalk: cannot read `.`: Is a directory\n"),
    ("trace --host gone \"$ssh\"", "hookwalk: cannot read `gone`: No such file or directory\n"),
    ("save ''", "hookwalk: cannot read ``: No such file or directory\n"),
  ])
  func unreadableFilesEndWithThree(_ call: String, _ message: String) throws {
    let run = try ShellRun("hookwalk \(call)")
    #expect(run.code == 3)
    #expect(run.errors == message || message.isEmpty)
    #expect(!run.errors.isEmpty)
    #expect(run.output == "")
  }

  #if os(Linux)
    @Test func aReadErrorEndsWithThree() throws {
      let run = try ShellRun("hookwalk save /proc/self/mem")
      #expect(run.code == 3)
      #expect(run.errors == "hookwalk: cannot read `/proc/self/mem`: Input/output error\n")
    }
  #endif

  @Test(arguments: ["save /dev/zero", "replay /dev/zero", "save - </dev/zero"])
  func anInputWithoutEndIsBounded(_ call: String) throws {
    let run = try ShellRun("hookwalk \(call)")
    #expect(run.code == 3)
    let words = run.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.hasSuffix(" is larger than 256 MiB, the most that is read of one input"))
  }

  @Test func whatAScenarioNamesLiesBesideIt() throws {
    let scenario = #"{"interfaces": [], "rules_file": "gw.rules", "packets": []}"#
    let run = try ShellRun(
      "mkdir sub; mv gw.rules s.json sub; hookwalk replay sub/s.json | grep -c 'dport 22'", files: ["s.json": scenario])
    #expect(run.code == 0)
    #expect(run.output == "1\n")
  }

  @Test func aPipeIsAnInput() throws {
    let run = try ShellRun("mkfifo p; cat gw.rules >p & hookwalk list -S p INPUT")
    #expect(run.output == "-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n")
  }

  @Test(arguments: [
    "trace --rules - --rules - \"$ssh\" <gw.rules", "trace --rules - --rules6 - \"$ssh\" <gw.rules",
    "trace --host - --rules - \"$ssh\" <gw.rules",
  ])
  func standardInputIsReadOnce(_ call: String) throws {
    let run = try ShellRun("hookwalk \(call)", files: ["gw.rules": "# nothing\n"])
    #expect(run.code == 2)
    #expect(
      run.errors
        == "hookwalk: standard input was read already and is empty now: only one input can come from it, save the others as files\n"
    )
  }

  @Test func aPipeIsReadOnce() throws {
    for script in [
      "cat gw.rules | hookwalk trace --rules - --rules /dev/stdin \"$ssh\"",
      "mkfifo p; cat gw.rules >p & hookwalk trace --rules p --rules p \"$ssh\"",
    ] {
      let run = try ShellRun(script)
      #expect(run.code == 2)
      #expect(run.errors.contains("was read already and is empty now"))
    }
  }

  @Test(arguments: ["", "# only a comment\n"]) func anEmptyRuleFileIsSaid(_ text: String) throws {
    for call in ["save empty", "list empty", "trace --rules empty --format kernel \"$ssh\""] {
      let run = try ShellRun("hookwalk \(call)", files: ["empty": text])
      #expect(run.code == 0)
      #expect(
        run.errors.hasPrefix("empty:1:1: warning: the file has no table: nothing is loaded [empty-rule-file]\n"))
      #expect(run.errors.components(separatedBy: "warning").count == 2)
    }
  }

  @Test func aPacketWithoutRulesIsSaid() throws {
    let warning =
      "hookwalk: warning: no rules are loaded, so no rule decides about a packet;\ngive a rule file with --rules FILE\n"
    let host = ["host.flow": "iface eth0 203.0.113.1/24\n", "later.flow": "iface eth0 203.0.113.1/24\n"]
    let packet = "'in on eth0 icmp 203.0.113.7 > 203.0.113.1'"
    for call in ["trace \"$ssh\"", "trace --expect deliver \"$ssh\" \"$web\"", "trace --host host.flow \(packet)"] {
      let run = try ShellRun("hookwalk \(call)", files: host)
      #expect(run.code == 0)
      #expect(run.errors == warning)
    }
    for call in [
      "trace --rules gw.rules \"$ssh\"", "trace --host later.flow 'load rules v4 gw.rules' \(packet)",
      "trace --rules t.rules \"$ssh\"",
    ] {
      let run = try ShellRun("hookwalk \(call)", files: host.merging(["t.rules": "*filter\nCOMMIT\n"]) { $1 })
      #expect(run.code == 0)
      #expect(run.errors == "")
    }
  }

  @Test func assumptionsAreAboutAllRules() throws {
    let files = [
      "host.flow": "iface eth0 203.0.113.1/24\nassume -m geoip --src-cc KR yes\n",
      "geo.rules": "*filter\n-A INPUT -m geoip --src-cc KR -j DROP\nCOMMIT\n",
    ]
    let packet = "'in on eth0 icmp 203.0.113.7 > 203.0.113.1'"
    let with = try ShellRun("hookwalk trace --expect drop --host host.flow --rules geo.rules \(packet)", files: files)
    #expect(with.code == 0)
    #expect(!with.errors.contains("unknown-assumption"))
    let without = try ShellRun("hookwalk trace --host host.flow --rules gw.rules \(packet)", files: files)
    #expect(without.errors.contains("host.flow:2:1: warning: no rule has the match `geoip --src-cc KR`"))
  }

  @Test func aReplyToALostPacketIsAFinding() throws {
    let run = try ShellRun("hookwalk trace --rules gw.rules \"$web\" 'reply [S.]' again")
    #expect(run.code == 1)
    #expect(run.errors == "packet 2: there is no `reply`: packet 1 was dropped, so nothing answers it\n")
    #expect(run.output.contains("#3 again"))
    #expect(try ShellRun("hookwalk trace --rules gw.rules \"$ssh\" 'reply [S.]'").code == 0)
    let first = try ShellRun("hookwalk trace --rules gw.rules reply \"$ssh\"")
    #expect(first.code == 2)
    #expect(first.errors == "hookwalk: packet 1: there is no packet yet that `reply` could answer\n")
  }
}

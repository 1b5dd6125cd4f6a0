// Rule files inside scripts: where their rules and problems stand.

import NetfilterModel
import RuleScripts
import Testing

@Suite struct RestoreWordsTests {
  private func read(_ text: String) -> RuleScript { RuleScript.read(Array(text.utf8), file: "fw.sh") }

  /// The rules of a here-document stand in the lines of the script.
  @Test func rulesOfAHereDocument() {
    let script = read(
      "#!/bin/sh\nP=22\niptables-restore <<EOF\n*filter\n-A INPUT -p tcp --dport $P -j ACCEPT\nCOMMIT\nEOF\n")
    #expect(!script.hasErrors)
    #expect(script[.ipv4][.filter]?["INPUT"]?.rules.first?.location?.line == 5)
    #expect(script[.ipv4][.filter]?["INPUT"]?.rules.first?.location?.file == "fw.sh")
  }

  /// Those that come through a pipe stand where the command does.
  @Test func rulesOfAPipe() {
    let script = read("\n\nprintf '*filter\\n\\n-A INPUT -j DROP\\nCOMMIT\\n' | iptables-restore\n")
    #expect(script[.ipv4][.filter]?["INPUT"]?.rules.first?.location?.line == 3)
  }

  /// A mistake is told with the line of the script, and in the words of the tool with the line of the rule file.
  @Test func aMistakeInAHereDocument() {
    let script = read("#!/bin/sh\niptables-restore <<'E'\n*filter\n-A INPUT -j NOSUCH\nCOMMIT\nE\n")
    let refused = script.diagnostics.first { $0.id == .commandRefused }
    #expect(refused?.range.line == 4)
    #expect(refused?.sourceLine == "-A INPUT -j NOSUCH")
    #expect(script.errors.contains("Error occurred at line: 2\n"))
    #expect(script.status == 2)
  }

  /// What the kernel refuses at COMMIT is told at the rule.
  @Test func aLoopInAHereDocument() {
    let script = read(
      "\niptables-restore <<'E'\n*filter\n:a -\n-A INPUT -i lo -j a\n-A a -i lo -j a\nCOMMIT\nE\n")
    #expect(script.diagnostics.first { $0.id == .commandRefused }?.range.line == 6)
    #expect(script.errors == "iptables-restore: line 5 failed\n")
    #expect(script[.ipv4].tables.isEmpty)
  }

  /// What was committed above a mistake stays, and a test loads nothing.
  @Test func whatStays() {
    let file = "*filter\\n-A INPUT -j DROP\\nCOMMIT\\n*nat\\nfoo\\nCOMMIT\\n"
    let script = read("printf '\(file)' | iptables-restore\n")
    #expect(script[.ipv4].tables.map { $0.kind } == [.filter])
    #expect(script.errors.hasPrefix("Bad argument `foo'\nError occurred at line: 5\n"))
    #expect(read("printf '\(file)' | iptables-restore -t\n")[.ipv4].tables.isEmpty)
    let other = read("printf '\(file)' | iptables-restore -T filter\n")
    #expect(other.status == 0)
    #expect(other[.ipv4].tables.map { $0.kind } == [.filter])
  }

  /// A wrong option is a refused command, too.
  @Test func aWrongOption() {
    let script = read("iptables-save --nosuch\niptables-restore a b\n")
    #expect(script.diagnostics.map { $0.id } == [.commandRefused, .commandRefused])
    #expect(script.diagnostics.map { $0.range.line } == [1, 2])
    #expect(script.status == 1)
  }

  /// The name of a host may be known where the script runs: that is no refusal.
  @Test func theNameOfAHost() {
    let script = read("printf '*filter\\n-A INPUT -s www.example.org -j DROP\\nCOMMIT\\n' | iptables-restore\n")
    #expect(script.hasErrors)
    #expect(!script.diagnostics.contains { $0.id == .commandRefused })
  }
}

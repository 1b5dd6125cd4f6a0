// Scripts of iptables commands: what they come to.

import NetfilterModel
import RuleScripts
import Testing

@Suite struct RuleScriptTests {
  @Test func aPlainScript() {
    let script = RuleScript.read(
      Array("iptables -A INPUT -p tcp --dport 22 -j ACCEPT\niptables -S INPUT\n".utf8), file: "fw.sh")
    #expect(script.output == "-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n")
    #expect(script.diagnostics.isEmpty)
  }
}

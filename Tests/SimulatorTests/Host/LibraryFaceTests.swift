// The library as the README shows it.

import NetfilterModel
import Simulator
import Testing

@Suite struct LibraryFaceTests {
  @Test func theReadmesExample() throws {
    let text = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"
    let packet = try #require(
      Packet(hex: "4500002800010000400602c8cb007105cb0071019c4000160000000000000000500220007b840000"))
    let rules = try Ruleset(parsing: text, file: "rules.v4")
    var host = LinuxHost(name: "gw")
    try host.addAddress("203.0.113.1/24", to: "eth0")
    try host.load(rules)
    let walk = host.receive(packet, on: "eth0")
    #expect(walk.disposition == .delivered)
    #expect(walk.ruleHits.map { "\($0.place)" } == ["filter/INPUT#1"])
    #expect(walk.emitted.isEmpty)
    #expect("\(walk)".contains("filter/INPUT#1"))
  }

  @Test func wrongRulesThrowEveryProblem() {
    #expect {
      try Ruleset(parsing: "*filter\n-A INPUT -s 1.2.3.400\n-A INPUT --dprot 1\nCOMMIT\n", file: "bad.v4")
    } throws: { error in
      let text = "\(error)"
      return text.contains("bad.v4:2:13") && text.contains("bad.v4:3:10")
    }
  }
}

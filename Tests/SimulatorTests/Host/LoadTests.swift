// What a host loads and refuses: rules that a program made, and every rule file that the real iptables took.

import Foundation
import NetfilterModel
import Simulator
import Testing

@Suite struct LoadTests {
  /// Every rule file of Fixtures/`name`.
  static func files(_ name: String) -> [URL] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Fixtures/\(name)").standardizedFileURL
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "rules" }.sorted { $0.path < $1.path }
  }

  @Test(arguments: files("save"))
  func whatTheRealToolLoadedIsLoaded(_ file: URL) throws {
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let result = RestoreParser.parse(text, file: file.lastPathComponent, counters: .ignored)
    var host = LinuxHost()
    try host.load(result.ruleset)
  }

  @Test func refusedRulesAreNamedAndNothingIsLoaded() {
    var filter = Table(.filter)
    filter.chains[0].rules = [Rule(action: .jump("A"))]
    filter.chains.append(Chain(name: "A", rules: [Rule(action: .jump("A")), Rule(action: .goto("B"))]))
    var host = LinuxHost()
    #expect {
      try host.load(Ruleset(tables: [Table(.mangle), filter]))
    } throws: { error in
      (error as? RulesetRefusal)?.findings.map(\.id.rawValue) == ["unknown-chain", "chain-loop"]
    }
    #expect(host.ruleset().tables.isEmpty)
  }

  @Test func aCircleThatNothingReachesIsLoadedAndWalkedPast() throws {
    var filter = Table(.filter)
    filter.chains[0].policy = .drop
    filter.chains.append(Chain(name: "A", rules: [Rule(action: .jump("A")), Rule(action: .goto("A"))]))
    var host = LinuxHost()
    try host.addAddress("203.0.113.1/24", to: "eth0")
    try host.load(Ruleset(tables: [filter]))
    let packet = try #require(
      Packet(hex: "4500002800010000400602c8cb007105cb0071019c4000160000000000000000500220007b840000"))
    #expect(host.receive(packet, on: "eth0").ruleHits.map { "\($0.place)" } == ["filter/INPUT policy"])
  }

  /// Every jump of the deepest way finds room on the stack: the packet comes back and meets the last rule.
  @Test func jumpsReturnFromTheGreatestDepth() throws {
    var text = "*filter\n:INPUT DROP [0:0]\n:last - [0:0]\n"
    for number in 1...40 { text += ":C\(number) - [0:0]\n" }
    text += "-A INPUT -g C1\n"
    for number in 1..<40 { text += "-A C\(number) \(number % 3 == 0 ? "-g" : "-j") C\(number + 1)\n" }
    text += "-A C40 -j last\n-A C1 -p tcp -j ACCEPT\nCOMMIT\n"
    var host = LinuxHost()
    try host.addAddress("203.0.113.1/24", to: "eth0")
    try host.load(try Ruleset(parsing: text, file: "f"))
    let packet = try #require(
      Packet(hex: "4500002800010000400602c8cb007105cb0071019c4000160000000000000000500220007b840000"))
    let walk = host.receive(packet, on: "eth0")
    #expect(walk.disposition == .delivered)
    #expect(walk.ruleHits.last.map { "\($0.place)" } == "filter/C1#2")
  }
}

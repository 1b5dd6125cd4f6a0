// Sets in every command that takes rules.

import Foundation
import Testing

@Suite struct SetCommandTests {
  static let files = [
    "gw.sets": "create geo hash:net\nadd geo 198.51.100.0/24\n",
    "set.rules": "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m set --match-set geo src -j DROP\nCOMMIT\n",
    "set.flow": """
    iface eth0 203.0.113.1/24
    route default via 203.0.113.254
    ipset gw.sets
    rules v4 set.rules
    test "the net is shut out"
    in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 => drop at filter/INPUT#1
    in on eth0 tcp 198.51.101.7:40000 > 203.0.113.1:22 => deliver
    end

    """,
  ]

  func run(_ script: String) throws -> ShellRun { try ShellRun(script, files: Self.files) }

  @Test(arguments: [
    "save set.rules", "list set.rules", "commands set.rules", "trace --rules set.rules \"$ssh\"", "lint set.rules",
  ])
  func aMissingSetIsRefusedWithAHint(_ command: String) throws {
    let without = try run("hookwalk \(command)")
    #expect(without.code != 0)
    let said = without.errors + without.output
    #expect(said.contains("set.rules:3:1: error: there is no set `geo`") && said.contains("unknown-set]"), "\(said)")
    #expect(said.contains("--ipset FILE"))
    let words = command.split(separator: " ", maxSplits: 1)
    let with = try run("hookwalk \(words[0]) --ipset gw.sets \(words[1])")
    #expect(!(with.errors + with.output).contains("unknown-set"), "\(with.errors)\(with.output)")
  }

  @Test func aTraceSaysWhatTheSetHas() throws {
    let there = try run("hookwalk trace --ipset gw.sets --rules set.rules --expect drop \"$ssh\"")
    #expect(there.code == 0, "\(there.output)\(there.errors)")
    let other = try run(
      "hookwalk trace --ipset gw.sets --rules set.rules --explain 'in on eth0 tcp 192.0.2.7:4 > 203.0.113.1:22 deliver'"
    )
    #expect(other.output.contains("192.0.2.7 is not"))
  }

  @Test func aTestFileNamesItsSets() throws {
    let outcome = try run("hookwalk test set.flow")
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    let without = try run("grep -v ipset set.flow > no.flow; hookwalk test no.flow")
    #expect(without.code == 3)
    #expect(without.errors.contains("[unknown-set]"))
    let given = try run("grep -v ipset set.flow > no.flow; hookwalk test --ipset gw.sets no.flow")
    #expect(given.code == 0, "\(given.output)\(given.errors)")
  }

  @Test func aFolderOfAMachineHasItsSets() throws {
    let outcome = try run(
      """
      mkdir m; cp gw.sets m/ipset; cp set.rules m/rules.v4
      printf '2: eth0: <BROADCAST,UP> mtu 1500 state UP\\n    inet 203.0.113.1/24 scope global eth0\\n' > m/addr
      printf 'default via 203.0.113.254 dev eth0\\n' > m/route
      hookwalk trace --host m --expect drop 'in on eth0 tcp 198.51.100.7:4000 > 203.0.113.1:22'
      """)
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
  }

  @Test func aScenarioHasSetsAndAnswersWithThem() throws {
    let scenario = """
      {"interfaces": [{"name": "eth0", "addrs": ["192.0.2.1/24"]}], "ipset_file": "gw.sets",
       "rules": "*filter\\n-A INPUT -j SET --add-set geo src\\nCOMMIT\\n",
       "packets": [{"in": "eth0", "hex": "4500001c000000004001f6ddc0000202c00002010800f7fd00010001"}]}
      """
    let outcome = try ShellRun("hookwalk replay x.json", files: Self.files.merging(["x.json": scenario]) { $1 })
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\"add geo 192.0.2.0/24\""))
  }

  @Test func setsArePrinted() throws {
    let outcome = try run(
      "hookwalk sets gw.sets; hookwalk sets gw.sets gw.sets; hookwalk sets --exist gw.sets gw.sets | wc -l")
    #expect(
      outcome.output.hasPrefix(
        "create geo hash:net family inet hashsize 1024 maxelem 65536 bucketsize 12\nadd geo 198.51.100.0/24\n"))
    #expect(outcome.errors.contains("gw.sets:1:8: error: a set with this name exists already [set-exists]"))
    #expect(outcome.output.hasSuffix("2\n"))
  }
}

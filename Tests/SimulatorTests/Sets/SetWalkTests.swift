// Rules that ask and change sets, on a host whose clock runs.

import NetfilterModel
import Simulator
import Testing

@Suite struct SetWalkTests {
  static let second: UInt64 = 1_000_000_000

  /// A host with sets and rules of table filter.
  func host(_ sets: String, _ rules: String, table: String = "filter") throws -> LinuxHost {
    var host = LinuxHost()
    host.addInterface(Interface("eth0"))
    host.addAddress(try #require(InterfaceAddress("192.0.2.1/24")), to: "eth0")
    let read = SetFileParser.parse(Array(sets.utf8), file: "sets")
    #expect(read.diagnostics.isEmpty, "\(DiagnosticRenderer().render(read.diagnostics))")
    host.sets = read.sets
    try host.load(try Ruleset(parsing: "*\(table)\n\(rules)\nCOMMIT\n"))
    return host
  }

  func packet(_ source: String, _ port: UInt16 = 80) throws -> Packet {
    let address = try #require(IPAddress(source))
    var segment: [UInt8] = [0xc3, 0x50, UInt8(port >> 8), UInt8(port & 255)] + [UInt8](repeating: 0, count: 16)
    segment[12] = 0x50
    segment[13] = 2
    return Packet(bytes: Make.transport(from: address.v4Bits, to: 0xc000_0201, 6, segment, field: 16))
  }

  func isDropped(_ host: inout LinuxHost, _ source: String, _ port: UInt16 = 80) throws -> Bool {
    if case .dropped = host.receive(try packet(source, port), on: "eth0").disposition { true } else { false }
  }

  @Test func theMostSpecificNetworkDecides() throws {
    var host = try host(
      "create n hash:net\nadd n 10.0.0.0/8\nadd n 10.1.0.0/16 nomatch\nadd n 10.1.2.0/24\n",
      "-A INPUT -m set --match-set n src -j DROP")
    #expect(try isDropped(&host, "10.9.0.1"))
    #expect(try !isDropped(&host, "10.1.0.1"))
    #expect(try isDropped(&host, "10.1.2.1"))
    #expect(try !isDropped(&host, "11.1.2.1"))
  }

  @Test func returnNomatchTurnsItRound() throws {
    var host = try host(
      "create n hash:net\nadd n 10.0.0.0/8\nadd n 10.1.0.0/16 nomatch\n",
      "-A INPUT -m set --match-set n src --return-nomatch -j DROP")
    #expect(try !isDropped(&host, "10.9.0.1"))
    #expect(try isDropped(&host, "10.1.0.1"))
  }

  @Test func entriesGoWhenTheirTimeIsOver() throws {
    var host = try host(
      "create s hash:ip timeout 10\nadd s 10.0.0.1\nadd s 10.0.0.2 timeout 0\n",
      "-A INPUT -m set --match-set s src -j DROP")
    host.wait(nanoseconds: 9 * Self.second)
    #expect(try isDropped(&host, "10.0.0.1"))
    host.wait(nanoseconds: 2 * Self.second)
    #expect(try !isDropped(&host, "10.0.0.1"))
    #expect(try isDropped(&host, "10.0.0.2"))
  }

  @Test func aPacketAddsItsSenderForAWhile() throws {
    var host = try host(
      "create s hash:ip,port timeout 300\n",
      """
      -A INPUT -m set --match-set s src,dst -j DROP
      -A INPUT -p tcp --dport 23 -j SET --add-set s src,dst --timeout 5
      """)
    #expect(try !isDropped(&host, "10.0.0.1", 23))
    #expect(try isDropped(&host, "10.0.0.1", 23))
    #expect(try !isDropped(&host, "10.0.0.2", 23))
    #expect(try !isDropped(&host, "10.0.0.1", 80))
    host.wait(nanoseconds: 6 * Self.second)
    #expect(try !isDropped(&host, "10.0.0.1", 23))
  }

  @Test func existBeginsTheTimeAnew() throws {
    for (option, isThere) in [("", false), (" --exist", true)] {
      var host = try host("create s hash:ip timeout 5\n", "-A INPUT -j SET --add-set s src\(option)")
      _ = try isDropped(&host, "10.0.0.1")
      host.wait(nanoseconds: 4 * Self.second)
      _ = try isDropped(&host, "10.0.0.1")
      host.wait(nanoseconds: 3 * Self.second)
      let text = String(decoding: SetPrinter.bytes(host.sets, now: host.now), as: UTF8.self)
      #expect(text.contains("add s 10.0.0.1") == isThere)
    }
  }

  @Test func aPacketRemovesItsSender() throws {
    var host = try host("create s hash:ip\nadd s 10.0.0.1\n", "-A INPUT -j SET --del-set s src")
    _ = try isDropped(&host, "10.0.0.1")
    #expect(host.sets[0]?.count == 0)
  }

  @Test func countersCountAndDecide() throws {
    var host = try host(
      "create s hash:ip counters\nadd s 10.0.0.1 packets 5\n",
      """
      -A INPUT -m set --match-set s src --packets-gt 6 -j DROP
      -A INPUT -m set --match-set s src ! --update-counters --packets-eq 6 -j ACCEPT
      """)
    #expect(try !isDropped(&host, "10.0.0.1"))
    #expect(try isDropped(&host, "10.0.0.1"))
    let text = String(decoding: SetPrinter.bytes(host.sets), as: UTF8.self)
    #expect(text.contains("add s 10.0.0.1 packets 7 bytes 80"))
  }

  @Test func anEntryGivesItsMark() throws {
    var host = try host(
      "create s hash:ip skbinfo\nadd s 10.0.0.1 skbmark 0x5/0xf\n",
      "-A INPUT -j SET --map-set s src --map-mark\n-A INPUT -m mark --mark 0x15 -j DROP", table: "mangle")
    var marked = try packet("10.0.0.1")
    marked.mark = 0x13
    let walk = host.receive(marked, on: "eth0")
    #expect({ if case .dropped = walk.disposition { true } else { false } }())
  }

  /// As Linux 6.18 does: older kernels asked no set of interfaces whose longest prefix is /0.
  @Test func everyNetworkOfAnInterface() throws {
    let text = "create s hash:net,iface\nadd s 0.0.0.0/0,eth0\n"
    var host = try host(text, "-A INPUT -m set --match-set s src,src -j DROP")
    #expect(try isDropped(&host, "10.0.0.1"))
    var other = try self.host(text, "-A INPUT -j SET --del-set s src,src")
    #expect(try !isDropped(&other, "10.0.0.1"))
    #expect(!String(decoding: SetPrinter.bytes(other.sets), as: UTF8.self).contains("add s"))
  }

  @Test func tooFewPartsFitNothing() throws {
    var host = try host("create s hash:ip,port\nadd s 10.0.0.1,80\n", "-A INPUT -m set --match-set s src -j DROP")
    #expect(try !isDropped(&host, "10.0.0.1"))
    var other = try self.host(
      "create s hash:ip,port\nadd s 10.0.0.1,80\n", "-A INPUT -m set --match-set s src,dst,dst -j DROP")
    #expect(try isDropped(&other, "10.0.0.1"))
  }

  @Test func aListAsksItsSetsInOrder() throws {
    var host = try host(
      "create a hash:ip counters\nadd a 10.0.0.1\ncreate b hash:net counters\nadd b 10.0.0.0/8\ncreate l list:set counters\nadd l b\nadd l a before b\n",
      "-A INPUT -m set --match-set l src -j DROP")
    #expect(try isDropped(&host, "10.0.0.1"))
    #expect(try isDropped(&host, "10.0.0.2"))
    let text = String(decoding: SetPrinter.bytes(host.sets), as: UTF8.self)
    #expect(text.contains("add a 10.0.0.1 packets 1 bytes 40"))
    #expect(text.contains("add b 10.0.0.0/8 packets 1 bytes 40"))
    #expect(text.contains("add l a packets 1 bytes 40\nadd l b packets 1 bytes 40"))
  }

  @Test func aFullSetTakesNothing() throws {
    var host = try host("create s hash:ip maxelem 1\n", "-A INPUT -j SET --add-set s src")
    for source in ["10.0.0.1", "10.0.0.2"] { _ = try isDropped(&host, source) }
    #expect(host.sets[0]?.count == 1)
  }

  @Test func whatForceaddReplacesIsUnknown() throws {
    var host = try host("create s hash:ip maxelem 1 forceadd\n", "-A INPUT -j SET --add-set s src")
    _ = try isDropped(&host, "10.0.0.1")
    let walk = host.receive(try packet("10.0.0.2"), on: "eth0")
    #expect({ if case .unknown = walk.disposition { true } else { false } }())
  }

  @Test func aCopyOfAHostHasItsOwnSets() throws {
    var host = try host("create s hash:ip\n", "-A INPUT -j SET --add-set s src")
    let before = host
    _ = try isDropped(&host, "10.0.0.1")
    #expect(before.sets[0]?.count == 0)
    #expect(before != host)
  }

  @Test func aMissingSetIsRefused() throws {
    var host = LinuxHost()
    let rules = try Ruleset(
      parsing: "*filter\n-A INPUT -m set --match-set geo src -j DROP\n-A INPUT -j SET --del-set b src\nCOMMIT\n")
    do throws(RulesetRefusal) {
      try host.load(rules)
      Issue.record("it was loaded")
    } catch {
      #expect(error.findings.map { $0.id } == [.unknownSet, .unknownSet])
      #expect(error.findings.first?.message == "there is no set `geo`")
    }
    host.sets = SetFileParser.parse(Array("create geo hash:ip family inet6\ncreate b hash:ip\n".utf8), file: "s").sets
    do throws(RulesetRefusal) {
      try host.load(rules)
      Issue.record("it was loaded")
    } catch { #expect(error.findings.map { $0.id } == [.setForOtherFamily]) }
  }
}

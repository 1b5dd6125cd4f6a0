// What bounds a walk: how many rules it visits, how many packets it causes, how much of it is kept.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct WalkLimitsTests {
  /// Chains that each jump twice to the next.
  static func doubling(_ count: Int) -> String {
    var text = "*filter\n" + (0..<count).map { ":c\($0) - [0:0]\n" }.joined() + "-A INPUT -j c0\n"
    for number in 0..<count - 1 { text += String(repeating: "-A c\(number) -j c\(number + 1)\n", count: 2) }
    return text + "COMMIT\n"
  }

  static func host(_ rules: String, limit: Int? = nil) throws -> LinuxHost {
    var host = LinuxHost(name: "h")
    try host.addAddress("192.0.2.9/24", to: "eth0")
    try host.addRoute("10.0.0.0/8 dev eth0")
    try host.load(Ruleset(parsing: rules, file: "r"))
    if let limit { host.limits.rules = limit }
    return host
  }

  static let packet = Packet(bytes: Make.udp(5000))

  @Test func chainsThatDoubleEndAsUnknown() throws {
    var host = try Self.host(Self.doubling(40), limit: 20_000)
    let walk = host.receive(Self.packet, on: "eth0")
    guard case .unknown(let place, let reason) = walk.disposition else {
      Issue.record("\(walk.disposition)")
      return
    }
    let chain = try #require(place?.chain)
    #expect(reason == "the walk is too long: more than 20000 rules, the last in chain `\(chain)`")
    #expect(chain.hasPrefix("c"))
    var silent = try Self.host(Self.doubling(40), limit: 20_000)
    #expect(silent.walk(Self.packet, input: "eth0") == walk.disposition)
    #expect(LinuxHost().limits.rules == 10_000_000)
  }

  /// The rules of each line, and how many are visited with the policy.
  @Test(arguments: [
    ("-A INPUT -p tcp\n-A INPUT -p icmp\n-A INPUT -p udp\n-A INPUT -p tcp\n", 5),
    ("-A INPUT -p tcp\n-A INPUT -p udp -j ACCEPT\n-A INPUT -p udp\n", 2),
    (":a - [0:0]\n-A INPUT -p tcp\n-A INPUT -j a\n-A INPUT -p tcp\n-A a -p tcp\n-A a -p tcp\n", 7),
    (":a - [0:0]\n-A INPUT -g a\n-A INPUT -p udp\n-A a -p tcp\n", 4),
    (":a - [0:0]\n:b - [0:0]\n-A INPUT -j a\n-A a -j b\n-A b -p udp -j RETURN\n-A b\n-A a -j RETURN\n", 5),
    ("-A INPUT -m limit --limit 1/s\n-A INPUT -j LOG\n-A INPUT -m mark --mark 1\n", 4),
    (":a - [0:0]\n-A INPUT -j a\n-A INPUT -j a\n-A INPUT -j a\n", 7),
  ])
  func everyRuleThatIsVisitedCounts(_ rules: String, _ visited: Int) throws {
    for limit in 1...visited + 1 {
      var host = try Self.host("*filter\n\(rules)COMMIT\n", limit: limit)
      var other = host
      let silent = host.walk(Self.packet, input: "eth0")
      if limit < visited {
        guard case .unknown = silent else {
          Issue.record("\(limit) of \(visited): \(silent)")
          continue
        }
      } else {
        #expect(silent == .delivered, "\(limit) of \(visited)")
      }
      #expect(other.receive(Self.packet, on: "eth0").disposition == silent)
    }
  }

  @Test func allTablesAndAllThatFollowsCountTogether() throws {
    let rules =
      "*mangle\n-A PREROUTING -p tcp\n-A INPUT -p tcp\nCOMMIT\n*filter\n-A INPUT -j REJECT\n-A OUTPUT -p tcp\nCOMMIT\n"
    // PREROUTING 2, INPUT of mangle 2, REJECT 1; its answer: mangle's OUTPUT 1, filter's OUTPUT 2, POSTROUTING 1.
    var enough = try Self.host(rules, limit: 9)
    var short = try Self.host(rules, limit: 8)
    let whole = enough.receive(Self.packet, on: "eth0")
    let cut = short.receive(Self.packet, on: "eth0")
    #expect(whole.disposition == cut.disposition)
    #expect(whole.emitted.count == 1)
    #expect(cut.emitted.isEmpty)
    let ends = cut.steps.filter { step in
      if step.packet.number == 1, case .ended(.unknown(_, let reason)) = step.event {
        return reason.contains("too long")
      }
      return false
    }
    #expect(ends.count == 1)
  }

  @Test func aLimitOfAnySizeIsTaken() throws {
    for limit in [Int.max, 0, -5, Int.min] {
      var host = try Self.host("*filter\n-A INPUT -p tcp\nCOMMIT\n", limit: limit)
      let end = host.walk(Self.packet, input: "eth0")
      if limit > 0 { #expect(end == .delivered) } else { #expect(end != .delivered) }
    }
  }

  /// A packet that goes round through loopback until its TTL runs out.
  static func loop(ttl: UInt8, consequences: Int? = nil) throws -> Walk {
    var host = LinuxHost(name: "h")
    try host.addAddress("10.0.0.1/8", to: "eth0")
    try host.addRoute("192.0.2.0/24 dev lo")
    try host.setSysctl("net.ipv4.ip_forward", "1")
    if let consequences { host.limits.consequences = consequences }
    var bytes = Make.udp(5000)
    bytes.setByte(ttl, at: 8)
    bytes.setIPv4Checksum(length: 20)
    return host.receive(Packet(bytes: bytes), on: "eth0")
  }

  static func unknownAnswers(_ walk: Walk) -> [String] {
    walk.events.compactMap { if case .answerUnknown(let reason) = $0 { reason } else { nil } }
  }

  @Test(arguments: [UInt8(65), 255])
  func aPacketGoesRoundThroughLoopbackUntilItsTTLRunsOut(_ ttl: UInt8) throws {
    let walk = try Self.loop(ttl: ttl)
    #expect(walk.emitted.count == 1)
    #expect(walk.emitted.first.flatMap { ICMPMessage.type(in: $0.packet.bytes, at: 20) } == .timeExceeded)
    #expect(walk.steps.last?.packet.number == Int(ttl))
    #expect(Self.unknownAnswers(walk).isEmpty)
  }

  @Test func whatIsCutOffIsSaid() throws {
    let walk = try Self.loop(ttl: 65, consequences: 10)
    #expect(walk.emitted.isEmpty)
    #expect(
      Self.unknownAnswers(walk) == ["the packet caused more than 10 others; 1 that still waited was not walked"])
    #expect(Self.unknownAnswers(try Self.loop(ttl: 11, consequences: 11)).isEmpty)
  }

  @Test func whatIsKeptIsBounded() {
    let place = { RulePlace(table: .filter, chain: "c", kind: .rule, number: $0) }
    let hit = { (number: Int) in
      WalkStep(event: .ruleHit(place(number), Self.packet, hook: .input, input: .none, output: .none))
    }
    var record = StepRecord()
    for number in 1...StepRecord.capacity + 5 {
      record.add(hit(number))
      if number == StepRecord.capacity + 5 {
        record.add(WalkStep(event: .packetChanged(from: Self.packet, to: Self.packet)))
      }
      record.add(WalkStep(event: .ruleMissed(place(number), RuleMiss())))
    }
    record.omitMiss()
    record.add(WalkStep(event: .tableLeft(.filter, .input, .accept)))
    // The hits and misses that there is room for, the last hit with what it changed, and the table's end.
    #expect(record.steps.count == 2 * StepRecord.capacity + 3)
    #expect(record.omittedHits == 4)
    #expect(record.omittedMisses == 6)
    guard case .ruleHit(let last, _, _, _, _) = record.steps[record.steps.count - 3].event,
      case .packetChanged = record.steps[record.steps.count - 2].event
    else {
      Issue.record("the last hit is not there")
      return
    }
    #expect(last.number == StepRecord.capacity + 5)
  }

  @Test func theClockStops() {
    var host = LinuxHost()
    host.wallClock = .max - 5
    host.wait(nanoseconds: 7)
    #expect(host.now == 7)
    for _ in 0..<3 {
      host.wait(nanoseconds: .max)
      #expect(host.now == HostMemory.lastTime)
      host.wait(nanoseconds: 1)
    }
    #expect(host.now == HostMemory.lastTime)
    #expect(host.state.memory.wallClock == .max)
  }

  @Test func aConnectionMadeAtTheClocksEndLives() throws {
    var host = try Self.host("*filter\n-A INPUT -m conntrack --ctstate ESTABLISHED -j DROP\nCOMMIT\n")
    host.wait(nanoseconds: .max)
    #expect(host.walk(Self.packet, input: "eth0") == .delivered)
    #expect(host.connections.count == 1)
    host.walk(Self.packet, input: "eth0")
    #expect(host.connections.count == 1)
  }
}

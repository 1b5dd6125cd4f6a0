// What targets do beside the bytes: marks, verdicts, translations, answers and records, as the kernel was seen to do it.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct TargetActionTests {
  @Test(
    arguments: [
      ("--set-mark 0x81", 0x5, 0x9, 0x5, 0x81),
      ("--set-xmark 0x3/0xf --left-shift-mark 4", 0x5, 0x81, 0x5, 0x830),
      ("--set-mark 0x80 --right-shift-mark 3", 0, 0, 0, 0x10),
      ("--save-mark --nfmask 0xf0 --ctmask 0xff --left-shift-mark 8", 0xf1, 0xff00_0000, 0xf1, 0xff00_f000),
      ("--restore-mark --nfmask 0x11 --ctmask 0xff00 --right-shift-mark 8", 0x1, 0xabcd, 0xab, 0xabcd),
      ("--restore-mark", 0x1, 0xabcd, 0xabcd, 0xabcd),
    ] as [(String, UInt32, UInt32, UInt32, UInt32)])
  func connmark(_ options: String, _ packet: UInt32, _ connection: UInt32, _ newPacket: UInt32, _ newConnection: UInt32)
    throws
  {
    var world = try EffectWorld(["-A FORWARD -j CONNMARK \(options)"])
    var marked = EffectWorld.udp
    marked.mark = packet
    var flight = try world.flight(marked, at: .forward, .mangle)
    #expect(try world.walk(&flight).verdict == .accept)
    #expect(flight.context.packet.mark == packet, "without a connection nothing happens")
    flight = try world.flight(marked, at: .forward, .mangle, isTracked: true)
    let id = try #require(flight.context.connection)
    world.host.walker.state.connections[id].mark = connection
    #expect(try world.walk(&flight).verdict == .accept)
    #expect(flight.context.packet.mark == newPacket)
    #expect(world.host.connections[id].mark == newConnection)
  }

  /// The same on a whole walk: the mark of the first packet's connection is what the second packet leaves with.
  @Test func connmarkOnTheWay() throws {
    var world = try EffectWorld([
      "-A PREROUTING -j CONNMARK --restore-mark", "-A FORWARD -m mark --mark 0 -j MARK --set-mark 7",
      "-A POSTROUTING -m mark --mark 7 -j CONNMARK --set-mark 9",
    ])
    let marks = [1, 2].map { _ in world.host.receive(EffectWorld.udp, on: "a").emitted.map(\.packet.mark) }
    #expect(marks == [[7], [9]])
    #expect(world.host.connections.connections.map(\.mark) == [9])
  }

  @Test func queues() throws {
    let results: [(String, UInt16?)] = [
      ("--queue-num 3", 3), ("--queue-num 3 --queue-bypass", nil), ("--queue-balance 1:4", 1),
    ]
    for (options, queue) in results {
      // What the queue accepts does not meet the next rule.
      var world = try EffectWorld(["-A FORWARD -j NFQUEUE \(options)", "-A FORWARD -j DROP"])
      let walk = world.host.receive(EffectWorld.udp, on: "a")
      if let queue {
        let place = RulePlace(table: .mangle, chain: "FORWARD", kind: .rule, number: 1)
        #expect(walk.disposition == .queued(queue, by: place), "\(options)")
      } else {
        #expect(walk.disposition == .forwarded("b"))
      }
    }
  }

  @Test func trackingIsDecidedOnce() throws {
    let (notrack, helper) = ("-A PREROUTING -j NOTRACK", "-A PREROUTING -p tcp -j CT --helper ftp")
    let zone = "-A PREROUTING -j CT --zone 5"
    for (rules, template, state) in [
      ([helper], ConnectionTemplate(helper: "ftp"), ConnectionState.new),
      ([helper, notrack], ConnectionTemplate(helper: "ftp"), .new), ([notrack], nil, .untracked),
      ([notrack, helper], nil, .untracked), ([notrack, zone], nil, .untracked),
    ] {
      var world = try EffectWorld(rules, table: .raw)
      var flight = try world.flight(EffectWorld.syn, at: .prerouting, .raw)
      #expect(try world.walk(&flight).verdict == .accept, "\(rules)")
      #expect(flight.context.template == template, "\(rules)")
      #expect(flight.context.state == state, "\(rules)")
      _ = world.host.receive(EffectWorld.syn, on: "a")
      #expect(world.host.connections.connections.map(\.helper) == (template == nil ? [] : ["ftp"]), "\(rules)")
    }
    var world = try EffectWorld([zone], table: .raw)
    guard case .unknown = world.host.receive(EffectWorld.syn, on: "a").disposition else {
      Issue.record("a zone is not simulated")
      return
    }
  }

  @Test func rejectsAndLogs() throws {
    for (rule, kind) in [
      ("--reject-with icmp-host-prohibited", RejectKind.unreachable(code: 10)),
      ("--reject-with port-unreach", .unreachable(code: 3)), ("--reject-with tcp-reset", .tcpReset),
    ] {
      var world = try EffectWorld(["-A FORWARD -p tcp -j REJECT \(rule)"], table: .filter)
      let walk = world.host.receive(EffectWorld.syn, on: "a")
      let place = RulePlace(table: .filter, chain: "FORWARD", kind: .rule, number: 1)
      #expect(walk.disposition == .rejected(by: place, with: kind))
      let answer = try #require(walk.emitted.first?.packet.bytes)
      #expect(walk.emitted.count == 1)
      switch kind {
      case .unreachable(let code): #expect(Array(answer[20..<22]) == [3, code])
      case .tcpReset: #expect(TCPHeader.flags(in: answer, at: 20) == [.rst, .ack])
      }
    }
    var world = try EffectWorld(
      ["-A FORWARD -j LOG --log-prefix x --log-level info", "-A FORWARD -j NFLOG --nflog-group 7"], table: .filter)
    let walk = world.host.receive(EffectWorld.udp, on: "a")
    #expect(walk.disposition == .forwarded("b"))
    let records = walk.events.compactMap { event in
      if case .logged(let record, _) = event { record } else { nil }
    }
    let detail = LogDetail(sequence: false, tcpOptions: false, ipOptions: false, owner: false)
    #expect(
      records == [
        LogRecord(target: "LOG", prefix: "x", number: 6, detail: detail),
        LogRecord(target: "NFLOG", prefix: "", number: 7),
      ])
  }

  @Test func marksClassAndTrace() throws {
    var world = try EffectWorld(["-A OUTPUT -j CLASSIFY --set-class 1:2", "-A OUTPUT -j MARK --set-xmark 0x3/0x1"])
    try world.load(["-A OUTPUT -j TRACE"], table: .raw)
    var flight = try world.flight(EffectWorld.udp, at: .output, .mangle)
    _ = try world.walk(&flight)
    #expect(flight.context.packet.priority == 0x1_0002)
    #expect(flight.context.packet.mark == 3)
    #expect(!flight.context.isTraced)
    flight.context.table = .raw
    _ = try world.walk(&flight)
    #expect(flight.context.isTraced)
  }

  /// A rule's target at its hook, and the range that NAT was asked for: addresses, ports, base port.
  @Test(arguments: [
    ("-A PREROUTING -p udp -j DNAT --to-destination 10.1.0.5-10.1.0.9:80-90/50", 0x0a01_0005, 0x0a01_0009, 80, 90, 50),
    ("-A POSTROUTING -p udp -j SNAT --to-source 10.9.9.9:2000-2010/5", 0x0a09_0909, 0x0a09_0909, 2000, 2010, 0),
    ("-A PREROUTING -p udp -j DNAT --to-destination :7", -1, -1, 7, 7, -1),
    ("-A PREROUTING -j NETMAP --to 10.1.7.0/24", 0x0a01_0709, 0x0a01_0709, -1, -1, -1),
    ("-A POSTROUTING -j NETMAP --to 192.168.3.0/28", 0xc0a8_0309, 0xc0a8_0309, -1, -1, -1),
    ("-A INPUT -j NETMAP --to 0.0.0.0/0", 0x0a00_0009, 0x0a00_0009, -1, -1, -1),
    ("-A OUTPUT -j REDIRECT", 0x7f00_0001, 0x7f00_0001, -1, -1, -1),
    ("-A PREROUTING -p udp -j REDIRECT --to-ports 5-6", 0x0a00_0001, 0x0a00_0001, 5, 6, -1),
    ("-A POSTROUTING -j MASQUERADE", 0x0a01_0001, 0x0a01_0001, -1, -1, -1),
  ])
  func natRanges(_ rule: String, _ first: Int, _ last: Int, _ lower: Int, _ upper: Int, _ base: Int) throws {
    var world = try EffectWorld([rule], table: .nat)
    let hook = try #require(Hook(chainName: rule.split(separator: " ")[1]))
    let isDestination = hook == .prerouting || hook == .output
    let translation = try #require(Self.translation(world))
    #expect(translation.end(at: hook) == (isDestination ? .destination : .source))
    let range = translation.range
    if translation.address == .range {
      #expect(range.addresses.map { Int($0.lowerBound.v4Bits) } ?? -1 == first)
      #expect(range.addresses.map { Int($0.upperBound.v4Bits) } ?? -1 == last)
    }
    #expect(range.ports.map { Int($0.lowerBound) } ?? -1 == lower)
    #expect(range.ports.map { Int($0.upperBound) } ?? -1 == upper)
    #expect(range.basePort.map { Int($0) } ?? -1 == base)

    var flight = try world.flight(EffectWorld.udp, at: hook, .nat, isTracked: true)
    let id = try #require(flight.context.connection)
    let old = world.host.connections[id].reply
    #expect(try world.walk(&flight).verdict == .accept)
    let connection = world.host.connections[id]
    let status: ConnectionStatus = isDestination ? .destinationNATDone : .sourceNATDone
    #expect(connection.status.intersection([.sourceNATDone, .destinationNATDone]) == status)
    // The end of the answers that stands for the translated one; the other stays as it was.
    let (address, port) =
      isDestination
      ? (connection.reply.source, connection.reply.sourceKey)
      : (connection.reply.destination, connection.reply.destinationKey)
    let before = Int((isDestination ? old.source : old.destination).v4Bits)
    #expect((first < 0 ? before...before : first...last).contains(Int(address.v4Bits)))
    let oldPort = Int(isDestination ? old.sourceKey : old.destinationKey)
    #expect((lower < 0 ? oldPort...oldPort : lower...upper).contains(Int(port)))
    #expect(
      (isDestination ? connection.reply.destination : connection.reply.source)
        == (isDestination ? old.destination : old.source))
    #expect(connection.masqueradeInterface == (rule.contains("MASQUERADE") ? "b" : .none))
  }

  /// The translation of the only rule.
  static func translation(_ world: EffectWorld) -> Translation? {
    let rules = world.host.ruleset().tables.flatMap { $0.chains.flatMap(\.rules) }
    guard rules.count == 1, case .target(let target) = rules[0].action, target.effects.count == 1,
      case .translate(let translation) = target.effects[0]
    else { return nil }
    return translation
  }

  @Test func natFlags() throws {
    let text = "-A POSTROUTING -j SNAT --to-source 1.2.3.4 --random --random-fully --persistent"
    let range = try #require(Self.translation(try EffectWorld([text], table: .nat))).range
    #expect(range.isRandom && range.isFullyRandom && range.isPersistent)
  }

  @Test func natWithoutAnAddressDrops() throws {
    for (rule, hook) in [
      ("-A POSTROUTING -j MASQUERADE", Hook.postrouting), ("-A PREROUTING -j REDIRECT", .prerouting),
    ] {
      var world = try EffectWorld([rule], table: .nat)
      var flight = try world.flight(EffectWorld.udp, at: hook, .nat, isTracked: true)
      var bare = LinuxHost()
      bare.addInterface(Interface("a"))
      bare.addInterface(Interface("b"))
      try bare.load(world.host.ruleset())
      bare.state.connections = world.host.connections
      world.host = bare
      let id = try #require(flight.context.connection)
      let before = world.host.connections[id]
      #expect(try world.walk(&flight).verdict == .drop)
      #expect(world.host.connections[id].reply == before.reply && world.host.connections[id].status == before.status)
    }
  }

  @Test func backwardRangesAreNotGuessed() throws {
    var world = try EffectWorld(["-A PREROUTING -j DNAT --to-destination 10.1.0.9-10.1.0.5"], table: .nat)
    var flight = try world.flight(EffectWorld.udp, at: .prerouting, .nat, isTracked: true)
    let id = try #require(flight.context.connection)
    let before = world.host.connections[id]
    guard case .unknown = try world.walk(&flight).verdict else {
      Issue.record("the range runs backwards")
      return
    }
    #expect(world.host.connections[id] == before)
  }
}

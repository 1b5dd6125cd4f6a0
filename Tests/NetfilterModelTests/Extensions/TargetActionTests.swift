// What targets do beside the bytes: marks, verdicts, NAT ranges, answers and records, as the kernel was seen to do it.

import NetfilterModel
import Testing

@Suite struct TargetActionTests {
  let services = TargetServices()

  /// A UDP packet 10.0.0.9:1000 > 10.1.0.1:53.
  func context(_ hook: Hook, _ table: TableKind) throws -> PacketContext {
    let packet = try #require(Packet(hex: "4500001c00010000401166c60a0000090a01000103e8003500080000"))
    let header = try #require(IPHeader(packet.bytes))
    return PacketContext(
      packet: packet, header: header, hook: hook, table: table, input: "a", output: "b", connection: nil, state: .none,
      services: services)
  }

  func connection(mark: UInt32) -> Connection {
    let tuple = ConnectionTuple(
      source: .v4(0x0a00_0009), destination: .v4(0x0a01_0001), sourceKey: 1000, destinationKey: 53,
      protocolNumber: .udp)
    let connection = Connection(original: tuple, reply: tuple, serial: 1)
    connection.mark = mark
    return connection
  }

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
    let target = try #require(parsedTarget("-A FORWARD -j CONNMARK \(options)", table: .mangle))
    var context = try context(.forward, .mangle)
    context.packet.mark = packet
    #expect(target.apply(&context) == .next)
    #expect(context.packet.mark == packet, "without a connection nothing happens")
    context.connection = self.connection(mark: connection)
    #expect(target.apply(&context) == .next)
    #expect(context.packet.mark == newPacket)
    #expect(context.connection?.mark == newConnection)
  }

  @Test func queues() throws {
    let results: [(String, TargetResult)] = [
      ("--queue-num 3", .queue(3)), ("--queue-num 3 --queue-bypass", .accept), ("--queue-balance 1:4", .queue(1)),
    ]
    for (options, result) in results {
      var context = try context(.forward, .mangle)
      #expect(try #require(parsedTarget("-A FORWARD -j NFQUEUE \(options)", table: .mangle)).apply(&context) == result)
    }
  }

  @Test func trackingIsDecidedOnce() throws {
    let notrack = try #require(parsedTarget("-A PREROUTING -j NOTRACK", table: .raw))
    let plain = try #require(parsedTarget("-A PREROUTING -p tcp -j CT --helper ftp", table: .raw))
    let zone = try #require(parsedTarget("-A PREROUTING -j CT --zone 5", table: .raw))
    var context = try context(.prerouting, .raw)
    #expect(plain.apply(&context) == .next)
    #expect(context.template == ConnectionTemplate(helper: "ftp"))
    #expect(context.state == .new)
    _ = notrack.apply(&context)
    #expect(context.state == .new)
    context = try self.context(.prerouting, .raw)
    _ = notrack.apply(&context)
    #expect(context.state == .untracked)
    _ = plain.apply(&context)
    #expect(zone.apply(&context) == .next)
    #expect(context.template == nil && context.state == .untracked)
    context = try self.context(.prerouting, .raw)
    guard case .unknown = zone.apply(&context) else {
      Issue.record("a zone is not simulated")
      return
    }
  }

  @Test func rejectsAndLogs() throws {
    var context = try context(.input, .filter)
    for answer in ["icmp-host-prohibited", "port-unreach"] {
      let target = try #require(parsedTarget("-A INPUT -j REJECT --reject-with \(answer)", table: .filter))
      #expect(target.apply(&context) == .drop)
    }
    let reset = try #require(parsedTarget("-A INPUT -p tcp -j REJECT --reject-with tcp-reset", table: .filter))
    #expect(reset.apply(&context) == .drop)
    #expect(services.rejected == [.unreachable(code: 10), .unreachable(code: 3), .tcpReset])
    for text in ["LOG --log-prefix x --log-level info", "NFLOG --nflog-group 7"] {
      #expect(try #require(parsedTarget("-A INPUT -j \(text)", table: .filter)).apply(&context) == .next)
    }
    #expect(
      services.records == [
        LogRecord(target: "LOG", prefix: "x", number: 6), LogRecord(target: "NFLOG", prefix: "", number: 7),
      ])
  }

  @Test func marksClassAndTrace() throws {
    var context = try context(.output, .mangle)
    _ = try #require(parsedTarget("-A OUTPUT -j CLASSIFY --set-class 1:2", table: .mangle)).apply(&context)
    _ = try #require(parsedTarget("-A OUTPUT -j MARK --set-xmark 0x3/0x1", table: .mangle)).apply(&context)
    _ = try #require(parsedTarget("-A OUTPUT -j TRACE", table: .raw)).apply(&context)
    #expect(context.packet.priority == 0x1_0002)
    #expect(context.packet.mark == 3)
    #expect(context.isTraced)
  }

  /// A rule's target at its hook, and the range that NAT was asked for: addresses, ports, base port.
  @Test(arguments: [
    ("-A PREROUTING -p udp -j DNAT --to-destination 10.1.0.5-10.1.0.9:80-90/50", 0x0a01_0005, 0x0a01_0009, 80, 90, 50),
    ("-A POSTROUTING -p udp -j SNAT --to-source 10.9.9.9:2000-2010/5", 0x0a09_0909, 0x0a09_0909, 2000, 2010, 0),
    ("-A PREROUTING -p udp -j DNAT --to-destination :7", -1, -1, 7, 7, -1),
    ("-A PREROUTING -j NETMAP --to 10.1.7.0/24", 0x0a01_0701, 0x0a01_0701, -1, -1, -1),
    ("-A POSTROUTING -j NETMAP --to 192.168.3.0/28", 0xc0a8_0309, 0xc0a8_0309, -1, -1, -1),
    ("-A INPUT -j NETMAP --to 0.0.0.0/0", 0x0a00_0009, 0x0a00_0009, -1, -1, -1),
    ("-A OUTPUT -j REDIRECT", 0x7f00_0001, 0x7f00_0001, -1, -1, -1),
    ("-A PREROUTING -p udp -j REDIRECT --to-ports 5-6", 0x0a08_0001, 0x0a08_0001, 5, 6, -1),
    ("-A POSTROUTING -j MASQUERADE", 0x0a08_0001, 0x0a08_0001, -1, -1, -1),
  ])
  func natRanges(_ rule: String, _ first: Int, _ last: Int, _ lower: Int, _ upper: Int, _ base: Int) throws {
    let target = try #require(parsedTarget(rule, table: .nat))
    let hook = try #require(Hook(chainName: rule.split(separator: " ")[1]))
    services.address = .v4(0x0a08_0001)
    var context = try context(hook, .nat)
    context.connection = connection(mark: 0)
    #expect(target.apply(&context) == .accept)
    let (range, manipulation) = try #require(services.ranges.first)
    #expect(manipulation == (hook == .prerouting || hook == .output ? .destination : .source))
    #expect(range.addresses.map { Int($0.lowerBound.v4Bits) } ?? -1 == first)
    #expect(range.addresses.map { Int($0.upperBound.v4Bits) } ?? -1 == last)
    #expect(range.ports.map { Int($0.lowerBound) } ?? -1 == lower)
    #expect(range.ports.map { Int($0.upperBound) } ?? -1 == upper)
    #expect(range.basePort.map { Int($0) } ?? -1 == base)
    if rule.contains("MASQUERADE") { #expect(context.connection?.masqueradeInterface == "b") }
  }

  @Test func natFlags() throws {
    var context = try context(.postrouting, .nat)
    let text = "-A POSTROUTING -j SNAT --to-source 1.2.3.4 --random --random-fully --persistent"
    _ = try #require(parsedTarget(text, table: .nat)).apply(&context)
    let range = try #require(services.ranges.first?.0)
    #expect(range.isRandom && range.isFullyRandom && range.isPersistent)
  }

  @Test func natWithoutAnAddressDrops() throws {
    for (rule, hook) in [
      ("-A POSTROUTING -j MASQUERADE", Hook.postrouting), ("-A PREROUTING -j REDIRECT", .prerouting),
    ] {
      var context = try context(hook, .nat)
      #expect(try #require(parsedTarget(rule, table: .nat)).apply(&context) == .drop)
    }
    #expect(services.ranges.isEmpty)
  }

  @Test func backwardRangesAreNotGuessed() throws {
    var context = try context(.prerouting, .nat)
    let rule = "-A PREROUTING -j DNAT --to-destination 10.1.0.9-10.1.0.5"
    guard case .unknown = try #require(parsedTarget(rule, table: .nat)).apply(&context) else {
      Issue.record("the range runs backwards")
      return
    }
    #expect(services.ranges.isEmpty)
  }
}

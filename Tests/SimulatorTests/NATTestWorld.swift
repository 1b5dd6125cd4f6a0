// A small world for tests of NAT: a connection table that is a list, a host that answers nothing, and a tracker that is just enough.

import NetfilterModel

@testable import Simulator

/// A connection table that is searched from end to end.
final class ListTable: NATConnectionTable {
  var connections: [Connection] = []

  func isTaken(_ tuple: ConnectionTuple, except: Connection, now: UInt64) -> Bool {
    connections.contains {
      $0 !== except && ($0.original == tuple || $0.reply == tuple) && $0.original != except.original
    }
  }
  func find(_ tuple: ConnectionTuple, now: UInt64) -> (connection: Connection, direction: ConnectionDirection)? {
    for connection in connections {
      if connection.original == tuple { return (connection, .original) }
      if connection.reply == tuple { return (connection, .reply) }
    }
    return nil
  }
  func alterReply(_ connection: Connection, _ tuple: ConnectionTuple) { connection.reply = tuple }
  func kill(_ connection: Connection) {
    connection.status.insert(.dying)
    connections.removeAll { $0 === connection }
  }
}

/// Reads the tuple of the packet at an offset, as far as these tests need it.
func tuple(of bytes: [UInt8], at start: Int = 0) -> ConnectionTuple {
  let transport = start + Int(bytes.byte(at: start) & 15) * 4
  var result = ConnectionTuple(
    source: .v4(bytes.uint32(at: start + 12)), destination: .v4(bytes.uint32(at: start + 16)), sourceKey: 0,
    destinationKey: 0, protocolNumber: ProtocolNumber(bytes.byte(at: start + 9)))
  switch result.protocolNumber {
  case .tcp, .udp, .udplite, .sctp:
    result.sourceKey = bytes.uint16(at: transport)
    result.destinationKey = bytes.uint16(at: transport + 2)
  case .icmp:
    result.sourceKey = bytes.uint16(at: transport + 4)
    result.destinationKey = bytes.uint16(at: transport)
  case .gre:
    if bytes.uint16(at: transport) & 7 == 1 { result.destinationKey = bytes.uint16(at: transport + 6) }
  default: break
  }
  return result
}

/// A router with nat rules, one closure a hook.
final class NATWorld {
  let table = ListTable()
  lazy var core = NATCore(table: table)
  let host = ClockHost(now: 0, nat: .unknown("no NAT here"))
  /// What the nat table says of a packet: a range, or nil for the policy.
  var rule: (PacketContext) -> NATRange? = { _ in nil }
  var random: UInt32 = 0
  private(set) var randomDraws = 0
  private(set) var walks: [Hook] = []
  private(set) var isByChance = false

  /// Tracks a packet: its connection and state.
  func track(_ packet: Packet, _ hook: Hook, input: InterfaceName, output: InterfaceName) -> PacketContext? {
    guard let header = IPHeader(packet.bytes) else { return nil }
    var context = PacketContext(
      packet: packet, header: header, hook: hook, table: .nat, input: input, output: output, connection: nil,
      state: .none, services: host)
    var own = tuple(of: packet.bytes)
    let isError = header.protocolNumber == .icmp && [3, 5, 11, 12].contains(own.icmpType)
    if isError { own = NATCore.inverted(tuple(of: packet.bytes, at: header.transportOffset + 8)) }
    if let (connection, direction) = table.find(own, now: 0) {
      context.connection = connection
      if isError {
        context.state = direction == .reply ? .relatedReply : .related
      } else if direction == .reply {
        connection.status.insert(.seenReply)
        context.state = .establishedReply
      } else {
        context.state = connection.status.contains(.seenReply) ? .established : .new
      }
    } else {
      context.connection = Connection(original: own, reply: NATCore.inverted(own), serial: 0)
      context.state = .new
    }
    return context
  }

  /// One nat hook.
  func pass(_ packet: inout PacketContext, _ hook: Hook, now: UInt64 = 0) -> NATHookOutcome {
    packet.hook = hook
    let draw = {
      self.randomDraws += 1
      return self.random
    }
    let outcome = core.process(&packet, now: now, random: draw) { context in
      walks.append(hook)
      guard let range = rule(context), let connection = context.connection else { return .accept }
      let set = core.setUp(
        connection, range: range, manipulation: NATCore.manipulation(at: hook), now: now, random: draw)
      if set.isByChance { isByChance = true }
      return set.result
    }
    if outcome.isByChance { isByChance = true }
    return outcome
  }

  /// The way of a forwarded packet: PREROUTING, one hop, POSTROUTING, confirmation. Nil when it is dropped.
  func forward(_ hex: String, from input: InterfaceName, to output: InterfaceName) -> String? {
    guard let packet = Packet(hex: hex),
      var context = track(packet, .prerouting, input: input, output: .none)
    else { return nil }
    guard pass(&context, .prerouting).result == .accept else { return nil }
    context.setTTL(context.header.ttl &- 1)
    context.output = output
    guard pass(&context, .postrouting).result == .accept, let connection = context.connection else { return nil }
    return confirm(connection) ? context.packet.hex : nil
  }

  /// Puts a connection into the table; false when another has its tuples.
  func confirm(_ connection: Connection) -> Bool {
    if connection.status.contains(.confirmed) { return true }
    if table.find(connection.original, now: 0) != nil || table.find(connection.reply, now: 0) != nil { return false }
    connection.status.insert(.confirmed)
    table.connections.append(connection)
    return true
  }
}

/// An IPv4 address from its four numbers.
func address(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> IPAddress { .v4(a << 24 | b << 16 | c << 8 | d) }

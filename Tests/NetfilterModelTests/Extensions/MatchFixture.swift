// Asks the conditions of one rule about packets, one after the other, without a simulator.

import Testing

@testable import NetfilterModel

enum MatchFixture {
  /// The rule of `-A CHAIN OPTIONS` as the product reads it.
  static func rule(_ options: String, chain: String = "FORWARD", family: AddressFamily = .ipv4) throws -> Rule {
    let result = RestoreParser.parse("*filter\n-A \(chain) \(options)\nCOMMIT\n", file: "test", family: family)
    let problems = result.diagnostics.filter { $0.severity == .error }
    try #require(problems.isEmpty, "\(DiagnosticRenderer().render(problems))")
    return try #require(result.ruleset[.filter]?[chain]?.rules.first)
  }

  /// An IPv4 packet.
  static func packet(
    source: UInt32 = 0x0a00_0002, destination: UInt32 = 0x0a01_0002, ttl: UInt8 = 64, tos: UInt8 = 0,
    fragment: UInt16 = 0, protocolNumber: UInt8 = 17, payload: [UInt8] = [3, 0xe8, 7, 0xd0, 0, 8, 0, 0],
    output: InterfaceName = .none
  ) throws -> PacketContext {
    var bytes = [UInt8](repeating: 0, count: 20) + payload
    bytes[0] = 0x45
    bytes[1] = tos
    bytes.setUInt16(UInt16(bytes.count), at: 2)
    bytes.setUInt16(fragment, at: 6)
    bytes[8] = ttl
    bytes[9] = protocolNumber
    bytes.setUInt32(source, at: 12)
    bytes.setUInt32(destination, at: 16)
    let header = try #require(IPHeader(bytes))
    return PacketContext(
      packet: Packet(bytes: bytes), header: header, hook: .forward, table: .filter, input: "eth0", output: output,
      connection: nil, state: .none)
  }
}

/// The conditions of a rule with what they remember.
struct FixtureRule {
  let conditions: [Condition]
  var states: [MatchState]

  /// Reads a rule; the stores that it needs are made in the memory.
  init(_ options: String, chain: String = "FORWARD", family: AddressFamily = .ipv4, in memory: inout HostMemory) throws
  {
    conditions = try MatchFixture.rule(options, chain: chain, family: family).conditions
    states = conditions.map { condition in
      guard case .opaque(let test) = condition.test else { return MatchState() }
      return test.initialState(&memory)
    }
  }

  /// Reads a rule that remembers nothing between rules.
  init(_ options: String, chain: String = "FORWARD", family: AddressFamily = .ipv4) throws {
    var memory = HostMemory()
    try self.init(options, chain: chain, family: family, in: &memory)
  }

  /// The first answer that is not yes; yes when all conditions hold.
  mutating func asks(
    _ packet: PacketContext, connection: Connection? = nil, _ memory: inout HostMemory
  ) -> ConditionResult {
    for (place, condition) in conditions.enumerated() {
      let result =
        if case .opaque(let test) = condition.test {
          test.evaluate(packet, &states[place], &memory)
        } else {
          condition.result(packet.value(of: condition.field, connection: connection, now: memory.now))
        }
      if result != .holds { return result }
    }
    return .holds
  }

  /// The answer of a rule that remembers nothing between rules.
  mutating func asks(_ packet: PacketContext, connection: Connection? = nil, now: UInt64 = 0) -> ConditionResult {
    var memory = HostMemory()
    memory.now = now
    return asks(packet, connection: connection, &memory)
  }
}

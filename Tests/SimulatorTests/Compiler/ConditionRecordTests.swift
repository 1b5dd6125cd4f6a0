// A record's interval says of any word what the condition that it was made from says of the number in it.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct ConditionRecordTests {
  static let cases = PropertyRun.count * 100

  /// What the inner loop says of records, one after the other.
  static func result(
    _ records: [ConditionRecord], lists: [PortList] = [], slots: [UInt64], guards: UInt16 = 0
  ) -> FastResult {
    var rule = CompiledRule()
    rule.head = records.first ?? ConditionRecord()
    rule.restCount = UInt16(max(0, records.count - 1))
    let rest = records.dropFirst() + [ConditionRecord()]
    let lists = lists + [.none]
    var slots = slots
    return withUnsafePointer(to: &rule) { rule in
      Array(rest).withUnsafeBufferPointer { rest in
        lists.withUnsafeBufferPointer { lists in
          slots.withUnsafeMutableBufferPointer { slots in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1) { stack in
              guard let rest = rest.baseAddress, let lists = lists.baseAddress, let slots = slots.baseAddress,
                let stack = stack.baseAddress
              else { return .cold }
              let form = ProgramForm(rules: rule, rest: rest, lists: lists, slots: slots, stack: stack)
              return form.result(of: 0, guards)
            }
          }
        }
      }
    }
  }

  /// A number of so many bits, often one at which something changes: ends, powers of two, and what is near them.
  static func number(_ dice: inout Dice, bits: UInt64, near: [UInt64] = []) -> UInt64 {
    let most: UInt64 = bits == 64 ? .max : (1 << bits) - 1
    let edges = near + [0, most, 1 << UInt64(dice.number(0...Int(bits) - 1))]
    return (dice.chance(70) ? dice.pick(edges) &+ dice.pick([0, 0, 1, .max]) : dice.next()) & most
  }

  /// Words for every slot, where the field of a place has a number.
  static func slots(_ dice: inout Dice, _ place: FieldPlace, _ number: UInt64) -> [UInt64] {
    var slots = (0..<FieldVector.count).map { _ in dice.chance(30) ? dice.pick([0, .max]) : dice.next() }
    slots[0] = 0
    slots[Int(place.slot)] = slots[Int(place.slot)] & ~place.mask | number << place.shift
    return slots
  }

  static func place(_ dice: inout Dice) -> FieldPlace {
    let bits = UInt64(dice.chance(30) ? dice.pick([1, 8, 16, 32, 64]) : dice.number(1...64))
    return FieldPlace(
      slot: UInt8(dice.number(1...FieldVector.count - 1)),
      shift: bits == 64 ? 0 : UInt64(dice.number(0...64 - Int(bits))), bits: bits)
  }

  /// A rule whose conditions lie on three words is stored in a hundred bytes, with where it comes from.
  @Test func aRuleOfThreeConditionsTakesAHundredBytes() throws {
    let fixed = MemoryLayout<CompiledRule>.stride + MemoryLayout<RuleOrigin>.stride
    for text in [
      "-i eth0 -s 10.0.0.0/8 -m conntrack --ctstate NEW", "-s 10.0.0.1 -p tcp -m tcp --dport 80 -m mark --mark 1",
      "-p udp -m multiport --dports 1,2,3 -m ttl --ttl-gt 3 -m connmark --mark 4",
      "-m statistic --mode nth --every 3 --packet 0 -m limit --limit 1/s -m ttl --ttl-eq 4",
    ] {
      let parsed = RestoreParser.parse(
        "*mangle\n:FORWARD ACCEPT\n-A FORWARD \(text)\nCOMMIT\n", file: "r", family: .ipv4)
      var lowering = RuleLowering(family: .ipv4)
      var rule = CompiledRule()
      lowering.lower(
        try #require(parsed.ruleset.tables.first?.chains.first { !$0.rules.isEmpty }?.rules.first).conditions,
        into: &rule)
      #expect(rule.restCount <= 2)
      #expect(fixed + Int(rule.restCount) * MemoryLayout<ConditionRecord>.stride <= 100, "\(text)")
    }
  }

  @Test func intervalsAreRanges() {
    var dice = Dice("intervals")
    for _ in 0..<Self.cases {
      let place = Self.place(&dice)
      // Ends beyond the field's numbers, ranges of all numbers, and ranges that run backwards.
      let bits = dice.chance(20) ? 64 : place.bits
      let range = NumberRange(Self.number(&dice, bits: bits), Self.number(&dice, bits: bits))
      let isInverted = dice.chance(50)
      let record = ConditionRecord(place, range, inverted: isInverted)
      for _ in 0..<4 {
        let number = Self.number(&dice, bits: place.bits, near: [range.lower, range.upper])
        let said = Self.result([record], slots: Self.slots(&dice, place, number))
        let expected: FastResult = range.contains(number) != isInverted ? .holds : .fails
        #expect(said == expected, "\(number) in \(range), inverted \(isInverted), \(place); \(PropertyRun.hint)")
      }
    }
  }

  @Test func invertingTwiceIsNothing() {
    var dice = Dice("inverting")
    for _ in 0..<Self.cases {
      let place = Self.place(&dice)
      var record = ConditionRecord(
        place, NumberRange(Self.number(&dice, bits: place.bits), Self.number(&dice, bits: place.bits)), inverted: false)
      let slots = Self.slots(&dice, place, Self.number(&dice, bits: place.bits))
      let first = Self.result([record], slots: slots)
      // What never holds, and what always holds, have lost their interval.
      guard record.mask != 0, record.span != .max else { continue }
      record.invert()
      #expect(Self.result([record], slots: slots) != first)
      record.invert()
      #expect(Self.result([record], slots: slots) == first)
    }
  }

  @Test func joinedEqualitiesAreBoth() {
    var dice = Dice("joins")
    for _ in 0..<Self.cases {
      let records = (0..<2).map { _ in
        var record = ConditionRecord()
        record.slot = 3
        record.mask = dice.pick([0xff, 0xf0, 0x80ff, 1 << 63, .max, dice.next() & dice.next()])
        record.lower = dice.pick([0, 0xf0, 0x30, 1 << 63]) & (dice.chance(80) ? record.mask : .max)
        record.guards = dice.pick([0, 1, 2, 0x300])
        return record
      }
      guard records.allSatisfy(\.isEquality) else { continue }
      var joined = records[0]
      joined.join(records[1])
      for _ in 0..<6 {
        var slots = [UInt64](repeating: 0, count: FieldVector.count)
        slots[3] = dice.pick([
          records[0].lower, records[0].lower | records[1].lower, records[0].lower | records[1].lower | dice.next(),
          dice.next(),
        ])
        let guards: UInt16 = dice.pick([0, 0, 1, 2])
        let both = records.map { Self.result([$0], slots: slots, guards: guards) }
        let expected: FastResult = both.allSatisfy { $0 == .holds } ? .holds : .fails
        #expect(Self.result([joined], slots: slots, guards: guards) == expected, "\(records) \(PropertyRun.hint)")
      }
    }
  }

  @Test func portListsAreRanges() {
    var dice = Dice("lists")
    for _ in 0..<Self.cases {
      let ranges = (0..<dice.number(1...16)).map { _ in
        let ends = [Self.number(&dice, bits: 16), Self.number(&dice, bits: 16)].sorted()
        return NumberRange(ends[0], dice.chance(50) ? ends[0] : ends[1])
      }
      var list = PortList.none
      list.lowers = SIMD16(repeating: UInt16(ranges[0].lower))
      list.spans = SIMD16(repeating: UInt16(ranges[0].upper - ranges[0].lower))
      for (index, range) in ranges.enumerated() {
        list.lowers[index] = UInt16(range.lower)
        list.spans[index] = UInt16(range.upper - range.lower)
      }
      list.shift = 48
      list.otherShift = dice.pick([48, 32, 0])
      list.isInverted = dice.chance(50)
      for _ in 0..<4 {
        let edges = ranges.flatMap { [$0.lower, $0.upper] }
        let (first, second) = (
          Self.number(&dice, bits: 16, near: edges), Self.number(&dice, bits: 16, near: edges)
        )
        let other: UInt64 = list.otherShift == 48 ? 0 : second << UInt64(list.otherShift)
        let word = first << 48 | other
        let found = ranges.contains { $0.contains(first) || (list.otherShift != 48 && $0.contains(second)) }
        #expect(list.holds(word) == (found != list.isInverted), "\(first) \(second) \(ranges) \(PropertyRun.hint)")
      }
    }
  }

  /// Fields that have a place in IPv4's vector, and those of a transport header behind the demand for one.
  static let fields: [Field] = [
    .source, .destination, .ttl, .tos, .dscp, .ecn, .totalLength, .mark, .packetType, .connectionMark,
    .connectionStatus, .connectionDirection, .connectionPort(.original, .source),
    .connectionPort(.original, .destination),
    .connectionPort(.reply, .source), .connectionPort(.reply, .destination), .sourcePort, .destinationPort, .eitherPort,
    .icmpType, .connectionState,
  ]

  static func test(_ dice: inout Dice, _ field: Field, bits: UInt64) -> ConditionTest {
    let number = { (dice: inout Dice) in Self.number(&dice, bits: dice.chance(15) ? 64 : bits) }
    if field == .eitherPort || (bits == 16 && dice.chance(40)) {
      return .ranges((0..<dice.number(0...18)).map { _ in NumberRange(number(&dice), number(&dice)) })
    }
    switch dice.number(0...4) {
    case 0: return .range(NumberRange(number(&dice), number(&dice)))
    case 1: return .equals(number(&dice))
    case 2:
      let mask = number(&dice)
      return .masked(value: dice.chance(80) ? number(&dice) & mask : number(&dice), mask: mask)
    case 3: return .anyBit(dice.chance(10) ? 0 : number(&dice))
    default:
      let mask = FieldValue(number(&dice))
      return .masked128(value: FieldValue(number(&dice) & mask.low), mask: mask)
    }
  }

  /// The records of whole rules, joined and guarded, say what the conditions say.
  @Test func loweredConditionsAreTheConditions() throws {
    var dice = Dice("lowering")
    var results: [Bool: Int] = [:]
    for _ in 0..<Self.cases {
      var conditions: [Condition] = []
      for match in 0..<dice.number(1...3) {
        var own: [Condition] = [.demand(.transportLength, .between(4, Int.max), drops: true)]
        for _ in 0..<dice.number(1...3) {
          let field = dice.pick(Self.fields)
          let place = FieldVector.place(of: field == .eitherPort ? .sourcePort : field, .ipv4)
          let test = Self.test(&dice, field, bits: try #require(place).bits)
          own.append(Condition("option", field, test, inverted: dice.chance(40)))
        }
        for var condition in own {
          condition.origin = .match(match)
          conditions.append(condition)
        }
      }
      var lowering = RuleLowering(family: .ipv4)
      var rule = CompiledRule()
      lowering.lower(conditions, into: &rule)
      let records = [rule.head] + lowering.rest.prefix(Int(rule.restCount))
      for _ in 0..<6 {
        var slots = (0..<FieldVector.count).map { _ in dice.next() }
        slots[0] = 0
        // Some fields get numbers at which their condition changes its mind.
        for condition in conditions where dice.chance(80) {
          guard let place = FieldVector.place(of: condition.field == .eitherPort ? .sourcePort : condition.field, .ipv4)
          else { continue }
          let number = Self.number(&dice, bits: place.bits, near: Self.edges(condition.test))
          slots[Int(place.slot)] = slots[Int(place.slot)] & ~place.mask | number << place.shift
        }
        let values = conditions.map { Self.value($0.field, slots) }
        let expected = zip(conditions, values).allSatisfy { $0.result($1) == .holds }
        results[expected, default: 0] += 1
        var said = Self.result(Array(records), lists: lowering.lists, slots: slots)
        if said == .cold { said = Self.slow(Array(records), lowering, slots) }
        #expect(said == (expected ? .holds : .fails), "\(conditions.map(\.test)) \(values) \(PropertyRun.hint)")
      }
    }
    #expect(results[true, default: 0] > Self.cases / 10 && results[false, default: 0] > Self.cases / 10)
  }

  /// What stands behind a function is asked behind it, as the function may count the packets that come to it.
  @Test func nothingIsMovedBeforeAFunction() {
    let test = OpaqueTest(keepsState: true, saw: { _, _, _ in "" }, evaluate: { _, _, _ in .holds })
    let conditions = [
      Condition("first", .tos, .masked(value: 0x10, mask: 0xf0)), .opaque("function", test),
      Condition("second", .tos, .masked(value: 0x01, mask: 0x0f)),
    ]
    for (places, count) in [([0, 1, 2], 3), ([0, 2, 1], 2), ([1, 0, 2], 2)] {
      var lowering = RuleLowering(family: .ipv4)
      var rule = CompiledRule()
      lowering.lower(places.map { conditions[$0] }, into: &rule)
      let records = [rule.head] + lowering.rest
      #expect(records.count == count)
      #expect(records.firstIndex { $0.kind == .opaque } == (places == [0, 2, 1] ? 1 : places.firstIndex(of: 1)))
      #expect(rule.keepsState)
    }
  }

  static func edges(_ test: ConditionTest) -> [UInt64] {
    switch test {
    case .range(let range): [range.lower, range.upper]
    case .ranges(let ranges): ranges.flatMap { [$0.lower, $0.upper] }
    case .masked(let value, _): [value]
    case .anyBit(let bits): [bits]
    case .masked128(let value, _): [value.low]
    default: []
    }
  }

  /// The number of a field in the vector.
  static func value(_ field: Field, _ slots: [UInt64]) -> FieldValue {
    func number(_ field: Field) -> UInt64 {
      guard let place = FieldVector.place(of: field, .ipv4) else { return 0 }
      return (slots[Int(place.slot)] & place.mask) >> place.shift
    }
    switch field {
    case .eitherPort: return FieldValue(number(.sourcePort), high: number(.destinationPort))
    case .transportLength: return FieldValue(100)
    default: return FieldValue(number(field))
    }
  }

  /// Records among which some are asked as they were written.
  static func slow(_ records: [ConditionRecord], _ lowering: RuleLowering, _ slots: [UInt64]) -> FastResult {
    for record in records {
      switch result([record], lists: lowering.lists, slots: slots) {
      case .fails: return .fails
      case .holds: continue
      case .cold:
        let condition = lowering.wholes[Int(record.reference)].condition
        if condition.result(value(condition.field, slots)) != .holds { return .fails }
      }
    }
    return .holds
  }

  /// The vector has in each place what the packet has in the field, or a guard that says that it has it not.
  @Test(arguments: AddressFamily.allCases) func theVectorHasTheFields(_ family: AddressFamily) throws {
    var host = try RandomPackets.host()
    try host.load(Ruleset(family: family, tables: [Table(.mangle)]))
    let program = try #require(host.configuration.program(.mangle, family))
    var packets = RandomPackets("vector", family)
    let fields =
      Self.fields + [.protocolNumber, .fragmentOffset, .tcpFlags, .packetState, .connectionProtocol]
      + [.securityParameterIndex]
    for _ in 0..<PropertyRun.count * 20 {
      let packet = packets.flight(on: &host, at: .forward, .mangle, likely: .tcp).context
      let connection = packet.connection.map { host.connections[$0] }
      let (slots, guards) = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: FieldVector.count) {
        guard let place = $0.baseAddress else { return ([UInt64](), UInt16(0)) }
        place.initialize(repeating: 0, count: FieldVector.count)
        let guards = FieldVector.fill(place, packet, program, host.connections)
        return (Array($0), guards)
      }
      for field in fields where !(field == .packetState && connection != nil) {
        let value = packet.value(of: field, connection: connection, now: host.now)
        let said: Comment = "\(field) \(value) \(packet.packet.hex) \(PropertyRun.hint)"
        guard let place = FieldVector.place(of: field == .eitherPort ? .sourcePort : field, family) else { continue }
        guard value.isPresent else {
          // A rule names the protocol before it asks for a field of its header.
          if FieldVector.need(of: field) != nil, !packet.hasHeader(of: field) { continue }
          let unknown = field == .protocolNumber ? PacketGuards.unknownProtocol : 0
          let needed =
            FieldVector.isOfConnection(field) ? PacketGuards.noConnection : FieldVector.need(of: field) ?? unknown
          #expect(guards & needed != 0, said)
          continue
        }
        // Flags are in the vector for TCP only; the rule names the protocol before it asks for them.
        if field == .tcpFlags, packet.header.protocolNumber != .tcp { continue }
        #expect((slots[Int(place.slot)] & place.mask) >> place.shift == value.low, said)
      }
      // What the state has of NAT beyond what -m state can name does not count.
      let state = packet.value(of: .packetState, connection: connection, now: host.now).low
      #expect(try #require(slots.dropFirst(9).first) >> 48 & state == state)
      if family == .ipv6 {
        #expect(slots[1] == packet.header.source.high && slots[2] == packet.header.source.low)
        #expect(slots[3] == packet.header.destination.high && slots[4] == packet.header.destination.low)
      }
    }
  }

  /// Interface names beyond those that have a bit are asked, too, and those of one side are not taken for the other's.
  @Test func everyInterfaceNameIsAsked() throws {
    var host = try RandomPackets.host()
    let count = FieldVector.interfacePatterns + 4
    let rules =
      (1...count).map { "-A FORWARD -i in\($0) -j DROP" } + (1...count).map { "-A FORWARD -o out\($0) -j DROP" }
    try host.load(try Ruleset(parsing: "*filter\n\(rules.joined(separator: "\n"))\nCOMMIT\n", file: "names"))
    let program = try #require(host.configuration.program(.filter, .ipv4))
    let entry = program.entries[Int(Hook.forward.rawValue)]
    var packets = RandomPackets("names", .ipv4)
    var flight = packets.flight(on: &host, at: .forward, .filter, likely: nil)
    for number in 1...count {
      for (input, output, rule) in [
        ("in\(number)", "other", number - 1), ("other", "out\(number)", count + number - 1),
        ("out\(number)", "in\(number)", 2 * count),
      ] {
        flight.context.input = InterfaceName(input)
        flight.context.output = InterfaceName(output)
        var silent = SilentObserver()
        let outcome = host.walker.run(program, &flight, at: .forward, observer: &silent)
        #expect(outcome.rule == entry + rule, "in \(input) out \(output)")
      }
    }
  }
}

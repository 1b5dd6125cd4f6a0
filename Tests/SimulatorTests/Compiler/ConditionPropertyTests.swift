// Compiled rules say of any packet what their conditions say when they are asked one by one.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct ConditionPropertyTests {
  /// What a run saw, so that it cannot pass by asking nothing.
  struct Coverage {
    var rules = 0
    var results: [ConditionResult: Int] = [:]
    var onlyOnes = 0
    var options: Set<String> = []
  }

  /// How many packets each rule meets, one after the other.
  static let packets = 12
  /// Matches that ask what is never known here.
  static let undecided: Set<String> = ["cpu", "ipvs", "osf", "socket"]
  /// Options that are always refused: what they name is outside of the rules.
  static let refused: Set<String> = ["object-pinned"]

  @Test(arguments: ExtensionRegistry.matches.indices)
  func compiledRulesSayWhatTheirConditionsSay(_ place: Int) throws {
    let kind = ExtensionRegistry.matches[place]
    let name = kind.spec.name
    let coverage = try run(kind, name)
    // The objects of these are made outside of the rule's own table.
    if ["nfacct", "rateest"].contains(name) { return }
    #expect(coverage.rules >= PropertyRun.count)
    if Self.undecided.contains(name) {
      #expect(coverage.results[.unknown, default: 0] > 0, "no rule was ever undecided; \(PropertyRun.hint)")
    } else {
      #expect(coverage.results[.holds, default: 0] > 0, "no rule ever matched; \(PropertyRun.hint)")
      #expect(coverage.results[.fails, default: 0] > 0, "no rule ever missed; \(PropertyRun.hint)")
    }
    let missing = kind.signatures.map(\.name).filter {
      !Self.refused.contains($0) && !coverage.options.contains("\(name) \($0)")
    }
    #expect(missing.isEmpty, "options that no accepted rule had: \(missing); \(PropertyRun.hint)")
  }

  @Test func headersSayWhatTheirConditionsSay() throws {
    let coverage = try run(nil, "headers")
    #expect(coverage.results[.holds, default: 0] > 0 && coverage.results[.fails, default: 0] > 0)
    #expect(coverage.onlyOnes > 0, "no rule ever missed by one condition alone")
  }

  /// Rules with a condition that only chance decides, among others that keep a state, fail or drop.
  @Test func undecidedConditionsLeaveTheRuleUndecided() throws {
    var coverage = Coverage()
    for kind in ExtensionRegistry.matches {
      let one = try run(kind, "undecided \(kind.spec.name)", undecided: true)
      for (result, count) in one.results { coverage.results[result, default: 0] += count }
    }
    #expect(coverage.results[.unknown, default: 0] > PropertyRun.count)
    #expect(coverage.results[.fails, default: 0] > PropertyRun.count, "\(PropertyRun.hint)")
    #expect(coverage.results[.drops, default: 0] > 0)
  }

  /// Tries rules of both families until enough were accepted.
  func run(_ kind: ExtensionKind?, _ name: String, undecided: Bool = false) throws -> Coverage {
    var coverage = Coverage()
    let families = kind?.spec.families ?? AddressFamily.allCases
    for family in families {
      var rules = RandomRules(name, family)
      var packets = RandomPackets(name, family)
      var host = try RandomPackets.host()
      host.sets = RandomPackets.sets(family)
      let options = Set(
        undecided
          ? [] : (kind?.signatures ?? []).map(\.name).filter { !Self.refused.contains($0) }.map { "\(name) \($0)" })
      let wanted = (undecided ? PropertyRun.count / 4 : PropertyRun.count + options.count) / families.count + 1
      var accepted = 0
      // On until every option had its turn, and some rule matched, so that a rare one does not need a longer run.
      for _ in 0..<wanted * 40 {
        let isOptionOpen = !options.isSubset(of: coverage.options)
        let isResultOpen = coverage.results[.holds] == nil || coverage.results[.fails] == nil
        if accepted >= wanted, !isOptionOpen, undecided || !isResultOpen { break }
        let rule = rules.rule(kind, undecided: undecided)
        if accepted >= wanted, !isResultOpen, rule.options.isSubset(of: coverage.options) { continue }
        let text = "*\(rule.table.name)\n\(rule.text) -j DROP\nCOMMIT\n"
        let result = RestoreParser.parse(text, file: "random", family: family)
        var loaded = host
        if result.hasErrors { continue }
        do { try loaded.load(result.ruleset) } catch { continue }
        accepted += 1
        coverage.options.formUnion(rule.options)
        if !undecided, packets.dice.chance(50) { loaded.seedRandom(packets.dice.next()) }
        if !undecided, packets.dice.chance(80) { loaded.wallClock = UInt64(packets.dice.number(0...0x7fff_ffff)) }
        if packets.dice.chance(50) { loaded.walker.state.memory.facts.hasNoSockets = true }
        try ask(rule, on: &loaded, family, &packets, &coverage)
      }
      coverage.rules += accepted
    }
    return coverage
  }

  /// Lets packets meet the rule, with time between them.
  func ask(
    _ random: RandomRule, on host: inout LinuxHost, _ family: AddressFamily, _ packets: inout RandomPackets,
    _ coverage: inout Coverage
  ) throws {
    let program = try #require(host.configuration.program(random.table, family))
    let entry = program.entries[Int(random.hook.rawValue)]
    let rule = try #require(program.source(of: entry))
    let number = rule.header.protocolNumber?.value
    for _ in 0..<Self.packets {
      host.wait(nanoseconds: UInt64(packets.dice.pick([0, 0, 3_000_000, 400_000_000, 2_500_000_000])))
      let flight = packets.flight(on: &host, at: random.hook, random.table, likely: number)
      let connection = flight.context.connection.map { host.connections[$0] }
      let said: Comment =
        "\(family) \(random.table.name): \(random.text)\n\(describe(flight.context, connection))\n\(PropertyRun.hint)"

      var oracle = RuleOracle(rule, on: host, random.table, family)
      let expected = oracle.result(flight.context, host.configuration)
      let before = host
      let result = walk(&host, program, entry, flight)
      coverage.results[expected, default: 0] += 1
      #expect(result == expected, said)
      #expect(host.state.memory == oracle.memory, said)
      #expect(host.walker.state.tables[family][Int(random.table.rawValue)].states == oracle.states, said)
      #expect(host.state.connections == oracle.connections, said)

      var observer = ExplainingObserver()
      var explained = before.walker
      var copy = flight
      _ = explained.run(program, &copy, at: random.hook, observer: &observer)
      #expect(explained.state == host.walker.state, said)
      let misses = observer.steps.compactMap { step -> RuleMiss? in
        if case .ruleMissed(let place, let miss) = step.event, place == program.place(entry) { miss } else { nil }
      }
      #expect(misses.count == (expected == .fails || expected == .drops ? 1 : 0), said)
      guard let miss = misses.first else { continue }
      if miss.isOnlyOne { coverage.onlyOnes += 1 }
      var all = RuleOracle(rule, on: before, random.table, family)
      let results = all.everyResult(flight.context, before.configuration)
      #expect(miss.failed.map(\.condition) == results.indices.filter { [.fails, .drops].contains(results[$0]) }, said)
      #expect(miss.undecided.map(\.condition) == results.indices.filter { results[$0] == .unknown }, said)
      #expect(miss.holding == results.count { $0 == .holds }, said)
      let flips = rule.conditions.indices.filter { place in
        var oracle = RuleOracle(rule, on: before, random.table, family)
        return oracle.result(flight.context, before.configuration, forced: place) == .holds
      }
      #expect(miss.isOnlyOne == (flips.count == 1), said)
      if miss.isOnlyOne { #expect(miss.failed.map(\.condition) == flips, said) }
    }
  }

  /// What the compiled rule says, as the walk runs it.
  func walk(_ host: inout LinuxHost, _ program: TableProgram, _ entry: Int, _ flight: Flight) -> ConditionResult {
    var flight = flight
    var silent = SilentObserver()
    let kind = Int(program.kind.rawValue)
    let before = host.walker.state.tables[program.family][kind].counters[entry]
    let outcome = host.walker.run(program, &flight, at: flight.context.hook, observer: &silent)
    let isHit = host.walker.state.tables[program.family][kind].counters[entry] != before
    if case .unknown = outcome.verdict { return .unknown }
    if outcome.isHotDrop { return .drops }
    return isHit ? .holds : .fails
  }

  func describe(_ packet: PacketContext, _ connection: Connection?) -> String {
    "\(packet.hook) in \(packet.input) out \(packet.output) state \(packet.state) mark \(packet.packet.mark) "
      + "type \(packet.packet.type) \(packet.packet.owner) \(packet.packet.hex)\n\(connection.map { "\($0)" } ?? "-")"
  }

  /// On a whole walk, too, watching changes nothing.
  @Test func watchingChangesNothing() throws {
    var rules = RandomRules("walks", .ipv4)
    var packets = RandomPackets("walks", .ipv4)
    var loads = 0
    for _ in 0..<PropertyRun.count * 4 {
      let chosen = (0..<4).map { _ in rules.rule(rules.dice.pick(rules.kinds)) }
      let texts = TableKind.allCases.compactMap { table -> String? in
        let own = chosen.filter { $0.table == table }.map(\.text)
        return own.isEmpty ? nil : "*\(table.name)\n\(own.joined(separator: "\n"))\nCOMMIT\n"
      }
      var host = try RandomPackets.host()
      do { try host.load(try Ruleset(parsing: texts.joined(), file: "random")) } catch { continue }
      loads += 1
      for _ in 0..<6 {
        var packet = packets.packet(likely: .udp)
        packet.type = .host
        let input: InterfaceName? = packets.dice.chance(70) ? "eth0" : nil
        host.wait(nanoseconds: 400_000_000)
        var explained = host
        let walk = if let input { explained.receive(packet, on: input) } else { explained.send(packet) }
        var recorded = host
        #expect(recorded.record(packet, input: input).disposition == walk.disposition)
        #expect(host.walk(packet, input: input) == walk.disposition)
        let said: Comment = "\(texts.joined())\(packet.hex) \(PropertyRun.hint)"
        #expect(explained == host, said)
        #expect(recorded == host, said)
      }
    }
    #expect(loads > PropertyRun.count / 2)
  }
}

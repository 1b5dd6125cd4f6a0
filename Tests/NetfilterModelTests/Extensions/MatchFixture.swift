// Makes one match from the text of a rule and asks it about packets, without the rule parser and without a simulator.

@testable import NetfilterModel

/// A host of which only the clock, the chance and the stores work.
final class FixtureHost: HostServices {
  var now: UInt64 = 0
  var wallClock: UInt64?
  var chanceIsInjected = false
  var draws: [UInt32] = []
  private var stores: [String: any SharedStore] = [:]

  func random32() -> UInt32 { draws.isEmpty ? 0 : draws.removeFirst() }
  func store<Store: SharedStore>(_ key: String, make: () -> Store) -> Store {
    if let found = stores[key] as? Store { return found }
    let made = make()
    stores[key] = made
    return made
  }
  func addressType(of address: IPAddress, on interface: InterfaceName?) -> AddressType { .unicast }
  func route(to destination: IPAddress, from source: IPAddress, mark: UInt32, tos: UInt8) -> (
    type: AddressType, device: InterfaceName
  )? { nil }
  func masqueradeAddress(for packet: PacketContext) -> IPAddress? { nil }
  func redirectAddress(for packet: PacketContext) -> IPAddress? { nil }
  func setUpNAT(_ packet: inout PacketContext, range: NATRange, manipulation: NATManipulation) -> TargetResult { .next }
  func reject(_ packet: PacketContext, with kind: RejectKind) {}
  func pathMTU(for packet: PacketContext) -> (forward: Int?, back: Int?) { (nil, nil) }
  func log(_ record: LogRecord, packet: PacketContext) {}
}

enum MatchFixture {
  /// The words of a rule, as iptables-restore splits it.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var (isOpen, isQuoted, isEscaped) = (false, false, false)
    for character in text {
      if isEscaped {
        word.append(character)
        isEscaped = false
      } else if character == "\\", isQuoted {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
        isOpen = true
      } else if character == " ", !isQuoted {
        if isOpen { words.append(word) }
        (word, isOpen) = ("", false)
      } else {
        word.append(character)
        isOpen = true
      }
    }
    return isOpen ? words + [word] : words
  }

  /// The match of `-A CHAIN [! -p PROTOCOL] -m NAME OPTIONS`, checked as user space and the kernel check it.
  static func match(_ rule: String) throws(OptionError) -> Match {
    var words = words(rule)[...].dropFirst(2)
    var header = RuleHeader()
    let isInverted = words.first == "!"
    if isInverted { words.removeFirst() }
    if words.first == "-p" {
      let numbers: [String: ProtocolNumber] = ["tcp": .tcp, "udp": .udp]
      header.protocolNumber = Invertible(numbers[words.dropFirst().first ?? ""] ?? .any, inverted: isInverted)
      words = words.dropFirst(2)
    }
    let name = words.dropFirst().first ?? ""
    words = words.dropFirst(2)
    guard var match = Match.all.first(where: { $0.spec?.name == name }) else { throw OptionError("no match \(name)") }
    var given: Set<String> = []
    let rows = match.signatures
    while var word = words.popFirst() {
      let inverted = word == "!"
      if inverted { word = words.popFirst() ?? "" }
      let option = String(word.dropFirst(2))
      guard let index = rows.firstIndex(where: { $0.name == option || $0.aliases.contains(option) }) else {
        throw OptionError("no option \(option)")
      }
      let row = rows[index]
      if inverted, !row.canInvert { throw OptionError("\(option) cannot be negated") }
      if !row.isRepeatable, given.contains(row.name) { throw OptionError("\(option) twice") }
      if let other = row.excludes.first(where: given.contains) { throw OptionError("\(option) beside \(other)") }
      given.insert(row.name)
      var argument = OptionArgument("", inverted: inverted, protocolNumber: header.protocolNumber)
      if row.arity == .one {
        guard let text = words.popFirst() else { throw OptionError("\(option) without an argument") }
        argument.text = text
      }
      try match.parseOption(index, argument)
    }
    if let missing = rows.first(where: { $0.isMandatory && !given.contains($0.name) }) {
      throw OptionError("\(missing.name) is missing")
    }
    let surroundings = RuleSurroundings(
      family: .ipv4, table: .filter, hooks: .input, header: header, hasOptions: !given.isEmpty)
    try match.finish(surroundings)
    if let protocols = match.spec?.protocols, !protocols.isEmpty {
      let isRight = header.protocolNumber.map { !$0.inverted && protocols.contains($0.value) } ?? false
      if !isRight { throw OptionError("the wrong protocol") }
    }
    if let refusal = match.kernelRefusal(surroundings) { throw refusal }
    return match
  }

  /// What iptables-save prints for the rule.
  static func saved(_ rule: String) throws(OptionError) -> String {
    let match = try match(rule)
    var writer = SaveWriter()
    match.save(into: &writer)
    let end = rule.firstRange(of: "-m ")?.lowerBound ?? rule.endIndex
    return "\(rule[..<end])-m \(match.spec?.name ?? "")\(writer.text)"
  }

  /// An IPv4 packet.
  static func packet(
    source: UInt32 = 0x0a00_0002, destination: UInt32 = 0x0a01_0002, ttl: UInt8 = 64, tos: UInt8 = 0,
    fragment: UInt16 = 0, protocolNumber: UInt8 = 17, payload: [UInt8] = [3, 0xe8, 7, 0xd0, 0, 8, 0, 0],
    on host: FixtureHost = FixtureHost(), output: InterfaceName = .none, connection: Connection? = nil
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
    guard let header = IPHeader(bytes) else { throw OptionError("no header") }
    return PacketContext(
      packet: Packet(bytes: bytes), header: header, hook: .forward, table: .filter, input: "eth0", output: output,
      connection: connection, state: .none, services: host)
  }
}

/// A rule's match with its state.
struct FixtureRule {
  var match: Match
  var state: MatchState

  init(_ options: String, on host: FixtureHost = FixtureHost()) throws {
    match = try MatchFixture.match("-A INPUT " + options)
    state = match.initialState(host)
  }

  mutating func asks(_ packet: PacketContext) -> MatchResult {
    var packet = packet
    return match.compiled().matches(&packet, &state)
  }
}

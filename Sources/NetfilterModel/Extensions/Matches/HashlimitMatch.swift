// -m hashlimit: a rate limit for each address, port or combination of them.

/// Limits the rate of each flow (kernel: `hashlimit_mt`, revision 3; man page: iptables-extensions, hashlimit).
public struct HashlimitMatch: MatchExtension {
  /// The configuration; of all rules with one name, the first that is loaded decides what the table does.
  public var configuration = HashlimitConfiguration()
  /// The table's name, at most 254 bytes.
  public var name: String?
  /// The factor between the rate's unit and a second; 15 in the byte mode.
  var unit: UInt32 = 1
  /// Which of the options with a default that depends on others were given.
  var burstIsGiven = false
  var expiryIsGiven = false
  /// The most that a prefix length can be; known when all options were read.
  var addressBits: UInt8 = 32
  var sourceMaskIsGiven = false
  var destinationMaskIsGiven = false
  /// The key of the table in the host's store.
  private(set) var key = ""

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("hashlimit", summary: "a rate limit for each address or port")

  /// The option table.
  public static let options: [OptionSpec<HashlimitMatch>] = [
    rate("hashlimit-upto", aliases: ["hashlimit"], inverts: false),
    rate("hashlimit-above", inverts: true),
    OptionSpec(
      "hashlimit-burst", placeholder: "number",
      parse: { (owner, argument) throws(OptionError) in
        owner.configuration.burst = try HashlimitRate.burst(argument.text)
        owner.burstIsGiven = true
      },
      save: { owner, writer in
        let configuration = owner.configuration
        if let text = HashlimitRate.burstText(configuration) { writer.option("hashlimit-burst", text) }
      }),
    OptionSpec(
      "hashlimit-mode", placeholder: "srcip,srcport,dstip,dstport",
      parse: { (owner, argument) throws(OptionError) in
        for word in argument.text.split(whereSeparator: { $0 == "," || $0 == "|" }) {
          guard let part = HashlimitMode.names.first(where: { $0.0 == word }) else {
            throw OptionError("`\(word)` is no part of a flow", help: "the parts are srcip, srcport, dstip and dstport")
          }
          owner.configuration.mode.insert(part.1)
        }
      },
      save: { owner, writer in
        let names = owner.configuration.mode.names
        if !names.isEmpty { writer.option("hashlimit-mode", names.joined(separator: ",")) }
      }),
    .value("hashlimit-name", .init({ $0.name }, { $0.name = $1 }), .hashlimitName, isMandatory: true),
    number("hashlimit-htable-size", .init({ $0.size }, { $0.size = $1 })) { $0.size != 0 },
    number("hashlimit-htable-max", .init({ $0.maximum }, { $0.maximum = $1 })) { $0.maximum != 0 },
    number("hashlimit-htable-gcinterval", .init({ $0.collectionInterval }, { $0.collectionInterval = $1 })) {
      $0.collectionInterval != 1000
    },
    number("hashlimit-htable-expire", .init({ $0.expiry }, { $0.expiry = $1 }), given: { $0.expiryIsGiven = true }) {
      $0.expiry != HashlimitRate.expiry($0)
    },
    prefix(
      "hashlimit-srcmask", .init({ $0.sourceMask }, { $0.sourceMask = $1 }), given: { $0.sourceMaskIsGiven = true }),
    prefix(
      "hashlimit-dstmask", .init({ $0.destinationMask }, { $0.destinationMask = $1 }),
      given: { $0.destinationMaskIsGiven = true }),
    OptionSpec(
      "hashlimit-rate-match", arity: .none,
      parse: { (owner, _) throws(OptionError) in owner.configuration.mode.insert(.rateMatch) },
      save: { owner, writer in
        if owner.configuration.mode.contains(.rateMatch) { writer.option("hashlimit-rate-match") }
      }),
    OptionSpec(
      "hashlimit-rate-interval", placeholder: "seconds",
      parse: { (owner, argument) throws(OptionError) in
        let seconds = HashlimitRate.leadingNumber(argument.text)
        guard seconds > 0, seconds <= Int64(Int32.max) else {
          throw OptionError("`\(argument.text)` is not a number of seconds")
        }
        owner.configuration.interval = UInt32(seconds)
      },
      save: { owner, writer in
        let configuration = owner.configuration
        if configuration.mode.contains(.rateMatch), configuration.interval != 1 {
          writer.option("hashlimit-rate-interval", "\(configuration.interval)")
        }
      }),
  ]

  static func rate(_ name: String, aliases: [String] = [], inverts: Bool) -> OptionSpec<HashlimitMatch> {
    OptionSpec(
      name, aliases: aliases, canInvert: true, excludes: [inverts ? "hashlimit-upto" : "hashlimit-above"],
      placeholder: "number/unit",
      parse: { (owner, argument) throws(OptionError) in
        if argument.inverted != inverts { owner.configuration.mode.insert(.inverted) }
        let rate = try HashlimitRate.parse(argument.text)
        if rate.isBytes { owner.configuration.mode.insert(.bytes) }
        owner.configuration.average = rate.average
        owner.unit = rate.unit
      },
      save: { owner, writer in
        guard owner.configuration.mode.contains(.inverted) == inverts else { return }
        writer.option(name, HashlimitRate.text(owner.configuration, period: owner.configuration.average))
      })
  }

  static func number(
    _ name: String, _ field: OptionField<HashlimitConfiguration, UInt32>,
    given: @escaping @Sendable (inout HashlimitMatch) -> Void = { _ in },
    isPrinted: @escaping @Sendable (HashlimitConfiguration) -> Bool
  ) -> OptionSpec<HashlimitMatch> {
    OptionSpec(
      name, placeholder: "number",
      parse: { (owner, argument) throws(OptionError) in
        field.set(&owner.configuration, try ValueCodec.unsigned().parse(argument))
        given(&owner)
      },
      save: { owner, writer in
        if isPrinted(owner.configuration) { writer.option(name, "\(field.get(owner.configuration))") }
      })
  }

  static func prefix(
    _ name: String, _ field: OptionField<HashlimitConfiguration, UInt8>,
    given: @escaping @Sendable (inout HashlimitMatch) -> Void
  ) -> OptionSpec<HashlimitMatch> {
    OptionSpec(
      name, placeholder: "length",
      parse: { (owner, argument) throws(OptionError) in
        let bits = argument.family.addressBits
        given(&owner)
        if let (length, rest) = scanUnsigned(argument.text), rest.isEmpty, length <= UInt64(bits) {
          field.set(&owner.configuration, UInt8(length))
        } else if let length = IPAddress(argument.text, family: argument.family)?.prefixLength {
          field.set(&owner.configuration, UInt8(length))
        } else {
          throw OptionError("`\(argument.text)` is not a prefix length from 0 to \(bits)")
        }
      },
      save: { owner, writer in
        let length = field.get(owner.configuration)
        if length != owner.addressBits { writer.option(name, "\(length)") }
      })
  }

  /// Settles burst, expiry and interval (iptables: `hashlimit_mt_check`), and cuts the table's size as the kernel does.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    guard configuration.average != 0 else {
      throw OptionError(
        "hashlimit needs --hashlimit-upto or --hashlimit-above", tool: "You have to specify --hashlimit")
    }
    addressBits = UInt8(rule.family.addressBits)
    if rule.family == .ipv6 {
      if !sourceMaskIsGiven { configuration.sourceMask = 128 }
      if !destinationMaskIsGiven { configuration.destinationMask = 128 }
    }
    if !expiryIsGiven { configuration.expiry = unit &* 1000 }
    if configuration.mode.contains(.bytes) {
      var burst: UInt64 = 0
      if burstIsGiven {
        let each = HashlimitRate.bytes(cost: configuration.average)
        guard configuration.burst >= each, each > 0 else {
          throw OptionError("the burst cannot be smaller than \(each) bytes")
        }
        burst = (configuration.burst & 0xffff_ffff) / each
        if configuration.burst % each != 0 { burst = (burst + 1) & 0xffff_ffff }
        if !expiryIsGiven { configuration.expiry = 60_000 }
      }
      configuration.burst = burst
    } else if configuration.burst > HashlimitRate.maximumBurst {
      throw OptionError("the burst is not a number from 1 to \(HashlimitRate.maximumBurst)")
    }
    if configuration.mode.contains(.rateMatch) {
      if !configuration.mode.contains(.bytes) { configuration.average /= UInt64(max(1, unit)) }
      if configuration.interval == 0 { configuration.interval = configuration.mode.contains(.bytes) ? 1 : unit }
    }
    configuration.size = min(configuration.size, 1_048_576)
    configuration.maximum = min(configuration.maximum, 1_048_576)
    key = "hashlimit:\(rule.family == .ipv4 ? "ipv4" : "ipv6"):\(name ?? "")"
  }

  /// Refuses what would overflow, and intervals of no length (kernel: `hashlimit_mt_check_common`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if configuration.collectionInterval == 0 || configuration.expiry == 0 {
      return OptionError("the kernel refuses an expiry or a collection interval of 0")
    }
    if configuration.mode.contains(.rateMatch) {
      if configuration.average == 0 || configuration.average > UInt64(UInt32.max) {
        return OptionError("the kernel refuses the rate")
      }
    } else if configuration.mode.contains(.bytes) {
      if HashlimitTable.byteCost(configuration.average) == 0 { return OptionError("the kernel refuses so high a rate") }
    } else if configuration.burst == 0
      || HashlimitTable.credits(configuration.average &* configuration.burst)
        < HashlimitTable.credits(configuration.average)
    {
      return OptionError("the kernel refuses so low a rate with so large a burst", help: "try a smaller burst")
    }
    return ProcName.refusal(name ?? "")
  }

  /// Charges the packet's flow (kernel: `hashlimit_mt_common`).
  public var conditions: [Condition] {
    let match = self
    return [
      .opaque(
        configuration.mode.contains(.inverted) ? "hashlimit-above" : "hashlimit-upto",
        OpaqueTest(
          reads: [.source, .destination, .sourcePort, .destinationPort], keepsState: true, mayBeUnknown: true,
          nature: .rate(isAbove: configuration.mode.contains(.inverted)),
          initialState: { memory in MatchState(first: UInt64(match.place(in: &memory))) },
          saw: { packet, state, memory in match.saw(packet, state, memory) },
          evaluate: { packet, state, memory in match.charge(packet, state, &memory) }))
    ]
  }

  private func place(in memory: inout HostMemory) -> Int {
    let now = KernelClock.jiffies(at: memory.now)
    return memory.place(of: key) { .hashlimit(HashlimitTable(configuration, now: now)) }
  }

  private func charge(_ packet: borrowing PacketContext, _ state: MatchState, _ memory: inout HostMemory)
    -> ConditionResult
  {
    let place = Int(truncatingIfNeeded: state.first)
    guard case .hashlimit(var table) = memory[place] else { return .unknown }
    guard let flow = table.flow(of: packet) else { return .drops }
    memory[place] = .none
    let outcome = table.charge(
      flow, configuration, length: packet.length, now: KernelClock.jiffies(at: memory.now))
    memory[place] = .hashlimit(table)
    switch outcome {
    case .full: return .drops
    case .below: return ConditionResult(!configuration.mode.contains(.inverted))
    case .above: return ConditionResult(configuration.mode.contains(.inverted))
    case .mixed: return .unknown
    }
  }

  private func saw(_ packet: borrowing PacketContext, _ state: MatchState, _ memory: borrowing HostMemory) -> String {
    guard case .hashlimit(let table) = memory[Int(truncatingIfNeeded: state.first)] else { return "" }
    if table.flow(of: packet) == nil { return "the packet has no ports" }
    return configuration.mode.contains(.inverted)
      ? "the limit of this flow is not used up" : "the limit of this flow is used up"
  }

  /// `limit: up to 10/sec burst 5 mode srcip`.
  public func listing(_ style: ListStyle) -> String {
    let mode = configuration.mode
    var period = configuration.average
    if configuration.interval != 0 { period &*= UInt64(configuration.interval) }
    var words = "limit: \(mode.contains(.inverted) ? "above" : "up to") "
    words += HashlimitRate.text(configuration, period: period)
    if let burst = HashlimitRate.burstText(configuration) { words += " burst \(burst)" }
    if !mode.names.isEmpty { words += " mode \(mode.names.joined(separator: "-"))" }
    if configuration.size != 0 { words += " htable-size \(configuration.size)" }
    if configuration.maximum != 0 { words += " htable-max \(configuration.maximum)" }
    if configuration.collectionInterval != 1000 { words += " htable-gcinterval \(configuration.collectionInterval)" }
    if configuration.expiry != HashlimitRate.expiry(configuration, period: period) {
      words += " htable-expire \(configuration.expiry)"
    }
    if configuration.sourceMask != addressBits { words += " srcmask \(configuration.sourceMask)" }
    if configuration.destinationMask != addressBits { words += " dstmask \(configuration.destinationMask)" }
    if mode.contains(.rateMatch) {
      words += " rate-match"
      if configuration.interval != 1 { words += " rate-interval \(configuration.interval)" }
    }
    return words
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A INPUT -m hashlimit --hashlimit 10/minute --hashlimit-name a --hashlimit-mode dstport,srcip",
      saves:
        "-A INPUT -m hashlimit --hashlimit-upto 10/min --hashlimit-burst 5 --hashlimit-mode srcip,dstport --hashlimit-name a"
    ),
    .accepted(
      "-A INPUT -m hashlimit ! --hashlimit-above 1/hour --hashlimit-name a",
      saves: "-A INPUT -m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 5 --hashlimit-name a"),
    .same("-A INPUT -m hashlimit --hashlimit-above 7/min --hashlimit-burst 100 --hashlimit-name a"),
    .accepted(
      "-A INPUT -m hashlimit --hashlimit-upto 60/min --hashlimit-name a",
      saves:
        "-A INPUT -m hashlimit --hashlimit-upto 1/sec --hashlimit-burst 5 --hashlimit-name a --hashlimit-htable-expire 60000"
    ),
    .accepted(
      "-A INPUT -m hashlimit --hashlimit-upto 10foo/s --hashlimit-name a --hashlimit-burst 10k",
      saves: "-A INPUT -m hashlimit --hashlimit-upto 10/sec --hashlimit-burst 10240 --hashlimit-name a"),
    .accepted(
      "-A INPUT -m hashlimit --hashlimit-upto 10/s --hashlimit-name a --hashlimit-srcmask 24 --hashlimit-dstmask 0",
      saves:
        "-A INPUT -m hashlimit --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name a --hashlimit-srcmask 24 --hashlimit-dstmask 0"
    ),
    .accepted(
      "-A INPUT -m hashlimit --hashlimit-upto 100b/s --hashlimit-name a",
      saves: "-A INPUT -m hashlimit --hashlimit-upto 96b/s --hashlimit-name a"),
    .same("-A INPUT -m hashlimit --hashlimit-upto 512kb/s --hashlimit-burst 1mb --hashlimit-name a"),
    .accepted(
      "-A INPUT -m hashlimit --hashlimit-upto 1mb/s --hashlimit-name a --hashlimit-burst 1500kb",
      saves: "-A INPUT -m hashlimit --hashlimit-upto 1mb/s --hashlimit-burst 2mb --hashlimit-name a"),
    .accepted(
      "-A INPUT -m hashlimit --hashlimit-upto 7/min --hashlimit-name a --hashlimit-rate-match",
      saves:
        "-A INPUT -m hashlimit --hashlimit-upto 7/sec --hashlimit-burst 5 --hashlimit-name a --hashlimit-htable-expire 60000 --hashlimit-rate-match --hashlimit-rate-interval 60"
    ),
    .accepted(
      "-A INPUT -m hashlimit --hashlimit-upto 10kb/s --hashlimit-name a --hashlimit-burst 1000000000m",
      saves: "-A INPUT -m hashlimit --hashlimit-upto 10kb/s --hashlimit-burst 2560mb --hashlimit-name a"),
    .refused("-A INPUT -m hashlimit --hashlimit-upto 10/s"),
    .refused("-A INPUT -m hashlimit --hashlimit-name a"),
    .refused("-A INPUT -m hashlimit --hashlimit-upto 10/seconds --hashlimit-name a"),
    .refused("-A INPUT -m hashlimit --hashlimit-upto 1000001/sec --hashlimit-name a"),
    .refused("-A INPUT -m hashlimit --hashlimit-upto 10/s --hashlimit-name a --hashlimit-burst 1000001"),
    .refused("-A INPUT -m hashlimit --hashlimit-upto 1/day --hashlimit-name a --hashlimit-burst 1000000"),
    .refused("-A INPUT -m hashlimit --hashlimit-upto 1mb/s --hashlimit-name a --hashlimit-burst 100"),
    .refused("-A INPUT -m hashlimit --hashlimit-upto 10/s --hashlimit-name a/b"),
    .refused("-A INPUT -m hashlimit --hashlimit-upto 10/s --hashlimit-name a --hashlimit-htable-expire 0"),
    .refused("-A INPUT -m hashlimit --hashlimit-upto 10/s --hashlimit-name a --hashlimit-srcmask 33"),
  ]
}

extension ValueCodec where Value == String {
  /// The name of a hashlimit table, printed without quotes, cut to the 254 bytes that the kernel holds.
  static let hashlimitName = ValueCodec("name") { (argument) throws(OptionError) in
    guard !argument.text.isEmpty else { throw OptionError("the name is empty") }
    return ProcName.cut(argument.text, to: 254)
  } print: {
    $0
  }
}

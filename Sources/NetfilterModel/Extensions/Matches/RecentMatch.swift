// -m recent: lists of addresses that were seen lately.

/// Matches addresses that were seen lately (kernel: `recent_mt`; man page: iptables-extensions, recent).
public struct RecentMatch: MatchExtension {
  /// What is done, and whether `!` stood before it.
  public var operation: Invertible<RecentOperation>?
  /// How many seconds back a sighting counts; nil for any.
  public var seconds: UInt32?
  /// Whether the oldest entry goes when it is older than `seconds`.
  public var reaps = false
  /// How many sightings are needed; nil or 0 for one.
  public var hitCount: UInt32?
  /// Whether the TTL must be that of the entry.
  public var checksTTL = false
  /// The name of the list, at most 199 bytes.
  public var name = "DEFAULT"
  /// The mask, which counts for the list if this rule is the one that makes it; all ones where nothing was said.
  public var mask: IPAddress?
  /// Whether the destination is looked up instead of the source.
  public var usesDestination = false
  /// The key of the list in the host's store.
  private(set) var key = "recent:DEFAULT"
  /// The mask that the list gets from this rule; nil keeps the addresses of both families whole.
  private(set) var listMask: RecentMask?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("recent", summary: "addresses that were seen lately")

  /// The option table.
  public static let options: [OptionSpec<RecentMatch>] =
    RecentOperation.allCases.map(row) + [
      .value("seconds", .init({ $0.seconds }, { $0.seconds = $1 }), .recentSeconds),
      .flag("reap", .init({ $0.reaps }, { $0.reaps = $1 })),
      .value(
        "hitcount", .init({ $0.hitCount }, { $0.hitCount = $1 }), .unsigned(placeholder: "hits"), omitting: { $0 == 0 }),
      .flag("rttl", .init({ $0.checksTTL }, { $0.checksTTL = $1 }), excludes: ["set", "remove"]),
      OptionSpec(
        "name", placeholder: "name",
        parse: { (owner, argument) throws(OptionError) in owner.name = ProcName.cut(argument.text, to: 199) },
        save: { owner, writer in writer.option("name", owner.name) }),
      .value("mask", .init({ $0.mask }, { $0.mask = $1 }), .host),
      OptionSpec(
        "rsource", arity: .none,
        parse: { (owner, _) throws(OptionError) in owner.usesDestination = false },
        save: { owner, writer in if !owner.usesDestination { writer.option("rsource") } }),
      OptionSpec(
        "rdest", arity: .none,
        parse: { (owner, _) throws(OptionError) in owner.usesDestination = true },
        save: { owner, writer in if owner.usesDestination { writer.option("rdest") } }),
    ]

  static func row(_ operation: RecentOperation) -> OptionSpec<RecentMatch> {
    OptionSpec(
      operation.rawValue, arity: .none, canInvert: true,
      excludes: RecentOperation.allCases.filter { $0 != operation }.map { $0.rawValue },
      parse: { (owner, argument) throws(OptionError) in
        owner.operation = Invertible(operation, inverted: argument.inverted)
      },
      save: { owner, writer in
        if let found = owner.operation, found.value == operation {
          writer.option(operation.rawValue, inverted: found.inverted)
        }
      })
  }

  /// Refuses the match without one of its four operations, and `--reap` without `--seconds`.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    guard operation != nil else {
      throw OptionError(
        "recent needs one of --set, --rcheck, --update and --remove",
        tool: "recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'")
    }
    if reaps, seconds == nil { throw OptionError("--reap also needs --seconds") }
    listMask = mask.map { RecentMask($0) }
    if mask == nil { mask = .prefixMask(rule.family.addressBits, family: rule.family) }
    key = "recent:" + name
  }

  /// Refuses limits beside `--set` and `--remove`, too many hits, and names unfit for a file (kernel: `recent_mt_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if let operation, operation.value == .set || operation.value == .remove,
      seconds != nil || hitCount ?? 0 != 0 || reaps || checksTTL
    {
      return OptionError(
        "the kernel refuses --seconds, --hitcount, --reap and --rttl beside --\(operation.value.rawValue)")
    }
    if let hitCount, hitCount >= 65536 { return OptionError("the kernel refuses a --hitcount above 65535") }
    return ProcName.refusal(name)
  }

  /// Looks the address up in the list, and changes the list (kernel: `recent_mt`).
  public var conditions: [Condition] {
    guard let operation else { return [] }
    let match = self
    return [
      .opaque(
        operation.value.rawValue,
        OpaqueTest(
          reads: [usesDestination ? .destination : .source, .ttl], keepsState: true,
          nature: .list(name: name, writes: operation.value == .set, isInverted: operation.inverted),
          initialState: { memory in MatchState(first: UInt64(match.place(in: &memory))) },
          saw: { packet, _, _ in
            let address = match.usesDestination ? packet.header.destination : packet.header.source
            return "\(address) is \(operation.inverted ? "" : "not ")in list \(match.name) as asked for"
          },
          evaluate: { packet, state, memory in match.look(operation, packet, state, &memory) }))
    ]
  }

  private func place(in memory: inout HostMemory) -> Int {
    let place = memory.place(of: key) { .recent(RecentTable(mask: listMask, hits: hitCount ?? 0)) }
    if case .recent(var table) = memory[place] {
      table.makeRoom(forHits: hitCount ?? 0)
      memory[place] = .recent(table)
    }
    return place
  }

  private func look(
    _ operation: Invertible<RecentOperation>, _ packet: borrowing PacketContext, _ state: MatchState,
    _ memory: inout HostMemory
  ) -> ConditionResult {
    let place = Int(truncatingIfNeeded: state.first)
    guard case .recent(var table) = memory[place] else { return .unknown }
    memory[place] = .none
    let address = usesDestination ? packet.header.destination : packet.header.source
    var ttl = packet.header.ttl
    // The TTL as it was before the packet was forwarded.
    if packet.output != .none, packet.packet.owner == .none { ttl &+= 1 }
    let question = RecentQuestion(
      operation: operation, seconds: seconds, reaps: reaps, hitCount: hitCount, checksTTL: checksTTL)
    let result = table.apply(question, to: address, ttl: ttl, now: KernelClock.jiffies(at: memory.now))
    memory[place] = .recent(table)
    return ConditionResult(result)
  }

  /// `recent: CHECK seconds: 60 name: DEFAULT side: source mask: 255.255.255.255`.
  public func listing(_ style: ListStyle) -> String {
    guard let operation else { return "" }
    var words = operation.inverted ? "! recent: " : "recent: "
    words += operation.value.listing
    if let seconds { words += " seconds: \(ValueCodec.recentSeconds.print(seconds))" }
    if reaps { words += " reap" }
    if let hitCount, hitCount != 0 { words += " hit_count: \(hitCount)" }
    if checksTTL { words += " TTL-Match" }
    words += " name: \(name) side: \(usesDestination ? "dest" : "source")"
    if let mask { words += " mask: \(mask)" }
    return words
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A INPUT -m recent --set", saves: "-A INPUT -m recent --set --name DEFAULT --mask 255.255.255.255 --rsource"),
    .accepted(
      "-A INPUT -m recent --rcheck --seconds 60 --hitcount 4 --rttl --reap --name x --rdest --mask 255.255.255.0",
      saves:
        "-A INPUT -m recent --rcheck --seconds 60 --reap --hitcount 4 --rttl --name x --mask 255.255.255.0 --rdest"),
    .accepted(
      "-A INPUT -m recent ! --update --hitcount 0",
      saves: "-A INPUT -m recent ! --update --name DEFAULT --mask 255.255.255.255 --rsource"),
    .accepted(
      "-A INPUT -m recent --rcheck --mask 24",
      saves: "-A INPUT -m recent --rcheck --name DEFAULT --mask 0.0.0.24 --rsource"),
    .accepted(
      "-A INPUT -m recent --rcheck --seconds 4294967295",
      saves: "-A INPUT -m recent --rcheck --seconds -1 --name DEFAULT --mask 255.255.255.255 --rsource"),
    .same("-A INPUT -m recent --remove --name y --mask 255.255.255.255 --rsource"),
    .refused("-A INPUT -m recent --name z"),
    .refused("-A INPUT -m recent --rcheck --set"),
    .refused("-A INPUT -m recent --set --seconds 5"),
    .refused("-A INPUT -m recent --set --rttl"),
    .refused("-A INPUT -m recent --rcheck --reap"),
    .refused("-A INPUT -m recent --update --seconds 0"),
    .refused("-A INPUT -m recent --rcheck --hitcount 65536"),
    .refused("-A INPUT -m recent --rcheck --name a/b"),
    .refused("-A INPUT -m recent --rcheck --mask 255.255.255.0/24"),
  ]
}

extension ValueCodec where Value == UInt32 {
  /// Seconds from 1 up, printed as a signed number, as iptables does.
  static let recentSeconds = ValueCodec("seconds") { (argument) throws(OptionError) in
    try ValueCodec.unsigned(1...(.max)).parse(argument)
  } print: {
    "\(Int32(bitPattern: $0))"
  }
}

extension ValueCodec where Value == IPAddress {
  /// A numeric address; for IPv4 also the short and hexadecimal forms of inet_aton (iptables: `XTTYPE_HOST`). Names are not resolved.
  static let host = ValueCodec("address") { (argument) throws(OptionError) in
    guard let address = IPAddress(host: argument.text, family: argument.family) else {
      throw OptionError("`\(argument.text)` is not a numeric address")
    }
    return address
  } print: {
    $0.description
  }
}

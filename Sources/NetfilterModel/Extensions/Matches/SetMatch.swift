// -m set: whether a set of ipset has what the packet shows.

/// Matches packets whose addresses, ports or interfaces are in a set (kernel: `set_match_v4`; man page:
/// iptables-extensions, set).
public struct SetMatch: MatchExtension {
  /// The set and the parts, and whether `!` stood before it.
  public var reference: Invertible<SetReference>?
  /// Whether an entry with `nomatch` counts as a match, and no other does.
  public var returnsNoMatch = false
  /// Whether the counters of the entry count the packet; nil when nothing is said.
  public var updatesCounters: Bool?
  /// Whether the counters of entries of sets in a list count it; nil when nothing is said.
  public var updatesMembers: Bool?
  /// What the packets of the entry must be.
  public var packets: SetCounterTest?
  /// What the bytes of the entry must be.
  public var bytes: SetCounterTest?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("set", summary: "addresses, ports and more in a set of ipset", namesSets: true)

  /// The option table.
  public static let options: [OptionSpec<SetMatch>] =
    [
      OptionSpec(
        "match-set", aliases: ["set"], arity: .two, canInvert: true, placeholder: "name src|dst[,...]",
        parse: { (owner, argument) throws(OptionError) in
          if owner.reference != nil { throw OptionError("--match-set can be given only once") }
          owner.reference = Invertible(try SetReference(argument), inverted: argument.inverted)
        },
        save: { owner, writer in
          guard let reference = owner.reference else { return }
          writer.option(
            "match-set", reference.value.name, reference.value.directions, inverted: reference.inverted)
        }),
      OptionSpec(
        "return-nomatch", arity: .none, isRepeatable: true,
        parse: { (owner, _) throws(OptionError) in owner.returnsNoMatch = true },
        save: { owner, writer in if owner.returnsNoMatch { writer.option("return-nomatch") } }),
      counting("update-counters", .init({ $0.updatesCounters }, { $0.updatesCounters = $1 })),
      counting("update-subcounters", .init({ $0.updatesMembers }, { $0.updatesMembers = $1 })),
    ]
    + SetCounterTest.Operator.allCases.map { row("packets", $0, .init({ $0.packets }, { $0.packets = $1 })) }
    + SetCounterTest.Operator.allCases.map { row("bytes", $0, .init({ $0.bytes }, { $0.bytes = $1 })) }

  /// Counting is what is done anyway, so that only its negation is kept.
  private static func counting(_ name: String, _ field: OptionField<SetMatch, Bool?>) -> OptionSpec<SetMatch> {
    OptionSpec(
      name, arity: .none, canInvert: true, isRepeatable: true,
      parse: { (owner, argument) throws(OptionError) in if argument.inverted { field.set(&owner, false) } },
      save: { owner, writer in if field.get(owner) == false { writer.option(name, inverted: true) } })
  }

  private static func row(
    _ counter: String, _ comparison: SetCounterTest.Operator, _ field: OptionField<SetMatch, SetCounterTest?>
  ) -> OptionSpec<SetMatch> {
    let name = "\(counter)-\(comparison.rawValue)"
    return OptionSpec(
      name, canInvert: comparison == .eq, isRepeatable: true, placeholder: "number",
      parse: { (owner, argument) throws(OptionError) in
        if field.get(owner) != nil { throw OptionError("only one of --\(counter)-eq, -lt and -gt can be given") }
        guard let value = parseUnsigned(argument.text) else {
          throw OptionError("`\(argument.text)` is not a number")
        }
        field.set(&owner, SetCounterTest(comparison: comparison, value: value, isInverted: argument.inverted))
      },
      save: { owner, writer in
        if let test = field.get(owner), test.comparison == comparison {
          writer.option(name, "\(test.value)", inverted: test.isInverted)
        }
      })
  }

  /// Refuses the match without a set.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if reference == nil { throw OptionError("`-m set` needs `--match-set NAME src` or `dst`") }
  }

  /// The set.
  public var sets: [String] { reference.map { [$0.value.name] } ?? [] }

  /// Asks the set (kernel: `ip_set_test`).
  public var conditions: [Condition] {
    guard let reference else { return [] }
    var question = SetQuestion(sources: reference.value.sources)
    question.returnsNoMatch = returnsNoMatch
    question.countsPackets = updatesCounters ?? true
    question.countsInMembers = updatesMembers ?? true
    question.packets = packets
    question.bytes = bytes
    let asked = question
    let name = reference.value.name
    let isInverted = reference.inverted
    return [
      .opaque(
        "match-set",
        OpaqueTest(
          reads: [.source, .destination, .other], keepsState: true, mayBeUnknown: true,
          // The number of the set, one above: 0 stands for a set that is not there.
          initialState: { memory in MatchState(first: UInt64((memory.sets.place(of: name) ?? -1) + 1)) },
          saw: { packet, state, memory in SetMatch.saw(asked, packet, state, memory) },
          evaluate: { packet, state, memory in
            let now = KernelClock.jiffies(at: memory.now)
            let place = Int(truncatingIfNeeded: state.first) - 1
            switch memory.sets.test(place, packet, asked, now: now) {
            case .yes: return ConditionResult(!isInverted)
            case .no, .excluded: return ConditionResult(isInverted)
            case .unknown: return .unknown
            }
          }))
    ]
  }

  /// What the set says of the packet, for people.
  private static func saw(
    _ question: SetQuestion, _ packet: borrowing PacketContext, _ state: MatchState, _ memory: borrowing HostMemory
  ) -> String {
    let place = Int(truncatingIfNeeded: state.first) - 1
    var sets = memory.sets
    guard let name = sets[place]?.name else { return "the set is not there" }
    let shown = sets.shown(place, packet, question.sources)
    switch sets.test(place, packet, question, now: KernelClock.jiffies(at: memory.now)) {
    case .yes: return "\(shown) is in set \(name)"
    case .no:
      let isThere = question.packets != nil || question.bytes != nil || question.returnsNoMatch
      return "\(shown) is not in set \(name)\(isThere ? " as asked for" : "")"
    case .excluded: return "set \(name) excludes \(shown) by `nomatch`"
    case .unknown(let why): return why
    }
  }

  /// `match-set NAME src,dst`.
  public func listing(_ style: ListStyle) -> String {
    var writer = SaveWriter()
    save(into: &writer)
    return writer.text.split(separator: " ").map { $0.hasPrefix("--") ? String($0.dropFirst(2)) : String($0) }
      .joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m set --match-set a src"),
    .same("-A INPUT -m set ! --match-set a src,dst,src,dst,src,dst"),
    .accepted("-A INPUT -m set --set a srcfoo", saves: "-A INPUT -m set --match-set a src"),
    .same("-A INPUT -m set --match-set six src", family: .ipv6),
    .accepted(
      "-A INPUT -m set --match-set a src --update-counters ! --update-subcounters --return-nomatch --packets-gt 1 --bytes-lt 0x3",
      saves: "-A INPUT -m set --match-set a src --return-nomatch ! --update-subcounters --packets-gt 1 --bytes-lt 3"),
    .same("-A INPUT -m set --match-set a src ! --packets-eq 18446744073709551615 ! --bytes-eq 6"),
    .same("-A INPUT -m set --match-set a src -m set --match-set n dst"),
    .refused("-A INPUT -m set"), .refused("-A INPUT -m set --match-set a"),
    .refused("-A INPUT -m set --match-set a foo"), .refused("-A INPUT -m set --match-set a SRC"),
    .refused("-A INPUT -m set --match-set a src,"),
    .refused("-A INPUT -m set --match-set a src,dst,src,dst,src,dst,src"),
    .refused("-A INPUT -m set --match-set abcdefghijabcdefghijabcdefghij123 dst"),
    .refused("-A INPUT -m set --match-set a src --match-set n dst"),
    .refused("-A INPUT -m set --match-set a src ! --return-nomatch"),
    .refused("-A INPUT -m set --match-set a src --packets-lt 5 --packets-gt 4"),
    .refused("-A INPUT -m set --match-set a src ! --packets-lt 5"),
    .refused("-A INPUT -m set --match-set a src --bytes-eq 18446744073709551616"),
    .refused("-A INPUT -m set --packets-eq 5"),
  ]
}

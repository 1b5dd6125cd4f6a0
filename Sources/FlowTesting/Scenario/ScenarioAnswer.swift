// What a replayed scenario came to, in the form in which a live kernel's answer is recorded.

#if !hasFeature(Embedded)

  import NetfilterModel
  import Simulator

  /// One trace record: a rule, policy or chain end that the packet hit.
  public struct TraceRecord: Codable, Hashable, Sendable {
    /// The table.
    public var table: String
    /// The chain.
    public var chain: String
    /// `rule`, `return` or `policy`.
    public var kind: String
    /// The number in the chain, from 1.
    public var number: Int
    /// The input interface, or empty.
    public var `in`: String
    /// The output interface, or empty.
    public var out: String
    /// The mark.
    public var mark: UInt32
    /// The packet in hexadecimal, as it was before the target acted.
    public var packet: String

    init(_ hit: RuleHit) {
      table = hit.place.table.name
      chain = hit.place.chain
      kind = hit.place.kind.rawValue
      number = hit.place.number
      `in` = hit.input.description
      out = hit.output.description
      mark = hit.packet.mark
      packet = hit.packet.hex
    }
  }

  /// A packet that left.
  public struct EmittedRecord: Codable, Hashable, Sendable {
    /// The interface.
    public var out: String
    /// The packet in hexadecimal.
    public var packet: String
  }

  /// What one step came to.
  public struct ScenarioStep: Codable, Hashable, Sendable {
    /// The trace; absent when time passed.
    public var trace: [TraceRecord]?
    /// What left; absent when time passed.
    public var emitted: [EmittedRecord]?
    /// Seconds that passed.
    public var wait: Double?
    /// How the packet ended, in words; absent in a kernel's answer.
    public var disposition: String?
    /// Nothing was there to answer; such a step is left out of the answer.
    var isSkipped = false

    enum CodingKeys: String, CodingKey {
      case trace, emitted, wait, disposition
    }
  }

  /// What a scenario came to.
  public struct ScenarioAnswer: Codable, Sendable {
    /// One for each packet.
    public var steps: [ScenarioStep]
    /// The IPv4 rules with counters, as iptables-save prints them.
    public var save: String
    /// The IPv6 rules, when there are any.
    public var save6: String
    /// The connections, as `conntrack -L -o extended` prints them.
    public var conntrack: [String]
    /// The sets as `ipset save` prints them, its lines sorted; absent for a scenario without sets.
    public var ipset: [String]?
    /// The packets as they were given.
    public var packets: [ScenarioPacket]
  }
#endif

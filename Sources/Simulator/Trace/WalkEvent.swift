// What an observer is told about a walk. An event carries ids and values; text is joined when a report is printed.

import NetfilterModel

/// What the kernel's TRACE calls the place where a packet stopped in a chain.
public enum RuleKind: String, Hashable, Sendable {
  /// A rule.
  case rule
  /// The end of a user chain, or an unconditional verdict in one.
  case `return`
  /// The policy of a built-in chain, or an unconditional verdict in one.
  case policy
}

/// A rule, or the end of a chain, in a table.
public struct RulePlace: Hashable, Sendable {
  /// The family.
  public var family: AddressFamily
  /// The table.
  public var table: TableKind
  /// The chain's name.
  public var chain: String
  /// What TRACE calls it; also a rule may be called a policy or a return there.
  public var kind: RuleKind
  /// The number of the rule in its chain, from 1; one more than the number of rules at the chain's end.
  public var number: Int
  /// Whether this is no rule but the end of its chain: the policy of a built-in one.
  public var isEnd: Bool

  /// Makes a place.
  public init(
    family: AddressFamily = .ipv4, table: TableKind, chain: String, kind: RuleKind, number: Int, isEnd: Bool = false
  ) {
    self.family = family
    self.table = table
    self.chain = chain
    self.kind = kind
    self.number = number
    self.isEnd = isEnd
  }

  /// `table:chain:kind:number`, as the kernel's TRACE prints it.
  public var traceText: String { "\(table.name):\(chain):\(kind.rawValue):\(number)" }

  /// `filter/FORWARD#2`, `filter/FORWARD policy`, or `filter/web end` for the end of a user's chain: how every report and
  /// every test names a place.
  public var shortText: String {
    if !isEnd { return "\(table.name)/\(chain)#\(number)" }
    return kind == .policy ? "\(table.name)/\(chain) policy" : "\(table.name)/\(chain) end"
  }
}

extension RulePlace: CustomStringConvertible {
  /// `filter/FORWARD#2`, `filter/FORWARD policy`, `filter/web end`.
  public var description: String { shortText }
}

/// What was decided about a packet by routing.
public enum RoutingDecision: Hashable, Sendable {
  /// It is for this host.
  case local
  /// It goes out on an interface, perhaps through a gateway.
  case forward(output: InterfaceName, gateway: IPAddress?)
  /// It goes out from this host.
  case output(output: InterfaceName, gateway: IPAddress?)
  /// It is dropped.
  case dropped(DropCause)
}

/// Why the host, and not a rule, ended a packet.
public enum DropCause: String, Hashable, Sendable, CaseIterable {
  /// No route leads to the destination.
  case noRoute = "no-route"
  /// A blackhole route.
  case blackhole
  /// An unreachable route.
  case unreachable
  /// A prohibit route.
  case prohibit
  /// Forwarding is off for the input interface (`net.ipv4.ip_forward`, `net.ipv6.conf.all.forwarding`).
  case forwardingOff = "ip-forward"
  /// The source fails reverse-path filtering (`rp_filter`, IPv4 only).
  case reversePathFilter = "rp-filter"
  /// An address that cannot be on this interface.
  case martian
  /// The TTL or hop limit ran out.
  case ttl
  /// It is larger than the MTU and must not be fragmented; of IPv6 no router fragments a packet.
  case mtu
  /// The IP header is malformed, or its checksum is wrong (IPv4).
  case malformed
  /// Nothing listens at the port.
  case noListener = "no-listener"
  /// Its IP options or extension headers are malformed, or ask for what is not allowed, as a source route.
  case ipOptions = "ip-options"
  /// Connection tracking refused it.
  case conntrack
  /// NAT could not translate it.
  case nat
  /// A fragment that waits for the rest, or was refused.
  case fragment
  /// A match asked for an immediate drop (hotdrop).
  case hotDrop = "hotdrop"
  /// It came in for a link-layer address that is not the host's.
  case linkLayer = "link-layer"
  /// The interface does not exist or is down.
  case interfaceDown = "interface-down"
  /// Its next hop on the link did not answer, or rules dropped the question or the answer.
  case noNeighbour = "no-neighbour"
  /// The socket may not send it (broadcast, size).
  case notPermitted = "not-permitted"
  /// Jumps nested deeper than the kernel allows.
  case tooDeep = "too-deep"
}

/// Which packet of a walk an event belongs to.
public struct PacketIdentity: Hashable, Sendable {
  /// The number of the packet in its walk, from 0; what a packet causes gets numbers of its own.
  public var number: Int
  /// The packet that caused it; nil for the first, and for what the host sends because fragments did not come in time.
  public var parent: Int?

  /// Makes an identity.
  public init(number: Int = 0, parent: Int? = nil) {
    self.number = number
    self.parent = parent
  }
}

/// A step of a walk: what happened, and to which packet.
public struct WalkStep: Sendable {
  /// The packet.
  public var packet: PacketIdentity
  /// What happened.
  public var event: WalkEvent

  /// Makes a step.
  public init(packet: PacketIdentity = PacketIdentity(), event: WalkEvent) {
    self.packet = packet
    self.event = event
  }
}

/// What happens to a packet on its walk.
public enum WalkEvent: Sendable {
  /// A packet starts: from an interface, or from the host (`input` is none).
  case packetStarts(Packet, input: InterfaceName, reason: PacketReason)
  /// A hook begins.
  case hookEntered(Hook, input: InterfaceName, output: InterfaceName)
  /// A table's chain begins.
  case tableEntered(TableKind, Hook)
  /// A rule was tried and did not match; every condition that fails.
  case ruleMissed(RulePlace, RuleMiss)
  /// A rule matched, or a chain ended; the packet as it was before the target acted.
  case ruleHit(RulePlace, Packet, hook: Hook, input: InterfaceName, output: InterfaceName)
  /// A target changed the packet.
  case packetChanged(from: Packet, to: Packet)
  /// The host itself changed the packet: it counted the hop, or wrote into IP options.
  case changedByHost(from: Packet, to: Packet)
  /// A table is done.
  case tableLeft(TableKind, Hook, HookVerdict)
  /// Connection tracking looked the packet up.
  case tracked(ConnectionState, Connection?)
  /// The connection table was full: a connection that is not assured made room. Which one, and whether there is one, depends on the key of
  /// the kernel's hash, which each boot draws; here the key is fixed.
  case evicted(Connection)
  /// The connection table was full and nothing made room, so that the packet is dropped; `isByChance` when connections may be evicted, but
  /// none is near the new one's place in the hash table, which is another in each boot.
  case tableFull(isByChance: Bool)
  /// A new connection was put into the table.
  case confirmed(Connection)
  /// NAT translated the packet.
  case translated(NATManipulation, from: Packet, to: Packet)
  /// NAT chose a port or identifier that a kernel draws at random; here the injected random source chose it.
  case chosenByChance
  /// The host answers, but nothing here can say how; why.
  case answerUnknown(String)
  /// A routing decision.
  case routed(RoutingDecision)
  /// The neighbour that the packet waited for was found, or not: with or without it the packet goes on now, or ends.
  case neighbour(NeighbourOutcome)
  /// A log record was written.
  case logged(LogRecord, RulePlace)
  /// A rule did something outside the packet's way; what, without a subject.
  case outside(String, RulePlace)
  /// Fragments were put together.
  case reassembled(Packet)
  /// The packet left on an interface.
  case emitted(Packet, output: InterfaceName)
  /// The packet reached the host itself.
  case delivered(Packet)
  /// The packet's walk ended otherwise.
  case ended(Disposition)
}

/// Where a packet comes from.
public enum PacketReason: Hashable, Sendable {
  /// It was received.
  case received
  /// A process of the host sent it.
  case sent
  /// It came back through the loopback interface.
  case looped
  /// The host answers another packet by itself, as a rule or the stack asked.
  case answer
  /// It is a copy of another packet that a rule asked for.
  case duplicate
  /// The host looks for the link-layer address of a neighbour, so that another packet can leave.
  case discovery
}

/// What a table, or a hook, says about a packet.
public enum HookVerdict: Hashable, Sendable {
  /// It goes on.
  case accept
  /// It ends here.
  case drop
  /// It goes to a user-space queue.
  case queue(UInt16)
  /// Nothing here can decide it; why.
  case unknown(String)
  /// It was taken away without an end of its own (fragments that wait).
  case stolen
}

/// How a packet's walk ended.
public enum Disposition: Hashable, Sendable {
  /// The host itself took it.
  case delivered
  /// It went through and left on an interface.
  case forwarded(InterfaceName)
  /// The host sent it out on an interface.
  case sent(InterfaceName)
  /// A rule or policy dropped it.
  case dropped(by: RulePlace)
  /// A rule rejected it with an answer.
  case rejected(by: RulePlace, with: RejectKind)
  /// The host dropped it.
  case discarded(DropCause)
  /// It went to a user-space queue.
  case queued(UInt16, by: RulePlace)
  /// A fragment that waits for the rest of its packet.
  case held
  /// Nothing here can decide; the rule where, and why.
  case unknown(at: RulePlace?, reason: String)
}

// Folds the steps of a walk: where each packet is, what it looks like, and what was done to it so far.

import NetfilterModel

/// A translation that a packet went through.
public struct TranslatedPacket: Hashable, Sendable {
  /// Which end changed.
  public var manipulation: NATManipulation
  /// The packet before.
  public var before: Packet
  /// The packet after.
  public var after: Packet
  /// The rule of the nat table that the packet hit last at this hook; nil where the table was not walked.
  public var place: RulePlace?
}

/// A packet in the middle of its walk, as far as the steps have told.
public struct PacketPosition: Sendable {
  /// The packet as the last step showed it.
  public var packet: Packet
  /// Where it came in; none for a packet of the host.
  public var arrival: InterfaceName
  /// Where it comes from.
  public var reason: PacketReason
  /// The hook that it is at.
  public var hook = Hook.prerouting
  /// The table that it walks.
  public var table = TableKind.raw
  /// The input interface at the hook.
  public var input = InterfaceName.none
  /// The output interface at the hook.
  public var output = InterfaceName.none
  /// How it relates to its connection.
  public var state = ConnectionState.none
  /// Its connection as the last step showed it.
  public var connection: Connection?
  /// The rule, policy or chain end that it hit last.
  public var lastHit: RulePlace?
  /// Whether the nat table was walked at this hook.
  public var hasWalkedNAT = false
  /// Whether nothing has happened at this hook yet.
  public var hookIsEmpty = false
  /// How many tables it has walked, this one included.
  public var tableWalks = 0
  /// The translations so far, in order.
  public var translations: [TranslatedPacket] = []
  /// The hooks that it came to, in order.
  public var hooks: [Hook] = []

  /// The family.
  public var family: AddressFamily { packet.family ?? .ipv4 }

  /// The packet as a rule of this table sees it; nil where its header cannot be read.
  package var context: PacketContext? {
    IPHeader(packet.bytes).map {
      PacketContext(
        packet: packet, header: $0, hook: hook, table: table, input: input, output: output, connection: nil,
        state: state)
    }
  }
}

/// Reads the steps of a walk in order.
public struct WalkCursor: Sendable {
  /// The packets whose steps were read before those of `position`.
  private var others: [Int: PacketPosition] = [:]
  /// The number of the packet of `position`.
  private var number = 0
  /// The packet of the last step; nil before the first.
  public private(set) var position: PacketPosition?
  /// The packet before the last step, where the step showed another.
  public private(set) var previous: Packet?

  /// Makes a cursor before the first step.
  public init() {}

  /// Takes the next step.
  public mutating func take(_ step: WalkStep) {
    previous = nil
    if case .packetStarts(let packet, let input, let reason) = step.event {
      if reason == .discovery { position?.hookIsEmpty = false }
      if let position { others[number] = position }
      number = step.packet.number
      position = PacketPosition(packet: packet, arrival: input, reason: reason)
      return
    }
    if step.packet.number != number {
      guard let other = others[step.packet.number] else { return }
      if let position { others[number] = position }
      number = step.packet.number
      position = other
    }
    guard let before = position?.packet else { return }
    position?.take(step.event)
    if let after = position?.packet, after != before { previous = before }
  }
}

extension PacketPosition {
  /// Takes what happened to the packet.
  fileprivate mutating func take(_ event: WalkEvent) {
    switch event {
    case .packetStarts: break
    case .hookEntered(let hook, let input, let output):
      self.hook = hook
      self.input = input
      self.output = output
      hooks.append(hook)
      hasWalkedNAT = false
      hookIsEmpty = true
    case .tableEntered(let table, _):
      self.table = table
      tableWalks += 1
      if table == .nat { hasWalkedNAT = true }
      hookIsEmpty = false
    case .ruleHit(let place, let packet, _, _, _):
      self.packet = packet
      lastHit = place
    case .tracked(let state, let connection):
      self.state = state
      self.connection = connection
      hookIsEmpty = false
    case .confirmed(let connection):
      self.connection = connection
      hookIsEmpty = false
    case .translated(let manipulation, let before, let after):
      packet = after
      hookIsEmpty = false
      translations.append(
        TranslatedPacket(
          manipulation: manipulation, before: before, after: after,
          place: hasWalkedNAT && lastHit?.table == .nat ? lastHit : nil))
    case .packetChanged(_, let packet), .changedByHost(_, let packet): self.packet = packet
    case .emitted(let packet, _), .delivered(let packet):
      self.packet = packet
      hookIsEmpty = false
    case .routed, .ended, .neighbour: hookIsEmpty = false
    case .reassembled(let packet):
      self.packet = packet
      hookIsEmpty = false
    case .ruleMissed, .tableLeft, .chosenByChance, .evicted, .tableFull, .answerUnknown, .logged, .outside: break
    }
  }
}

// What a walk says about the packet itself: where it was decided, what it hit, and what it looked like in the end.

import NetfilterModel

extension Walk {
  /// How the packet ended; one that came back through loopback ended on its way back in.
  package var lastEnd: Disposition { FlowPassage(self).end }
}

/// The way of one packet, without the answers that it caused; one that came back through loopback is followed.
package struct FlowPassage: Sendable {
  /// How it ended; for a packet through loopback, how it ended on the way back in.
  package var end = Disposition.held
  /// How it ended when it left.
  package private(set) var firstEnd = Disposition.held
  /// The steps of the packet itself; none when the walk was not kept.
  package private(set) var steps: [WalkStep] = []
  /// The rules, policies and chain ends that it hit.
  package private(set) var hits: [RulePlace] = []
  /// The last hit of each table that let it pass.
  package private(set) var passes: [RulePlace] = []
  /// Its state in connection tracking, the last one; nil where that is off.
  package private(set) var state: ConnectionState?
  /// The packet in the end.
  package private(set) var packet: Packet?
  /// Whether hits are missing, as the walk was too long to be kept whole.
  package private(set) var isCut = false
  private var lastHit: RulePlace?

  /// Whether nothing here can say how it ends.
  package var isUndecided: Bool { if case .unknown = end { true } else { false } }

  /// The packet as it came back through loopback.
  private var back: Int?
  private var hasLeft = false

  /// A way that has not begun.
  package init() {
    // As many as most packets meet, in one piece of memory each.
    hits.reserveCapacity(16)
    passes.reserveCapacity(8)
  }

  /// The way of a walk that was kept, with its steps.
  package init(_ walk: Walk) {
    self.init()
    for step in walk.steps where take(step.event, of: step.packet) { steps.append(step) }
    firstEnd = walk.disposition
    if back == nil { end = walk.disposition }
    if walk.omitted > 0 { isCut = true }
  }

  /// Takes the next event; false when it is about another packet.
  @inline(__always) @discardableResult
  package mutating func take(_ event: WalkEvent, of identity: PacketIdentity) -> Bool {
    if identity.number != 0, identity.number != back {
      // What left on loopback comes back on it; a copy for the host itself comes from elsewhere.
      guard back == nil, identity.parent == 0, case .packetStarts(_, .loopback, .looped) = event else { return false }
      back = identity.number
    }
    switch event {
    case .packetStarts(let packet, _, _):
      hasLeft = false
      self.packet = packet
    case .reassembled(let packet): self.packet = packet
    case .ruleHit(let place, let packet, _, _, _):
      lastHit = place
      if hits.count < StepRecord.capacity { hits.append(place) } else { isCut = true }
      if !hasLeft { self.packet = packet }
    case .packetChanged(_, let packet), .changedByHost(_, let packet), .translated(_, _, let packet):
      if !hasLeft { self.packet = packet }
    case .emitted(let packet, _), .delivered(let packet):
      if !hasLeft { self.packet = packet }
      hasLeft = true
    case .tableLeft(let table, _, .accept):
      if let place = lastHit, place.table == table { passes.append(place) }
    case .tracked(let state, _): self.state = state
    case .ended(let disposition):
      if identity.number == 0 { firstEnd = disposition }
      end = disposition
    default: break
    }
    return true
  }
}

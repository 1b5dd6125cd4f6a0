// What a walk says about the packet itself: where it was decided, what it hit, and what it looked like in the end.

import NetfilterModel
import Simulator

extension Walk {
  /// How the packet ended; one that came back through loopback ended on its way back in.
  package var lastEnd: Disposition { FlowPassage(self).end }
}

/// The way of one packet, without the answers that it caused; one that came back through loopback is followed.
struct FlowPassage {
  /// How it ended; for a packet through loopback, how it ended on the way back in.
  var end: Disposition
  /// How it ended when it left.
  let firstEnd: Disposition
  /// The steps of the packet itself.
  private(set) var steps: [WalkStep] = []
  /// The rules, policies and chain ends that it hit.
  private(set) var hits: [RulePlace] = []
  /// The last hit of each table that let it pass.
  private(set) var passes: [RulePlace] = []
  /// Its state in connection tracking, the last one; nil where that is off.
  private(set) var state: ConnectionState?
  /// The packet in the end.
  private(set) var packet: Packet?
  /// Whether hits are missing, as the walk was too long to be kept whole.
  let isCut: Bool

  /// Whether nothing here can say how it ends.
  var isUndecided: Bool { if case .unknown = end { true } else { false } }

  init(_ walk: Walk) {
    end = walk.disposition
    firstEnd = walk.disposition
    isCut = walk.omitted > 0
    // What left on loopback is the first to come back.
    var back: Int?
    if firstEnd == .sent(.loopback) {
      back =
        walk.steps.first { step in
          if case .packetStarts(_, _, .looped) = step.event { return step.packet.parent == 0 }
          return false
        }?.packet.number
    }
    var hasLeft = false
    for step in walk.steps where step.packet.number == 0 || step.packet.number == back {
      if case .packetStarts = step.event { hasLeft = false }
      steps.append(step)
      take(step.event, &hasLeft)
      if step.packet.number != 0, case .ended(let disposition) = step.event { end = disposition }
    }
  }

  private mutating func take(_ event: WalkEvent, _ hasLeft: inout Bool) {
    switch event {
    case .packetStarts(let packet, _, _), .reassembled(let packet): self.packet = packet
    case .ruleHit(let place, let packet, _, _, _):
      hits.append(place)
      if !hasLeft { self.packet = packet }
    case .packetChanged(_, let packet), .changedByHost(_, let packet), .translated(_, _, let packet):
      if !hasLeft { self.packet = packet }
    case .emitted(let packet, _), .delivered(let packet):
      if !hasLeft { self.packet = packet }
      hasLeft = true
    case .tableLeft(let table, _, .accept):
      if let place = hits.last, place.table == table { passes.append(place) }
    case .tracked(let state, _): self.state = state
    default: break
    }
  }

  /// The places that decided: the rule that ended it, or the last hit of each table that let it pass.
  var deciders: [RulePlace] {
    switch end {
    case .dropped(let place), .rejected(let place, _), .queued(_, let place): [place]
    case .unknown(let place, _): place.map { [$0] } ?? []
    case .delivered, .forwarded, .sent: passes
    case .discarded, .held: []
    }
  }

  /// The rule, policy or chain end that people mean by who decided: for a packet that passed, the last of the filter table.
  var decider: RulePlace? {
    switch end {
    case .delivered, .forwarded, .sent: passes.last { $0.table == .filter } ?? nil
    default: deciders.first
    }
  }

  /// The words of the verdict: `forward out lan`.
  static func verdict(_ end: Disposition) -> String {
    switch end {
    case .delivered: "deliver"
    case .forwarded(let output): "forward out \(output)"
    case .sent(let output): "send out \(output)"
    case .dropped: "drop"
    case .rejected(_, let kind): "reject with \(kind.name)"
    case .discarded(let cause): "drop because \(cause.rawValue)"
    case .queued: "queue"
    case .held: "held"
    case .unknown: "unknown"
    }
  }
}

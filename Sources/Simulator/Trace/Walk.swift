// The record of one packet's walk, with the questions that people ask of it.

import NetfilterModel

/// A rule that a packet hit, with the packet as it was then.
public struct RuleHit: Hashable, Sendable {
  /// The rule.
  public var place: RulePlace
  /// The packet before the rule's target acted.
  public var packet: Packet
  /// The hook.
  public var hook: Hook
  /// The input interface, or `none`.
  public var input: InterfaceName
  /// The output interface, or `none`.
  public var output: InterfaceName
}

/// A packet that left the host.
public struct EmittedPacket: Hashable, Sendable {
  /// The interface.
  public var output: InterfaceName
  /// The packet.
  public var packet: Packet
}

/// What happened to one packet, and to the packets that it caused.
public struct Walk: Sendable {
  /// Every step in order, with the packet that it belongs to.
  public var steps: [WalkStep]
  /// How the packet itself ended.
  public var disposition: Disposition
  /// How many steps were not kept, as there were too many (`StepRecord`).
  public var omitted: Int

  /// Makes a record of what an observer kept.
  public init(_ record: StepRecord, disposition: Disposition) {
    self.init(steps: record.steps, disposition: disposition, omitted: record.omitted)
  }

  /// Makes a record.
  public init(steps: [WalkStep], disposition: Disposition, omitted: Int = 0) {
    self.steps = steps
    self.disposition = disposition
    self.omitted = omitted
  }

  /// The family of the packet itself.
  public var family: AddressFamily {
    if case .packetStarts(let packet, _, _) = steps.first?.event { packet.family ?? .ipv4 } else { .ipv4 }
  }

  /// What happened, in order, without the packets that it belongs to.
  public var events: [WalkEvent] { steps.map { $0.event } }

  /// The rules, policies and chain ends that were hit, in order; what the kernel's TRACE shows.
  public var ruleHits: [RuleHit] {
    steps.compactMap {
      guard case .ruleHit(let place, let packet, let hook, let input, let output) = $0.event else { return nil }
      return RuleHit(place: place, packet: packet, hook: hook, input: input, output: output)
    }
  }

  /// The packets that left on a real interface, in order.
  public var emitted: [EmittedPacket] {
    steps.compactMap {
      guard case .emitted(let packet, let output) = $0.event, output != .loopback else { return nil }
      return EmittedPacket(output: output, packet: packet)
    }
  }
}

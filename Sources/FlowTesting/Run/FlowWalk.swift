// What became of a packet that was given as text.

import NetfilterModel
import Simulator

/// What became of a packet that was given as text. Its description is one that a failed `#expect` can show.
public struct FlowWalk: Sendable, CustomStringConvertible {
  /// How it ended.
  public let verdict: FlowEnding
  /// Every step of it, also the rules that did not match.
  public let walk: Walk
  /// The packet in the end, after all translation; nil when it never started.
  public let packet: Packet?
  /// Its state in connection tracking; nil where that is off.
  public let state: ConnectionState?
  /// What is not as the text expects behind `=>`; nil when all is, or nothing is expected.
  public let firstFailure: FlowFailure?

  /// The packets that left on a real interface, in order.
  public var emitted: [EmittedPacket] { walk.emitted }
  /// The rules, policies and chain ends that were hit, in order.
  public var ruleHits: [RuleHit] { walk.ruleHits }

  /// How it ended, who decided, and what the packet was in the end: `drop by filter/INPUT policy DROP (gw.rules:2): TCP 192.0.2.7:5000 > ...`.
  public var description: String {
    var text = "\(verdict)"
    if let packet { text += ": \(PacketSummary.text(packet))" }
    if let firstFailure { text += "; \(firstFailure.message)" }
    return text
  }
}

// Watches what tests ask about, and keeps nothing else of a walk.

import NetfilterModel

/// Follows the packet itself, and notes where packets left or reached the host.
package struct PassageObserver: WalkObserver {
  /// True.
  package static var wantsEvents: Bool { true }
  /// False.
  package static var wantsMisses: Bool { false }
  /// The way of the packet.
  package private(set) var passage = FlowPassage()
  /// Where packets left.
  package private(set) var sightings = PacketSightings()

  /// Makes the observer.
  package init() {}

  /// Takes what counts.
  package mutating func record(_ event: WalkEvent, of packet: PacketIdentity) {
    passage.take(event, of: packet)
    sightings.take(event, of: packet)
  }
}

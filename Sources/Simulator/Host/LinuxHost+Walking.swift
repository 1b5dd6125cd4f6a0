// Packets given to a host.

import NetfilterModel

extension LinuxHost {
  /// Walks a packet that arrives on an interface, and everything that follows from it.
  public mutating func receive(_ packet: Packet, on input: InterfaceName) -> Walk { explained(packet, input: input) }

  /// Walks a packet that a process of the host sends, and everything that follows from it.
  public mutating func send(_ packet: Packet) -> Walk { explained(packet, input: nil) }

  /// Walks a packet with an observer of the caller's: `input` nil means that the host sends it.
  ///
  /// - Returns: how the packet itself ended; what its answers did is told to the observer.
  @discardableResult
  public mutating func walk<Observer: WalkObserver>(
    _ packet: Packet, input: InterfaceName?, observer: inout Observer
  ) -> Disposition {
    // The silent walk is named, so that it is compiled for its observer also for callers outside this library.
    if Observer.self == SilentObserver.self {
      var silent = SilentObserver()
      return walker.walk(packet, input: input, observer: &silent)
    }
    return walker.walk(packet, input: input, observer: &observer)
  }

  /// Walks a packet and keeps every step but the rules that did not match.
  public mutating func record(_ packet: Packet, input: InterfaceName?) -> Walk {
    var observer = RecordingObserver()
    let disposition = walker.walk(packet, input: input, observer: &observer)
    return Walk(observer.record, disposition: disposition)
  }

  /// Walks a packet and keeps what tests ask about.
  package mutating func follow(
    _ packet: Packet, input: InterfaceName?
  ) -> (passage: FlowPassage, sightings: PacketSightings) {
    var observer = PassageObserver()
    _ = walker.walk(packet, input: input, observer: &observer)
    return (observer.passage, observer.sightings)
  }

  /// Walks a packet that nobody watches.
  @discardableResult
  public mutating func walk(_ packet: Packet, input: InterfaceName?) -> Disposition {
    var silent = SilentObserver()
    return walker.walk(packet, input: input, observer: &silent)
  }

  /// What to answer where nothing here can decide, in the order in which packets come to it.
  package var chosen: ChosenAnswers {
    get { walker.chosen }
    set { walker.chosen = newValue }
  }

  private mutating func explained(_ packet: Packet, input: InterfaceName?) -> Walk {
    var observer = ExplainingObserver()
    let disposition = walker.walk(packet, input: input, observer: &observer)
    return Walk(observer.record, disposition: disposition)
  }
}

// Giving packets to a host and running everything that follows from them.

import NetfilterModel

extension Host {
  /// How many packets one packet may cause (answers, loopback) before the walk ends.
  static let maximumConsequences = 64

  /// Walks a packet that arrives on an interface, and everything that follows from it.
  public func receive(_ packet: Packet, on input: InterfaceName) -> Walk {
    walk(packet, input: input, observer: ExplainingObserver()) { $0.events }
  }

  /// Walks a packet that a process of the host sends, and everything that follows from it.
  public func send(_ packet: Packet) -> Walk {
    walk(packet, input: nil, observer: ExplainingObserver()) { $0.events }
  }

  /// Walks a packet with an observer of the caller's: `input` nil means that the host sends it.
  ///
  /// - Returns: how the packet itself ended; what its answers did is told to the observer.
  @discardableResult
  public func walk<Observer: WalkObserver>(
    _ packet: Packet, input: InterfaceName?, observer: inout Observer
  ) -> Disposition {
    // The silent walk is named, so that it is compiled for its observer also for callers outside this library.
    if Observer.self == SilentObserver.self {
      var silent = SilentObserver()
      return walked(packet, input: input, observer: &silent)
    }
    return walked(packet, input: input, observer: &observer)
  }

  private func walked<Observer: WalkObserver>(
    _ packet: Packet, input: InterfaceName?, observer: inout Observer
  ) -> Disposition {
    let disposition =
      if let input { receive(packet, on: input, observer: &observer) } else { send(packet, observer: &observer) }
    if Observer.wantsEvents { observer.record(.ended(disposition)) }
    recordUndecided(&observer)
    var count = 0
    while !pending.isEmpty, count < Host.maximumConsequences {
      var flight = pending.removeFirst()
      count += 1
      if flight.reason == .looped {
        receiveLooped(flight, observer: &observer)
      } else {
        if Observer.wantsEvents { observer.record(.packetStarts(flight.context.packet, input: .none, reason: .answer)) }
        isSendingICMP = flight.context.header.protocolNumber == .icmp
        let end = sent(&flight, observer: &observer)
        isSendingICMP = false
        if Observer.wantsEvents { observer.record(.ended(end)) }
      }
      recordUndecided(&observer)
    }
    if count > 0 { pending.removeAll(keepingCapacity: true) }
    return disposition
  }

  /// A packet that comes back to the host that sent it.
  func receiveLooped<Observer: WalkObserver>(_ looped: Flight, observer: inout Observer) {
    var flight = looped
    let input = flight.context.input
    if Observer.wantsEvents {
      observer.record(.packetStarts(flight.context.packet, input: input, reason: .looped))
    }
    var end = Disposition.discarded(.malformed)
    if let (packet, header) = Host.checked(flight.context.packet) {
      flight.context.packet = packet
      flight.context.header = header
      end = received(&flight, on: input, observer: &observer)
    }
    if Observer.wantsEvents { observer.record(.ended(end)) }
  }

  private func recordUndecided<Observer: WalkObserver>(_ observer: inout Observer) {
    if Observer.wantsEvents { for reason in undecidedAnswers { observer.record(.answerUnknown(reason)) } }
    if !undecidedAnswers.isEmpty { undecidedAnswers = [] }
  }

  private func walk<Observer: WalkObserver>(
    _ packet: Packet, input: InterfaceName?, observer: Observer, events: (Observer) -> [WalkEvent]
  ) -> Walk {
    var observer = observer
    let disposition = walk(packet, input: input, observer: &observer)
    return Walk(events: events(observer), disposition: disposition)
  }
}

// A packet's whole walk, and everything that follows from it: a value that holds the host and what waits to be walked.

import NetfilterModel

/// What a walk leaves to do when the packet that walks now is done.
struct Outbox: Sendable {
  /// What the host answers, which in the kernel leaves while its cause is still walked.
  private var answers = WaitingFlights()
  /// What came back through loopback, which in the kernel is an interrupt of its own.
  private var looped = WaitingFlights()
  /// Why answers of the host cannot be known.
  var unknownAnswers: [String] = []
  /// An ICMP message of the host is on its way out: until it is gone the kernel sends no other (kernel: `icmp_xmit_lock`).
  var isSendingICMP = false
  /// A copy of a packet is on its way out: until it is gone no other is made (kernel: `in_nf_duplicate`).
  var isDuplicating = false
  /// Copies of a packet that a process sends, back from loopback: they are received when the table ends that made them,
  /// before the packet itself goes on (kernel: `ipt_do_table` lets soft interrupts run again).
  private(set) var urgent: [Flight] = []
  /// Whether the packet that is copied now is one that a process sends.
  var isFromProcess = false
  /// The neighbours that packets wait for.
  var search = NeighbourSearch()

  /// How many packets wait.
  var count: Int { answers.count + looped.count }

  /// Lets a packet wait. Answers leave before what comes back from loopback is received (kernel: an answer is sent where
  /// it is made, a packet on loopback waits in the backlog; `netif_rx`).
  mutating func post(_ flight: Flight) {
    if isDuplicating, isFromProcess, flight.reason == .looped {
      urgent.append(flight)
    } else if flight.reason == .looped {
      looped.add(flight)
    } else {
      answers.add(flight)
    }
  }

  /// Takes the copies that do not wait.
  mutating func takeUrgent() -> [Flight] {
    defer { urgent = [] }
    return urgent
  }

  /// Takes the packet out that comes next, an answer before what came back; nil when none waits.
  mutating func take() -> Flight? { answers.take() ?? looped.take() }

  /// Takes an answer out; nil when none waits.
  mutating func takeAnswer() -> Flight? { answers.take() }

  /// Notes that the last answer which waits is an error about a neighbour's silence.
  mutating func noteLast(_ neighbour: Neighbour) { answers.noteLast(neighbour) }

  /// Lets no packet wait.
  mutating func clear() {
    answers.clear()
    looped.clear()
    search = NeighbourSearch()
  }
}

/// Walks packets through a host.
struct Walker: Sendable {
  /// What the host is.
  var configuration: HostConfiguration
  /// What packets change.
  var state = HostState()
  /// What is left to do.
  var outbox = Outbox()
  /// The packet that walks now.
  var identity = PacketIdentity()
  /// How many packets the walk has had.
  var packets = 0
  /// What to answer where nothing here can decide.
  var chosen = ChosenAnswers()

  /// How many rules the packet that was given, and all that it causes, may still visit.
  var rulesLeft = WalkLimits().rules

  init(_ configuration: HostConfiguration) { self.configuration = configuration }

  /// Walks a packet and everything that follows from it: `input` nil means that the host sends it.
  ///
  /// - Returns: how the packet itself ended; what its answers did is told to the observer.
  mutating func walk<Observer: WalkObserver>(
    _ packet: Packet, input: InterfaceName?, observer: inout Observer
  ) -> Disposition {
    identity = PacketIdentity()
    packets = 1
    state.memory.turn.advance()
    // The answers to fragments that waited too long are not of this packet: they visit rules of their own.
    allowRules()
    expireFragments(&observer)
    allowRules()
    let disposition =
      if let input { receive(packet, on: input, observer: &observer) } else { send(packet, observer: &observer) }
    end(disposition, observer: &observer)
    recordUnknownAnswers(&observer)
    let count = walkConsequences(&observer)
    let last = outbox.search.firstEnd ?? disposition
    if count > 0 || !outbox.search.isUnused { outbox.clear() }
    state.icmpLimiter.endTurn()
    state.connections.releaseLoose()
    return last
  }

  /// Sets how many rules may be visited from here on.
  private mutating func allowRules() {
    // Far below the largest number, as places of rules are added to it.
    rulesLeft = max(0, min(configuration.limits.rules, Int.max / 2))
  }

  /// The number that stands for no packet of the walk.
  static let nobody = -1

  /// Walks what waits, and what follows from it; gives how many packets that were.
  mutating func walkConsequences<Observer: WalkObserver>(_ observer: inout Observer) -> Int {
    var count = 0
    while true {
      guard var flight = outbox.take() else {
        guard goOnSearching(&observer) else { break }
        continue
      }
      if count >= configuration.limits.consequences {
        identity = PacketIdentity(number: flight.parent, parent: nil)
        cutOff(&observer)
        giveUpSearching("the packet caused more than \(configuration.limits.consequences) others", &observer)
        break
      }
      count += 1
      walkConsequence(&flight, observer: &observer)
    }
    return count
  }

  /// Tells how the packet that walks now ended, unless it waits for a neighbour.
  mutating func end<Observer: WalkObserver>(_ disposition: Disposition, observer: inout Observer) {
    if !outbox.search.holds(identity) {
      if Observer.wantsEvents { observer.record(.ended(disposition), of: identity) }
    }
  }

  /// Walks a packet that another one caused.
  mutating func walkConsequence<Observer: WalkObserver>(_ flight: inout Flight, observer: inout Observer) {
    identity = PacketIdentity(number: packets, parent: flight.parent == Walker.nobody ? nil : flight.parent)
    packets += 1
    if flight.reason == .looped {
      receiveLooped(flight, observer: &observer)
    } else {
      if Observer.wantsEvents {
        observer.record(.packetStarts(flight.context.packet, input: .none, reason: .answer), of: identity)
      }
      let number = flight.context.header.protocolNumber
      outbox.isSendingICMP = number == .icmp || number == .icmpv6
      let end = sent(&flight, observer: &observer)
      outbox.isSendingICMP = false
      self.end(end, observer: &observer)
    }
    recordUnknownAnswers(&observer)
  }

  /// Lets a packet wait until the one that walks now, which caused it, is done.
  mutating func post(_ flight: Flight) {
    var flight = flight
    flight.parent = identity.number
    outbox.post(flight)
  }

  /// Tells that packets wait which are not walked, as the first caused too many.
  private mutating func cutOff<Observer: WalkObserver>(_ observer: inout Observer) {
    // The one that was taken out is one of them.
    let waiting = outbox.count + 1 + outbox.search.count
    outbox.unknownAnswers.append(
      "the packet caused more than \(configuration.limits.consequences) others; \(waiting) that still waited "
        + (waiting == 1 ? "was not walked" : "were not walked"))
    recordUnknownAnswers(&observer)
  }

  /// A packet that comes back to the host that sent it.
  mutating func receiveLooped<Observer: WalkObserver>(_ looped: Flight, observer: inout Observer) {
    var flight = looped
    let input = flight.context.input
    if Observer.wantsEvents {
      observer.record(.packetStarts(flight.context.packet, input: input, reason: .looped), of: identity)
    }
    var end = Disposition.discarded(.malformed)
    if flight.context.header.family == .ipv6 {
      switch receivedIPv6(flight.context.packet, on: input) {
      case .success((let packet, let header)):
        flight.context.packet = packet
        flight.context.header = header
        // What the kernel keeps beside a packet begins anew (kernel: `ip6_rcv_core`).
        flight.origin = nil
        end = received(&flight, on: input, observer: &observer)
      case .failure(let discard): end = .discarded(discard.cause)
      }
    } else if let header = Walker.checked(flight.context.packet.bytes) {
      flight.context.header = header
      flight.context.trim()
      end = received(&flight, on: input, observer: &observer)
    }
    self.end(end, observer: &observer)
  }

  /// Receives the copies of a packet that a process sends.
  mutating func receiveUrgent<Observer: WalkObserver>(_ observer: inout Observer) {
    let outer = identity
    for looped in outbox.takeUrgent() {
      identity = PacketIdentity(number: packets, parent: looped.parent)
      packets += 1
      receiveLooped(looped, observer: &observer)
    }
    identity = outer
  }

  mutating func recordUnknownAnswers<Observer: WalkObserver>(_ observer: inout Observer) {
    if Observer.wantsEvents {
      for reason in outbox.unknownAnswers { observer.record(.answerUnknown(reason), of: identity) }
    }
    if !outbox.unknownAnswers.isEmpty { outbox.unknownAnswers = [] }
  }
}

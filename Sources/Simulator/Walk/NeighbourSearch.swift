// The neighbours that packets wait for, and what they have been asked.

import NetfilterModel

/// A solicitation that left, and whose answer has not come yet.
struct NeighbourQuestion: Sendable {
  var bytes: [UInt8]
  var device: InterfaceName
  /// The number of the packet that it is.
  var number: Int
}

/// A packet that waits for a neighbour.
struct WaitingFlight: Sendable {
  var flight: Flight
  var route: EgressRoute
  var identity: PacketIdentity
}

/// A neighbour that is looked for (kernel: a `struct neighbour` in `NUD_INCOMPLETE`).
struct WantedNeighbour: Sendable {
  var neighbour: Neighbour
  /// The packets that wait for it, in order (kernel: `neigh->arp_queue`).
  var waiting: [WaitingFlight] = []
  /// The number of the packet that was the first to wait.
  var parent: Int
  /// How often it has been asked for.
  var asked = 0
  /// When it is asked for again, in turns.
  var due: Int
  var question: NeighbourQuestion?
  /// What keeps from knowing whether it answers: the rule, and why.
  var obstacle: (place: RulePlace?, reason: String)?
  /// What became of the last attempt.
  var failure = NeighbourOutcome.Failure.noAnswer

  /// What came of the search.
  func outcome(isFound: Bool) -> NeighbourOutcome {
    NeighbourOutcome(
      address: neighbour.address, device: neighbour.device, solicitations: asked, failure: isFound ? nil : failure)
  }

  /// Whether no other piece of the same packet waits behind the one at a place.
  func isLast(_ place: Int) -> Bool {
    !waiting.dropFirst(place + 1).contains { $0.identity.number == waiting[place].identity.number }
  }
}

/// The neighbours that packets wait for.
struct NeighbourSearch: Sendable {
  private var wanted: [WantedNeighbour] = []
  /// The turn: a neighbour that does not answer is asked for once in each.
  private var turn = 0
  /// Whether nothing was looked for.
  private(set) var isUnused = true
  /// How the packet that began the walk ended, if it had to wait.
  var firstEnd: Disposition?

  /// How many packets wait.
  var count: Int { wanted.reduce(0) { $0 + $1.waiting.count } }

  /// Whether a packet, or a piece of it, waits.
  func holds(_ identity: PacketIdentity) -> Bool {
    if wanted.isEmpty { return false }
    return wanted.contains { $0.waiting.contains { $0.identity.number == identity.number } }
  }

  /// Whether a neighbour is looked for.
  func isLooking(for neighbour: Neighbour) -> Bool { wanted.contains { $0.neighbour == neighbour } }

  /// Lets a packet wait; true when nobody has waited for this neighbour before.
  mutating func add(
    _ flight: Flight, _ route: EgressRoute, _ identity: PacketIdentity, for neighbour: Neighbour
  ) -> Bool {
    isUnused = false
    let waiting = WaitingFlight(flight: flight, route: route, identity: identity)
    if let place = wanted.firstIndex(where: { $0.neighbour == neighbour }) {
      wanted[place].waiting.append(waiting)
      return false
    }
    wanted.append(WantedNeighbour(neighbour: neighbour, waiting: [waiting], parent: identity.number, due: turn + 1))
    return true
  }

  /// Forgets the packets that wait for a neighbour, which is looked for all the same.
  mutating func purge(_ neighbour: Neighbour) { self[neighbour].waiting = [] }

  /// The state of the search for a neighbour.
  subscript(neighbour: Neighbour) -> WantedNeighbour {
    get { wanted.first { $0.neighbour == neighbour } ?? WantedNeighbour(neighbour: neighbour, parent: 0, due: turn) }
    set {
      if let place = wanted.firstIndex(where: { $0.neighbour == neighbour }) { wanted[place] = newValue }
    }
  }

  /// The neighbour whose turn it is: those that may answer come first, then those that have waited longest.
  mutating func next() -> Neighbour? {
    if let open = wanted.first(where: { $0.question != nil || $0.obstacle != nil }) { return open.neighbour }
    guard let due = wanted.map({ $0.due }).min(), let place = wanted.firstIndex(where: { $0.due == due }) else {
      return nil
    }
    turn = due
    wanted[place].due += 1
    return wanted[place].neighbour
  }

  /// Takes the solicitation of a neighbour whose answer comes now, or nil.
  mutating func takeQuestion(of neighbour: Neighbour) -> NeighbourQuestion? {
    guard let place = wanted.firstIndex(where: { $0.neighbour == neighbour }) else { return nil }
    defer { wanted[place].question = nil }
    return wanted[place].question
  }

  /// Ends the search for a neighbour.
  mutating func remove(_ neighbour: Neighbour) -> WantedNeighbour? {
    wanted.firstIndex { $0.neighbour == neighbour }.map { wanted.remove(at: $0) }
  }

  /// Ends all searches.
  mutating func removeAll() -> [WantedNeighbour] {
    defer { wanted = [] }
    return wanted
  }
}

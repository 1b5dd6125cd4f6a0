// Packets that wait for their turn.

/// Packets that wait, the first to come the first to go.
struct WaitingFlights: Sendable {
  private var flights: [Flight?] = []
  /// The place of the first that waits; those in front of it are gone.
  private var first = 0

  /// How many wait.
  var count: Int { flights.count - first }

  /// Lets a packet wait.
  mutating func add(_ flight: Flight) { flights.append(flight) }

  /// Takes the first packet out, so that it has one owner and its bytes are changed in place; nil when none waits.
  mutating func take() -> Flight? {
    guard first < flights.count else { return nil }
    first += 1
    return flights[first - 1].take()
  }

  /// Notes that the last one is an error about a neighbour's silence.
  mutating func noteLast(_ neighbour: Neighbour) {
    if !flights.isEmpty { flights[flights.count - 1]?.silentNeighbour = neighbour }
  }

  /// Lets none wait.
  mutating func clear() {
    flights.removeAll(keepingCapacity: true)
    first = 0
  }
}

// What came of the search for a neighbour that a packet waited for.

import NetfilterModel

/// What came of the search for the link-layer address of a neighbour.
public struct NeighbourOutcome: Hashable, Sendable {
  /// Why a neighbour was not found: what became of the last attempt.
  public enum Failure: Hashable, Sendable {
    /// The interface has no address to ask with (kernel: `ipv6_get_lladdr`).
    case noSource
    /// The solicitation did not leave.
    case solicitation(Disposition)
    /// The advertisement did not reach the host's neighbour discovery.
    case advertisement(Disposition)
    /// Nobody answered.
    case noAnswer
  }

  /// The neighbour: the packet's destination, or the gateway of its route.
  public var address: IPAddress
  /// The interface that it was looked for on.
  public var device: InterfaceName
  /// How often it was asked for.
  public var solicitations: Int
  /// Why it was not found; nil when it was.
  public var failure: Failure?

  /// Makes an outcome.
  public init(address: IPAddress, device: InterfaceName, solicitations: Int, failure: Failure?) {
    self.address = address
    self.device = device
    self.solicitations = solicitations
    self.failure = failure
  }

  /// The rule that kept the neighbour from being found, or nil.
  public var place: RulePlace? {
    switch failure {
    case .solicitation(.dropped(let place)), .solicitation(.rejected(let place, _)),
      .advertisement(.dropped(let place)),
      .advertisement(.rejected(let place, _)):
      place
    default: nil
    }
  }
}

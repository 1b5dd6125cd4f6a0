// What is known of a host that rules can ask and no packet changes.

/// What is known of a host beside interfaces, routes and settings.
public struct HostFacts: Hashable, Sendable {
  /// Whether it is known that no process has a socket; otherwise it may have any.
  public var hasNoSockets = false
  /// Whether routes have realms, which are not looked up here.
  public var hasRealms = false

  /// Makes facts of a host of which nothing is known.
  public init() {}
}

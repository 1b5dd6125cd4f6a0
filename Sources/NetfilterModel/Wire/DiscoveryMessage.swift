// What neighbour discovery (RFC 4861) and multicast listeners (RFC 2710, RFC 9777) say, as fields.

/// What a message of neighbour discovery or of a multicast listener says.
public struct DiscoveryMessage: Hashable, Sendable {
  /// The address that is asked for, that answers, or the better next hop of a redirect.
  public var target: IPAddress?
  /// The destination that a redirect is about.
  public var destination: IPAddress?
  /// The group that a listener is asked for, reports or leaves.
  public var group: IPAddress?
  /// The Ethernet address of the sender, or of the target in advertisements and redirects.
  public var linkLayerAddress: [UInt8]?
  /// Whether an advertisement answers a solicitation (`S`; RFC 4861 §4.4).
  public var isSolicited = false

  /// Makes a message that says nothing yet.
  public init() {}

  /// Whether nothing is said.
  public var isEmpty: Bool { target == nil && destination == nil && group == nil && linkLayerAddress == nil }
}

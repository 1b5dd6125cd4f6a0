// Types of neighbour and listener discovery.

extension ICMPv6Type {
  /// A query for listeners to a group (`ICMPV6_MGM_QUERY`).
  @inlinable public static var listenerQuery: ICMPv6Type { ICMPv6Type(130) }
  /// A listener's report, version 1 (`ICMPV6_MGM_REPORT`).
  @inlinable public static var listenerReport: ICMPv6Type { ICMPv6Type(131) }
  /// That nobody listens any more, version 1 (`ICMPV6_MGM_REDUCTION`).
  @inlinable public static var listenerDone: ICMPv6Type { ICMPv6Type(132) }
  /// A listener's report, version 2 (`ICMPV6_MLD2_REPORT`).
  @inlinable public static var listenerReport2: ICMPv6Type { ICMPv6Type(143) }

  /// Whether it belongs to neighbour discovery, whose packets have the hop limit 255 (RFC 4861 §3.1).
  @inlinable public var isNeighbourDiscovery: Bool { (133...137).contains(rawValue) }

  /// Whether it belongs to multicast listener discovery, whose packets have the hop limit 1 and a router alert (RFC 2710 §3).
  @inlinable public var isListenerDiscovery: Bool { (130...132).contains(rawValue) || rawValue == 143 }
}

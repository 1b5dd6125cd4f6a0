// What NAT changes, and what it may choose from.

/// Which end of a connection NAT changes (kernel: `enum nf_nat_manip_type`).
public enum NATManipulation: UInt8, Hashable, Sendable {
  /// The source: SNAT, MASQUERADE.
  case source = 0
  /// The destination: DNAT, REDIRECT.
  case destination = 1
}

/// What NAT may choose from (kernel: `struct nf_nat_range2`).
public struct NATRange: Hashable, Sendable {
  /// The addresses, inclusive; nil keeps the address.
  public var addresses: ClosedRange<IPAddress>?
  /// The ports or ICMP identifiers, inclusive; nil keeps them where possible.
  public var ports: ClosedRange<UInt16>?
  /// `--random`: the port is chosen by chance (`NF_NAT_RANGE_PROTO_RANDOM`).
  public var isRandom = false
  /// `--random-fully` (`NF_NAT_RANGE_PROTO_RANDOM_FULLY`).
  public var isFullyRandom = false
  /// `--persistent`: a client gets the same address for every connection (`NF_NAT_RANGE_PERSISTENT`).
  public var isPersistent = false
  /// The base of `--to-destination :a-b/base` (`NF_NAT_RANGE_PROTO_OFFSET`), or nil.
  public var basePort: UInt16?
  /// NETMAP: `addresses` is a network, of which only the prefix is used (`NF_NAT_RANGE_NETMAP`).
  public var isNetmap = false

  /// Makes a range that changes nothing.
  public init() {}
}

// What one part of an entry of a set is.

/// A part of an entry, and with it a dimension of its set (libipset: `struct ipset_elem`).
public enum SetPart: UInt8, Hashable, Sendable {
  /// An address; of IPv4 also a network or a range, which stands for each of its addresses.
  case address
  /// One address.
  case singleAddress
  /// An address, a network, or of IPv4 also a range, which stands for the networks that make it up.
  case network
  /// A protocol and a port, a range of ports, or a type and code of ICMP.
  case protocolPort
  /// A port of TCP or UDP, or a range of them, without the protocol.
  case port
  /// The address of a network card.
  case hardware
  /// The name of an interface.
  case interface
  /// A packet's mark.
  case mark
  /// The name of another set.
  case set

  /// Whether it is made of an IP address.
  var isAddress: Bool { self == .address || self == .singleAddress || self == .network }
}

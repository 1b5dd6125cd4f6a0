// A network interface of the host.

import NetfilterModel

/// An address of an interface with its network.
public struct InterfaceAddress: Hashable, Sendable {
  /// The address.
  public var address: IPAddress
  /// The length of the network's prefix.
  public var prefixLength: Int
  /// Whether an earlier address of the same network is the primary one (kernel: `IFA_F_SECONDARY`).
  public internal(set) var isSecondary = false
  /// A broadcast address other than the network's last, or nil (`brd`).
  public var broadcast: IPAddress?
  /// Whether the kernel adds the network's route (not with `noprefixroute`).
  public var hasPrefixRoute = true

  /// The metric of that route, or nil for the kernel's own (`metric`).
  public var metric: UInt32?
  /// Whether other addresses are preferred as a source (IPv6; kernel: `IFA_F_DEPRECATED`, `IFA_F_OPTIMISTIC`).
  public var isDeprecated = false
  /// Whether it is a temporary one (RFC 8981; kernel: `IFA_F_TEMPORARY`).
  public var isTemporary = false
  /// Whether the host does not use it, as it is not known to be unique, or known not to be (IPv6; kernel: `IFA_F_TENTATIVE`).
  public var isTentative = false

  /// Makes an address.
  public init(_ address: IPAddress, prefixLength: Int) {
    self.address = address
    self.prefixLength = prefixLength
  }

  /// Parses `address/length`; without a length the whole address counts.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(parts[0]) else { return nil }
    var length = address.family.addressBits
    if parts.count == 2 {
      guard let number = parseUnsigned(parts[1], in: 0...UInt64(length)) else { return nil }
      length = Int(number)
    }
    self.init(address, prefixLength: length)
  }

  /// Takes a word that `ip addr` prints of an address; false when an address of its family has it not.
  package mutating func take(flag: some StringProtocol) -> Bool {
    let isIPv6 = address.family == .ipv6
    switch flag {
    case "noprefixroute": hasPrefixRoute = false
    case "deprecated", "optimistic": isDeprecated = isIPv6
    case "temporary": isTemporary = isIPv6
    case "tentative", "dadfailed": isTentative = isIPv6
    default: return false
    }
    return isIPv6 || flag == "noprefixroute"
  }

  /// The network.
  public var network: AddressMatch { AddressMatch(address, prefixLength: prefixLength) }
}

/// A network interface.
public struct Interface: Hashable, Sendable {
  /// The name, at most 15 bytes.
  public var name: InterfaceName
  /// The addresses in the order they were added.
  public internal(set) var addresses: [InterfaceAddress] = []
  /// The largest packet that it carries, in bytes.
  public var mtu: Int
  /// Whether it is up.
  public var isUp = true
  /// Its group (`ip link set group`).
  public var group: UInt32 = 0
  /// Its Ethernet address, or nil for one without (tun).
  public var mac: [UInt8]?

  /// Makes an interface without addresses.
  public init(_ name: InterfaceName, mtu: Int = 1500, mac: [UInt8]? = nil) {
    self.name = name
    self.mtu = mtu
    self.mac = mac
  }

  /// Whether this is the loopback interface.
  public var isLoopback: Bool { name == .loopback }
}

// What matches and targets may ask of the host that the packet walks through. The simulator implements it.

/// The type that routing gives an address (kernel: `RTN_*`).
public enum AddressType: UInt8, Hashable, Sendable, CaseIterable {
  /// `RTN_UNSPEC`: the zero address.
  case unspec = 0
  /// `RTN_UNICAST`.
  case unicast = 1
  /// `RTN_LOCAL`: an address of the host.
  case local = 2
  /// `RTN_BROADCAST`.
  case broadcast = 3
  /// `RTN_ANYCAST`.
  case anycast = 4
  /// `RTN_MULTICAST`.
  case multicast = 5
  /// `RTN_BLACKHOLE`.
  case blackhole = 6
  /// `RTN_UNREACHABLE`.
  case unreachable = 7
  /// `RTN_PROHIBIT`.
  case prohibit = 8
  /// `RTN_THROW`.
  case `throw` = 9
  /// `RTN_NAT`.
  case nat = 10
  /// `RTN_XRESOLVE`.
  case xresolve = 11
}

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

/// What REJECT answers with.
public enum RejectKind: Hashable, Sendable {
  /// An ICMP destination unreachable message with a code (IPv6: ICMPv6 type 1).
  case unreachable(code: UInt8)
  /// A TCP segment with RST.
  case tcpReset
}

/// A record that LOG, NFLOG or another target writes.
public struct LogRecord: Hashable, Sendable {
  /// The target that wrote it, as `-j` names it.
  public var target: String
  /// The prefix.
  public var prefix: String
  /// The syslog level of LOG (0...7), or the group of NFLOG.
  public var number: UInt32

  /// Makes a record.
  public init(target: String, prefix: String, number: UInt32) {
    self.target = target
    self.prefix = prefix
    self.number = number
  }
}

/// Memory that rules share by name (recent lists, hashlimit tables).
public protocol SharedStore: AnyObject {
  /// A deep copy, for walks that try more than one possibility.
  func copy() -> Self
}

/// What only the host can answer or do.
public protocol HostServices: AnyObject {
  /// The simulated clock in nanoseconds.
  var now: UInt64 { get }
  /// Seconds since 1970 at simulated time zero plus the simulated clock, for matches that ask the wall clock; nil when it was not given.
  var wallClock: UInt64? { get }
  /// The next number of the injected random source.
  func random32() -> UInt32
  /// Whether a draw of `random32` may decide what chance decides in the kernel; otherwise such a match answers `unknown`.
  var chanceIsInjected: Bool { get }
  /// The store called `key`; made by `make` when it is asked for the first time. Keys start with the extension's name.
  func store<Store: SharedStore>(_ key: String, make: () -> Store) -> Store
  /// The type of an address, by the host's local and main tables, on one interface or on any (kernel: `inet_addr_type`, `inet_dev_addr_type`).
  func addressType(of address: IPAddress, on interface: InterfaceName?) -> AddressType
  /// The type and the interface of the route of a packet that would come in by loopback; nil where there is none (kernel: `fib_lookup`).
  func route(to destination: IPAddress, from source: IPAddress, mark: UInt32, tos: UInt8) -> (
    type: AddressType, device: InterfaceName
  )?
  /// The source address that MASQUERADE takes for the packet's output interface (kernel: `inet_select_addr`), or nil.
  func masqueradeAddress(for packet: PacketContext) -> IPAddress?
  /// The first address of the packet's input interface, which REDIRECT takes on PREROUTING (kernel: `nf_nat_redirect_ipv4`), or nil.
  func redirectAddress(for packet: PacketContext) -> IPAddress?
  /// Sets up NAT for the packet's connection, to which no such NAT has been given yet (kernel: `nf_nat_setup_info`).
  func setUpNAT(_ packet: inout PacketContext, range: NATRange, manipulation: NATManipulation) -> TargetResult
  /// Sends REJECT's answer (kernel: `nf_send_unreach`, `nf_send_reset`).
  func reject(_ packet: PacketContext, with kind: RejectKind)
  /// The MTU of the packet's route, and of the route back to its source, for TCPMSS --clamp-mss-to-pmtu; nil where there is no route.
  func pathMTU(for packet: PacketContext) -> (forward: Int?, back: Int?)
  /// Writes a log record.
  func log(_ record: LogRecord, packet: PacketContext)
}

// What matches and targets ask of the host.

import NetfilterModel

extension Host: HostServices {
  /// Seconds since 1970, or nil when no wall clock was given.
  public var wallClock: UInt64? { wallClockStart.map { $0 &+ now / 1_000_000_000 } }

  /// The next number of the injected random source (splitmix64).
  public func random32() -> UInt32 {
    randomState &+= 0x9e37_79b9_7f4a_7c15
    var mixed = randomState
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return UInt32(truncatingIfNeeded: (mixed ^ (mixed >> 31)) >> 32)
  }

  /// The store called `key`, made when it is asked for the first time.
  public func store<Store: SharedStore>(_ key: String, make: () -> Store) -> Store {
    if let existing = stores[key] as? Store { return existing }
    let fresh = make()
    stores[key] = fresh
    return fresh
  }

  /// The type of an address by the local table (kernel: `inet_addr_type`, `inet_dev_addr_type`).
  public func addressType(of address: IPAddress, on interface: InterfaceName?) -> AddressType {
    localType(of: address, on: interface)
  }

  /// The route of a packet that would come in by loopback (kernel: `fib_lookup`).
  public func route(to destination: IPAddress, from source: IPAddress, mark: UInt32, tos: UInt8) -> (
    type: AddressType, device: InterfaceName
  )? {
    let flow = FlowKey(destination: destination, source: source, input: .loopback, mark: mark, tos: tos)
    return (try? lookup(flow)).map { ($0.type, $0.device) }
  }

  /// The address that MASQUERADE takes (kernel: `nf_nat_masquerade_ipv4`).
  public func masqueradeAddress(for packet: PacketContext) -> IPAddress? {
    let hop = current.route?.gateway ?? packet.header.destination
    return selectAddress(on: packet.output, towards: hop, family: packet.header.family)
  }

  /// The first address of the input interface (kernel: `nf_nat_redirect_ipv4`).
  public func redirectAddress(for packet: PacketContext) -> IPAddress? {
    interface(packet.input)?.addresses.first { $0.address.family == packet.header.family }?.address
  }

  /// Sets up NAT for the packet's connection.
  public func setUpNAT(
    _ packet: inout PacketContext, range: NATRange, manipulation: NATManipulation
  ) -> TargetResult {
    guard let connection = packet.connection else { return .drop }
    let outcome = nat.setUp(connection, range: range, manipulation: manipulation, now: now) { self.random32() }
    if outcome.isByChance { requests.isByChance = true }
    return outcome.result
  }

  /// Queues REJECT's answer; it leaves when the rejected packet is done.
  public func reject(_ packet: PacketContext, with kind: RejectKind) {
    requests.rejectedWith = kind
    switch kind {
    case .tcpReset: answerReset(packet)
    case .unreachable(let code): answerUnreachable(packet, code: code)
    }
  }

  /// The MTU of the packet's route and of the way back (kernel: `tcpmss_mangle_packet`).
  public func pathMTU(for packet: PacketContext) -> (forward: Int?, back: Int?) {
    let header = packet.header
    let back = try? outputRoute(FlowKey(destination: header.source, source: .any(header.family)))
    return (current.route?.mtu, back?.mtu)
  }

  /// Keeps a log record until the observer takes it.
  public func log(_ record: LogRecord, packet: PacketContext) { requests.logs.append(record) }
}

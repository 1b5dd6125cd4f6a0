// Reads the fields that conditions ask for off the packet and its connection.

extension Field {
  /// Whether the value comes from the packet's connection.
  public var isOfConnection: Bool {
    switch self {
    case .connectionState, .packetState, .hasConnection, .connectionMark, .connectionProtocol, .connectionAddress,
      .connectionPort, .connectionStatus, .connectionExpiry, .connectionDirection, .connectionTraffic,
      .expectedByHelper, .connectionLabels, .connectionNode:
      true
    default: false
    }
  }
}

extension PacketContext {
  /// The value of a field; absent for those that only the host knows (`addressType`, `reversePath`).
  ///
  /// `now` is the simulated clock in nanoseconds.
  public func value(of field: Field, connection: Connection?, now: UInt64) -> FieldValue {
    switch field {
    case .source: return FieldValue(header.source)
    case .destination: return FieldValue(header.destination)
    case .input: return FieldValue(input)
    case .output: return FieldValue(output)
    case .protocolNumber:
      return header.isProtocolKnown ? FieldValue(header.protocolNumber.rawValue) : .absent
    case .fragmentOffset: return FieldValue(header.comparedFragmentOffset)
    case .totalLength: return FieldValue(countedLength)
    case .tos: return FieldValue(header.tos)
    case .dscp: return FieldValue(header.tos >> 2)
    case .ecn: return FieldValue(header.tos & 3)
    case .ttl: return FieldValue(header.ttl)
    case .transportLength: return FieldValue(transportLength)
    case .mark: return FieldValue(packet.mark)
    case .packetType: return FieldValue(visibleType.rawValue)
    case .sourceMAC: return packet.sourceMACNumber.map { FieldValue($0) } ?? .absent
    case .socket: return packet.owner == .none ? .absent : FieldValue(1)
    case .userID, .groupID:
      guard case .process(let user, let group, _) = packet.owner else { return .absent }
      return FieldValue(field == .userID ? user : group)
    case .connectionState:
      return FieldValue(ConnectionStateSet(state, status: connection?.status, withNAT: true).rawValue)
    case .packetState:
      return FieldValue(ConnectionStateSet(state, status: connection?.status, withNAT: false).rawValue)
    case .addressType, .reversePath, .interfaceGroup, .other: return .absent
    case .ipsec, .bridge: return FieldValue(0)
    case .expectedByHelper(let name):
      guard let helper = connection?.expectedBy else { return FieldValue(false) }
      return FieldValue(name.isEmpty || name.utf8.starts(with: helper.utf8))
    case .hasConnection: return FieldValue(connection != nil)
    case .connectionMark, .connectionProtocol, .connectionAddress, .connectionPort, .connectionStatus,
      .connectionExpiry, .connectionDirection, .connectionTraffic, .connectionLabels, .connectionNode:
      return connection.map { value(of: field, in: $0, now: now) } ?? .absent
    case .sourcePort, .destinationPort, .eitherPort, .tcpFlags, .tcpHeaderIsWhole, .tcpOption, .maximumSegmentSize,
      .icmpType, .securityParameterIndex:
      return transportValue(of: field)
    }
  }

  private func value(of field: Field, in connection: Connection, now: UInt64) -> FieldValue {
    switch field {
    case .connectionMark: return FieldValue(connection.mark)
    case .connectionProtocol: return FieldValue(connection.original.protocolNumber.rawValue)
    case .connectionAddress(let direction, let end):
      let tuple = connection.tuple(direction)
      return FieldValue(end == .source ? tuple.source : tuple.destination)
    case .connectionPort(let direction, let end):
      let tuple = connection.tuple(direction)
      return FieldValue(end == .source ? tuple.sourceKey : tuple.destinationKey)
    case .connectionStatus: return FieldValue(connection.status.rawValue)
    case .connectionExpiry:
      // A connection that is not confirmed yet has no seconds left: its timeout is not yet a point in time.
      guard connection.status.contains(.confirmed), connection.timeout > now else { return FieldValue(0) }
      return FieldValue((connection.timeout &- now) / 1_000_000_000)
    case .connectionDirection: return FieldValue(state.direction.rawValue)
    case .connectionLabels: return FieldValue(connection.labels.low, high: connection.labels.high)
    case .connectionNode(let hash): return FieldValue(UInt64(1) << UInt64(hash.node(of: connection.original.source)))
    case .connectionTraffic(let measure, let direction): return connection.traffic(measure, direction)
    default: return .absent
    }
  }
}

extension Connection {
  /// What the connection has carried; absent while nothing counts it (kernel: `nf_conn_acct_find`).
  func traffic(_ measure: TrafficMeasure, _ direction: ConnectionDirection?) -> FieldValue {
    guard hasCounters else { return .absent }
    var total = Counters()
    for one in ConnectionDirection.allCases where direction == nil || direction == one {
      total.packets &+= counters(one).packets
      total.bytes &+= counters(one).bytes
    }
    switch measure {
    case .packets: return FieldValue(total.packets)
    case .bytes: return FieldValue(total.bytes)
    case .averageLength: return FieldValue(total.packets == 0 ? 0 : total.bytes / total.packets)
    }
  }
}

extension Packet {
  /// The Ethernet source address as a number; nil without one of six bytes.
  public var sourceMACNumber: UInt64? {
    guard let address = sourceMAC, address.count == 6 else { return nil }
    return address.reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension PacketContext {
  /// How the link layer delivered the packet as `-m pkttype` counts it (kernel: `pkttype_mt`).
  public var visibleType: PacketType {
    guard packet.type == .loopback else { return packet.type }
    return header.family == .ipv6 || header.destination.isMulticast ? .multicast : .broadcast
  }

  /// The value of a field of the transport header, as far as the packet has it.
  public func transportValue(of field: Field) -> FieldValue {
    let bytes = packet.bytes
    let start = transportOffset
    let length = transportLength
    guard hasHeader(of: field) else { return .absent }
    switch field {
    case .sourcePort: return length >= 4 ? FieldValue(TransportPorts.source(in: bytes, at: start)) : .absent
    case .destinationPort: return length >= 4 ? FieldValue(TransportPorts.destination(in: bytes, at: start)) : .absent
    case .eitherPort:
      guard length >= 4 else { return .absent }
      return FieldValue(
        TransportPorts.source(in: bytes, at: start), high: UInt64(TransportPorts.destination(in: bytes, at: start)))
    case .tcpFlags:
      return length >= TCPHeader.minimumLength ? FieldValue(TCPHeader.flags(in: bytes, at: start).rawValue) : .absent
    case .tcpHeaderIsWhole: return FieldValue(tcpHeaderLength != nil)
    case .tcpOption(let kind):
      guard let options = tcpOptions else { return .absent }
      return FieldValue(TCPOptions.contains(TCPOptionKind(rawValue: kind), in: bytes, options))
    case .maximumSegmentSize:
      guard let options = tcpOptions else { return .absent }
      return TCPOptions.maximumSegmentSize(in: bytes, options).map { FieldValue($0) } ?? .absent
    case .icmpType: return length >= 2 ? FieldValue(ICMPMessage.typeAndCode(in: bytes, at: start)) : .absent
    case .securityParameterIndex:
      return length >= 4 ? FieldValue(ESPHeader.securityParameters(in: bytes, at: start)) : .absent
    default: return .absent
    }
  }

  /// Whether the packet has the transport header that a field is part of, at least its beginning.
  ///
  /// A later fragment has none; what `-m ecn` and `-m tcpmss` read there all the same counts, as it does in the kernel.
  public func hasHeader(of field: Field) -> Bool {
    let number = header.protocolNumber
    switch field {
    case .tcpFlags, .maximumSegmentSize, .tcpHeaderIsWhole: return number == .tcp
    case .tcpOption: return number == .tcp && header.fragmentOffset == 0
    case .icmpType: return (number == .icmp || number == .icmpv6) && header.fragmentOffset == 0
    case .securityParameterIndex: return number == .esp && header.fragmentOffset == 0
    default: return number.hasPorts && header.fragmentOffset == 0
    }
  }
}

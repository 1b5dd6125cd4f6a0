// The hooks that find or make the connection of a packet (PREROUTING and OUTPUT, priority -200).

import NetfilterModel

/// What the tracker of a protocol says about a packet (kernel: the return values of `nf_conntrack_handle_packet`).
enum TrackerResult: Hashable {
  /// The packet belongs to the connection.
  case accept
  /// It does not: the packet goes on without a connection (`-NF_ACCEPT`).
  case invalid
  /// The connection is gone; look the packet up again (`-NF_REPEAT`).
  case again
  /// The connection is over and the packet begins another (kernel: `-NF_REPEAT`).
  case reopen
  /// The packet is fine, and the connection is over.
  case acceptAndRemove
  /// Drop the packet (`NF_DROP`).
  case drop
}

extension ConnectionTable {
  /// Finds or makes the connection of a packet and sets its state (kernel: `nf_conntrack_in`).
  ///
  /// A packet that has a connection already (it came back through the loopback interface), or is untracked, stays as
  /// it is. A packet that tracking can make nothing of goes on with state `none`, which rules call INVALID.
  /// - Returns: `.accept`, or `.drop` when the table is full and nothing in it makes room.
  public mutating func track(_ packet: inout PacketContext, _ settings: ConntrackSettings, now: UInt64) -> Verdict {
    var shortage: TableShortage?
    return track(&packet, settings, now: now, &shortage)
  }

  /// As `track`, and says what a full table did to a new connection.
  mutating func track(
    _ packet: inout PacketContext, _ settings: ConntrackSettings, now: UInt64, _ shortage: inout TableShortage?
  ) -> Verdict {
    if packet.state == .untracked { return .accept }
    if packet.connection != nil { return .accept }
    packet.connection = nil
    packet.state = .none
    guard
      let location = TransportLocation(packet.packet.bytes, at: 0, family: packet.header.family)
    else { return .accept }
    if location.protocolNumber == .icmp, packet.header.family == .ipv4 {
      if !trackICMPError(&packet, location, settings, now: now) || packet.connection != nil
        || packet.isAttachedToNothing
      {
        return .accept
      }
    }
    if location.protocolNumber == .icmpv6, packet.header.family == .ipv6 {
      if !trackICMPv6(&packet, location, settings, now: now) || packet.connection != nil
        || packet.isAttachedToNothing || packet.state == .untracked
      {
        return .accept
      }
    }
    // A connection is given up at most once: what takes its place is new and has nothing to give up.
    for _ in 0..<2 {
      switch resolve(&packet, location, settings, now: now, &shortage) {
      case .accept, .acceptAndRemove, .reopen: return .accept
      case .drop: return .drop
      case .invalid:
        packet.connection = nil
        packet.state = .none
        return .accept
      case .again:
        packet.connection = nil
        packet.state = .none
      }
    }
    return .accept
  }

  private mutating func resolve(
    _ packet: inout PacketContext, _ location: TransportLocation, _ settings: ConntrackSettings, now: UInt64,
    _ shortage: inout TableShortage?
  ) -> TrackerResult {
    guard let tuple = ConnectionTuple(packet.packet.bytes, location) else { return .invalid }
    let id: ConnectionID
    if let found = find(tuple, now: now) {
      id = found.id
      let status = with(id) { $0.pointee.status }
      if found.direction == .reply {
        packet.state = .establishedReply
      } else if status.contains(.seenReply) {
        packet.state = .established
      } else {
        packet.state = status.contains(.expected) ? .related : .new
      }
    } else {
      guard let reply = tuple.inverted else { return .invalid }
      guard makeRoom(for: tuple, settings, now: now, &shortage) else { return .drop }
      let made = make(original: tuple, reply: reply, hasCounters: settings.acct)
      id = made
      if let helper = packet.template?.helper {
        self[id].helper = helper
        self[id].status.insert(.helper)
      }
      packet.state = .new
    }
    packet.connection = id
    let result = settings.handle(&packet, &self[id], location, now: now)
    switch result {
    case .accept, .acceptAndRemove:
      if packet.state == .establishedReply, !with(id, { $0.pointee.status.contains(.seenReply) }) {
        self[id].status.insert(.seenReply)
      }
      if result == .acceptAndRemove { remove(id) }
      return .accept
    case .reopen: return remove(id) ? .again : .drop
    case .invalid, .again, .drop: return result
    }
  }
}

extension ConntrackSettings {
  /// Hands the packet to the tracker of the connection's protocol (kernel: `nf_conntrack_handle_packet`).
  fileprivate func handle(
    _ packet: inout PacketContext, _ connection: inout Connection, _ location: TransportLocation, now: UInt64
  ) -> TrackerResult {
    switch connection.original.protocolNumber {
    case .tcp: return trackTCP(&packet, &connection, location, now: now)
    case .udp: return trackUDP(&packet, &connection, location, now: now)
    case .udplite: return trackUDPLite(&packet, &connection, location, now: now)
    case .icmp: return trackICMP(packet, &connection, now: now)
    case .icmpv6: return trackICMPv6(packet, &connection, now: now)
    case .sctp: return trackSCTP(&packet, &connection, location, now: now)
    case .gre: return trackGRE(&packet, &connection, now: now)
    default:
      connection.refresh(
        packet.state.direction, bytes: packet.length, seconds: genericTimeout, now: now)
      return .accept
    }
  }
}

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
  /// Drop the packet (`NF_DROP`).
  case drop
}

extension ConnectionTable {
  /// Finds or makes the connection of a packet and sets its state (kernel: `nf_conntrack_in`).
  ///
  /// A packet that has a connection already (it came back through the loopback interface), or is untracked, stays as
  /// it is. A packet that tracking can make nothing of goes on with state `none`, which rules call INVALID.
  /// - Returns: `.accept`, or `.drop` when the table is full.
  public func track(_ packet: inout PacketContext) -> Verdict {
    hasVerifiedChecksum = false
    guard isEnabled else { return .accept }
    if packet.state == .untracked { return .accept }
    if let connection = packet.connection, !connection.status.contains(.template) { return .accept }
    packet.connection = nil
    packet.state = .none
    guard
      let location = TransportLocation(packet.packet.bytes, at: 0, family: packet.header.family)
    else { return .accept }
    if location.protocolNumber == .icmp, packet.header.family == .ipv4 {
      if !trackICMPError(&packet, location) || packet.connection != nil || packet.isAttachedToNothing {
        return .accept
      }
    }
    // A connection is given up at most once: what takes its place is new and has nothing to give up.
    for _ in 0..<2 {
      switch resolve(&packet, location) {
      case .accept: return .accept
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

  /// Looks the packet up, makes a connection when there is none, and lets the protocol's tracker decide
  /// (kernel: `resolve_normal_ct` and what follows it).
  private func resolve(_ packet: inout PacketContext, _ location: TransportLocation) -> TrackerResult {
    let now = packet.services.now
    guard let tuple = ConnectionTuple(packet.packet.bytes, location) else { return .invalid }
    let connection: Connection
    if let found = find(tuple, now: now) {
      connection = found.connection
      if found.direction == .reply {
        packet.state = .establishedReply
      } else if connection.status.contains(.seenReply) {
        packet.state = .established
      } else {
        packet.state = connection.status.contains(.expected) ? .related : .new
      }
    } else {
      guard let reply = tuple.inverted else { return .invalid }
      guard let made = make(original: tuple, reply: reply, now: now) else { return .drop }
      connection = made
      if let helper = packet.template?.helper {
        made.helper = helper
        made.status.insert(.helper)
      }
      packet.state = .new
    }
    packet.connection = connection
    let result = handle(packet, connection, location, now: now)
    if result == .accept, packet.state == .establishedReply { connection.status.insert(.seenReply) }
    return result
  }

  /// Makes an unconfirmed connection, or returns nil when the table is full (kernel: `init_conntrack`).
  private func make(original: ConnectionTuple, reply: ConnectionTuple, now: UInt64) -> Connection? {
    if settings.max != 0, entries.count / 2 >= Int(settings.max) {
      removeExpired(now: now)
      if entries.count / 2 >= Int(settings.max) { return nil }
    }
    serial &+= 1
    let connection = Connection(original: original, reply: reply, serial: serial)
    connection.hasCounters = settings.acct
    return connection
  }

  /// Hands the packet to the tracker of the connection's protocol (kernel: `nf_conntrack_handle_packet`).
  private func handle(
    _ packet: borrowing PacketContext, _ connection: Connection, _ location: TransportLocation, now: UInt64
  ) -> TrackerResult {
    switch connection.original.protocolNumber {
    case .tcp: return trackTCP(packet, connection, location, now: now)
    case .udp: return trackUDP(packet, connection, location, now: now)
    case .udplite: return trackUDPLite(packet, connection, location, now: now)
    case .icmp: return trackICMP(packet, connection, now: now)
    case .sctp: return trackSCTP(packet, connection, location, now: now)
    case .gre: return trackGRE(packet, connection, now: now)
    default:
      connection.refresh(
        packet.state.direction, bytes: packet.length, seconds: settings.genericTimeout, now: now)
      return .accept
    }
  }
}

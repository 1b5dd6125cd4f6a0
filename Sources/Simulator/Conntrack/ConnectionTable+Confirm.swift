// The hooks that put a new connection into the table once its first packet has passed every rule
// (INPUT and POSTROUTING, last of all).

import NetfilterModel

extension ConnectionTable {
  /// Puts the packet's connection into the table, when it is new (kernel: `nf_confirm`, `__nf_conntrack_confirm`).
  ///
  /// - Returns: `.accept`, or `.drop` when another connection has one of its tuples and the clash cannot be resolved.
  public func confirm(_ packet: inout PacketContext) -> Verdict {
    guard let connection = packet.connection, !connection.status.contains(.confirmed) else { return .accept }
    guard packet.state.direction == .original else { return .accept }
    guard !connection.status.contains(.dying) else { return .drop }
    let now = packet.services.now
    // The kernel looks only for equal tuples here: an expired entry that nobody has removed yet still clashes.
    if let clash = insert(connection) { return resolveClash(&packet, connection, with: clash, now: now) }
    connection.timeout = connection.timeout &+ now
    connection.status.insert(.confirmed)
    return .accept
  }

  /// Puts a connection under both of its tuples, unless another has one of them, which is returned.
  private func insert(_ connection: Connection) -> Connection? {
    // Put in first and taken out again after a clash, which is rare: each look costs as much as the entry.
    let original = connection.original
    if let clash = entries.updateValue(Entry(connection: connection, direction: .original), forKey: original) {
      entries[original] = clash
      return clash.connection
    }
    let reply = connection.reply
    if let clash = entries.updateValue(Entry(connection: connection, direction: .reply), forKey: reply),
      clash.connection !== connection
    {
      entries[reply] = clash
      entries[original] = nil
      return clash.connection
    }
    return nil
  }

  /// Tries to let a packet pass whose connection clashes with one in the table (kernel: `nf_ct_resolve_clash`).
  private func resolveClash(
    _ packet: inout PacketContext, _ loser: Connection, with winner: Connection, now: UInt64
  ) -> Verdict {
    switch winner.original.protocolNumber {
    case .udp, .udplite, .gre: break
    default: return .drop
    }
    if merge(&packet, loser, into: winner) { return .accept }
    if let other = entries[loser.reply]?.connection {
      return merge(&packet, loser, into: other) ? .accept : .drop
    }
    // Only the original tuple is taken: answers find the newcomer for a second, further packets the older one.
    loser.timeout = now &+ 1_000_000_000
    loser.status.formUnion([.fixedTimeout, .natClash, .confirmed])
    entries[loser.reply] = Entry(connection: loser, direction: .reply)
    return .accept
  }

  /// Gives the packet to the connection in the table if both are the same flow, perhaps the other way round
  /// (kernel: `__nf_ct_resolve_clash`, `nf_ct_can_merge`).
  private func merge(_ packet: inout PacketContext, _ loser: Connection, into winner: Connection) -> Bool {
    let same = winner.original == loser.original && winner.reply == loser.reply
    let reversed = winner.original == loser.reply && winner.reply == loser.original
    guard same || reversed else { return false }
    let direction = packet.state.direction
    if loser.hasCounters {
      winner.account(direction, bytes: Int(clamping: loser.counters(direction).bytes))
    }
    packet.connection = winner
    return true
  }

  /// What an answer that REJECT sends is attached to: the connection of the rejected packet, as an error about it
  /// (kernel: `nf_conntrack_attach`).
  public static func attachment(of packet: borrowing PacketContext) -> (Connection?, ConnectionState) {
    guard let connection = packet.connection else { return (nil, .none) }
    return (connection, packet.state.direction == .original ? .relatedReply : .related)
  }

  /// Closes a confirmed TCP connection because REJECT resets it (kernel: `nf_conntrack_tcp_set_closing`).
  public func setClosing(_ connection: Connection, now: UInt64) {
    guard connection.status.contains(.confirmed), case .tcp(var tracking) = connection.tracking,
      connection.original.protocolNumber == .tcp
    else { return }
    let old = tracking.state
    tracking.state = .close
    connection.tracking = .tcp(tracking)
    guard old != .close, !connection.status.contains(.fixedTimeout) else { return }
    connection.setTimeout(settings.tcpTimeout(.close), now: now)
  }
}

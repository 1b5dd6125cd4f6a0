// The hooks that put a new connection into the table once its first packet has passed every rule
// (INPUT and POSTROUTING, last of all).

import NetfilterModel

extension ConnectionTable {
  /// Puts the packet's connection into the table, when it is new (kernel: `nf_confirm`, `__nf_conntrack_confirm`).
  ///
  /// - Returns: `.accept`, or `.drop` when another connection has one of its tuples and the clash cannot be resolved.
  public mutating func confirm(_ packet: inout PacketContext, now: UInt64) -> Verdict {
    guard let id = packet.connection, !with(id, { $0.pointee.status.contains(.confirmed) }) else { return .accept }
    guard packet.state.direction == .original else { return .accept }
    guard !self[id].status.contains(.dying) else { return .drop }
    // The kernel looks only for equal tuples here: an expired entry that nobody has removed yet still clashes.
    if let clash = insert(id) { return resolveClash(&packet, id, with: clash, now: now) }
    self[id].timeout = self[id].timeout &+ now
    self[id].status.insert(.confirmed)
    return .accept
  }

  /// Tries to let a packet pass whose connection clashes with one in the table (kernel: `nf_ct_resolve_clash`).
  private mutating func resolveClash(
    _ packet: inout PacketContext, _ loser: ConnectionID, with winner: ConnectionID, now: UInt64
  ) -> Verdict {
    switch self[winner].original.protocolNumber {
    case .udp, .udplite, .gre: break
    default: return .drop
    }
    if merge(&packet, loser, into: winner) { return .accept }
    if let other = insertReply(loser) { return merge(&packet, loser, into: other) ? .accept : .drop }
    // Only the original tuple is taken: answers find the newcomer for a second, further packets the older one.
    self[loser].timeout = now &+ 1_000_000_000
    self[loser].status.formUnion([.fixedTimeout, .natClash, .confirmed])
    return .accept
  }

  /// Gives the packet to the connection in the table if both are the same flow, perhaps the other way round
  /// (kernel: `__nf_ct_resolve_clash`, `nf_ct_can_merge`).
  private mutating func merge(_ packet: inout PacketContext, _ loserID: ConnectionID, into id: ConnectionID) -> Bool {
    let (loser, winner) = (self[loserID], self[id])
    let same = winner.original == loser.original && winner.reply == loser.reply
    let reversed = winner.original == loser.reply && winner.reply == loser.original
    guard same || reversed else { return false }
    let direction = packet.state.direction
    if loser.hasCounters {
      self[id].account(direction, bytes: Int(clamping: loser.counters(direction).bytes))
    }
    packet.connection = id
    // Nothing carries it any more.
    self[loserID].status.insert(.dying)
    return true
  }

  /// What an answer that REJECT sends is attached to: the connection of the rejected packet, as an error about it
  /// (kernel: `nf_conntrack_attach`).
  public static func attachment(of packet: borrowing PacketContext) -> (ConnectionID?, ConnectionState) {
    guard let connection = packet.connection else { return (nil, .none) }
    return (connection, packet.state.direction == .original ? .relatedReply : .related)
  }

  /// Closes a confirmed TCP connection because REJECT resets it (kernel: `nf_conntrack_tcp_set_closing`).
  public mutating func setClosing(_ id: ConnectionID, _ settings: ConntrackSettings, now: UInt64) {
    guard self[id].status.contains(.confirmed), case .tcp(var tracking) = self[id].tracking,
      self[id].original.protocolNumber == .tcp
    else { return }
    let old = tracking.state
    tracking.state = .close
    self[id].tracking = .tcp(tracking)
    guard old != .close, !self[id].status.contains(.fixedTimeout) else { return }
    self[id].setTimeout(settings.tcpTimeout(.close), now: now)
  }
}

// Network address translation: setting it up for a connection, and a packet's way through a nat hook.

import NetfilterModel

/// NAT as the kernel's `nf_nat_core.c` and `nf_nat_proto.c` do it.
struct NATCore {
  /// The connection table.
  let table: any NATConnectionTable
  /// The connections by source.
  let sources: NATSourceIndex

  /// Makes a NAT core that shares the table's connections.
  init(table: any NATConnectionTable, sources: NATSourceIndex = NATSourceIndex()) {
    self.table = table
    self.sources = sources
  }

  /// Which end a hook changes in the original direction (kernel: `HOOK2MANIP`).
  static func manipulation(at hook: Hook) -> NATManipulation {
    hook == .postrouting || hook == .input ? .source : .destination
  }

  /// Whether NAT of a kind was set up (kernel: `nf_nat_initialized`).
  static func isSetUp(_ connection: Connection, _ manipulation: NATManipulation) -> Bool {
    connection.status.contains(manipulation == .source ? .sourceNATDone : .destinationNATDone)
  }

  /// The tuple of the opposite direction (kernel: `nf_ct_invert_tuple`); an ICMP type without an answer stays.
  static func inverted(_ tuple: ConnectionTuple) -> ConnectionTuple {
    if let inverted = tuple.inverted { return inverted }
    var result = tuple
    result.source = tuple.destination
    result.destination = tuple.source
    return result
  }

  /// Sets NAT up for a connection: picks a tuple, alters the reply, sets the status bits (kernel: `nf_nat_setup_info`).
  ///
  /// A confirmed connection is left alone and accepted; one that already has NAT of this kind is dropped, as the kernel does.
  func setUp(
    _ connection: Connection, range: NATRange, manipulation: NATManipulation, now: UInt64, random: () -> UInt32
  ) -> NATOutcome {
    if connection.status.contains(.confirmed) { return NATOutcome(result: .accept) }
    if Self.isSetUp(connection, manipulation) { return NATOutcome(result: .drop) }
    let current = Self.inverted(connection.reply)
    let chooser = NATUniqueTuple(
      table: table, sources: sources, connection: connection,
      range: Self.resolveNetmap(range, current, manipulation), manipulation: manipulation, now: now)
    let (tuple, isByChance) = chooser.choose(current, random: random)
    if tuple != current {
      table.alterReply(connection, Self.inverted(tuple))
      connection.status.insert(manipulation == .source ? .sourceNAT : .destinationNAT)
    }
    if manipulation == .source { sources.add(connection) }
    connection.status.insert(manipulation == .source ? .sourceNATDone : .destinationNATDone)
    return NATOutcome(result: .accept, isByChance: isByChance)
  }

  /// A NETMAP range made into the one address that keeps the host part (kernel: `netmap_tg4`).
  static func resolveNetmap(
    _ range: NATRange, _ tuple: ConnectionTuple, _ manipulation: NATManipulation
  ) -> NATRange {
    guard range.isNetmap, let addresses = range.addresses else { return range }
    let old = manipulation == .source ? tuple.source : tuple.destination
    let low = addresses.lowerBound
    let high = addresses.upperBound
    let hostHigh = low.high ^ high.high
    let hostLow = low.low ^ high.low
    let new = IPAddress(
      family: low.family, high: old.high & hostHigh | low.high & ~hostHigh, low: old.low & hostLow | low.low & ~hostLow)
    var result = range
    result.addresses = new...new
    return result
  }

  /// Binds a connection to the address that it has, letting the port change if it must (kernel: `nf_nat_alloc_null_binding`).
  func allocateNullBinding(_ connection: Connection, hook: Hook, now: UInt64, random: () -> UInt32) -> NATOutcome {
    let manipulation = Self.manipulation(at: hook)
    let address = manipulation == .source ? connection.reply.destination : connection.reply.source
    var range = NATRange()
    range.addresses = address...address
    return setUp(connection, range: range, manipulation: manipulation, now: now, random: random)
  }

  /// Everything that happens at a nat hook (kernel: `nf_nat_ipv4_fn`, `nf_nat_inet_fn` and the functions around them).
  ///
  /// `walkTable` walks the chain of the nat table at the packet's hook, once, for packets whose connection has no NAT of this kind yet;
  /// a target in it sets NAT up through `setUp`. The caller keeps track of the chance that such a target met.
  func process(
    _ packet: inout PacketContext, now: UInt64, random: () -> UInt32,
    walkTable: (inout PacketContext) -> TargetResult
  ) -> NATHookOutcome {
    guard let connection = packet.connection else { return NATHookOutcome(result: .accept) }
    switch packet.state {
    case .untracked, .none: return NATHookOutcome(result: .accept)
    case .related, .relatedReply:
      if packet.header.protocolNumber == (packet.header.family == .ipv4 ? .icmp : .icmpv6) {
        let isICMPError =
          packet.header.family == .ipv4
          || packet.packet.bytes.byte(at: packet.transportOffset) < 128
        if isICMPError { return finish(&packet, connection) { translateError(&$0, connection) } }
      }
    default: break
    }

    var outcome = NATHookOutcome(result: .accept)
    let manipulation = Self.manipulation(at: packet.hook)
    let isFirst = packet.state == .new || packet.state == .related || packet.state == .relatedReply
    if isFirst, !Self.isSetUp(connection, manipulation) {
      let walked = walkTable(&packet)
      switch walked {
      case .accept, .next: break
      case .drop, .queue, .unknown: return NATHookOutcome(result: walked)
      }
      if !Self.isSetUp(connection, manipulation) {
        let bound = allocateNullBinding(connection, hook: packet.hook, now: now, random: random)
        outcome.isByChance = bound.isByChance
        if bound.result != .accept { return NATHookOutcome(result: bound.result, isByChance: bound.isByChance) }
      }
    } else if hasMovedInterface(packet, connection) {
      table.kill(connection)
      return NATHookOutcome(result: .drop)
    }
    let isByChance = outcome.isByChance
    outcome = finish(&packet, connection) { translate(&$0) }
    outcome.isByChance = isByChance
    return outcome
  }

  /// Whether a masqueraded connection now leaves through another interface (kernel: `nf_nat_oif_changed`).
  func hasMovedInterface(_ packet: PacketContext, _ connection: Connection) -> Bool {
    packet.hook == .postrouting && !connection.masqueradeInterface.isNone && packet.state.direction == .original
      && connection.masqueradeInterface != packet.output
  }

  /// Translates, and notes what routing must know of it.
  func finish(
    _ packet: inout PacketContext, _ connection: Connection, translate: (inout PacketContext) -> Verdict
  ) -> NATHookOutcome {
    let before = packet.header.destination
    guard translate(&packet) == .accept else { return NATHookOutcome(result: .drop) }
    var outcome = NATHookOutcome(result: .accept)
    switch packet.hook {
    case .prerouting: outcome.destinationChanged = packet.header.destination != before
    case .output:
      let direction = packet.state.direction
      outcome.reroutes =
        connection.tuple(direction).destination != connection.tuple(direction.opposite).source
    default: break
    }
    return outcome
  }
}

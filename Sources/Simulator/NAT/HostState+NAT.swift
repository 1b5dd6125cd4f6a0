// Setting NAT up for a connection (kernel: net/netfilter/nf_nat_core.c).

import NetfilterModel

extension HostState {
  /// Gives a connection a translation: picks a tuple, alters the reply, sets the status bits (kernel: `nf_nat_setup_info`).
  ///
  /// A confirmed connection is left alone and accepted; one that already has NAT of this kind is dropped, as the kernel does.
  mutating func setUpNAT(_ id: ConnectionID, range: NATRange, manipulation: NATManipulation) -> NATOutcome {
    let status = connections[id].status
    if status.contains(.confirmed) { return NATOutcome(isAccepted: true) }
    if NATCore.isSetUp(status, manipulation) { return NATOutcome(isAccepted: false) }
    let current = NATCore.inverted(connections[id].reply)
    let chooser = NATUniqueTuple(
      connection: id, range: NATCore.resolveNetmap(range, current, manipulation), manipulation: manipulation)
    let (tuple, isByChance) = chooser.choose(current, &self)
    if tuple != current {
      connections[id].reply = NATCore.inverted(tuple)
      connections[id].status.insert(manipulation == .source ? .sourceNAT : .destinationNAT)
    }
    if manipulation == .source { connections.noteSource(id) }
    connections[id].status.insert(manipulation == .source ? .sourceNATDone : .destinationNATDone)
    return NATOutcome(isAccepted: true, isByChance: isByChance)
  }

  /// Binds a connection that no rule translated to its own address (kernel: `__nf_nat_alloc_null_binding`).
  mutating func bindUnchanged(_ id: ConnectionID, at hook: Hook) -> NATOutcome {
    let manipulation = NATCore.manipulation(at: hook)
    let reply = connections[id].reply
    let address = manipulation == .source ? reply.destination : reply.source
    var range = NATRange()
    range.addresses = address...address
    return setUpNAT(id, range: range, manipulation: manipulation)
  }
}

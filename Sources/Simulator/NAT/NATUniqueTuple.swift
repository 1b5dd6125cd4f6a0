// Choosing the tuple that a connection is translated to.

import NetfilterModel

/// The choice of a free tuple within a range (kernel: `get_unique_tuple` of `nf_nat_core.c`).
struct NATUniqueTuple {
  /// The connection to translate, not counted as a user of its own tuples.
  let connection: ConnectionID
  /// What may be chosen.
  let range: NATRange
  /// Which end changes.
  let manipulation: NATManipulation

  /// The most ports tried in the first round (kernel: `NF_NAT_MAX_ATTEMPTS`).
  static let maximumAttempts = 128
  /// How many of the last attempts may evict a closed TCP connection (kernel: `NF_NAT_HARDER_THRESH`).
  static let harderThreshold = 32

  var isRandom: Bool { range.isRandom || range.isFullyRandom }

  /// The new tuple for `original`, which may be taken if no free one was found, and whether chance chose it.
  func choose(_ original: ConnectionTuple, _ state: inout HostState) -> (tuple: ConnectionTuple, isByChance: Bool) {
    if manipulation == .source, !isRandom {
      if isInRange(original) {
        if !isUsed(original, &state) { return (original, false) }
      } else if let tuple = existingMapping(of: original, state), !isUsed(tuple, &state) {
        return (tuple, false)
      }
    }
    var tuple = original
    if let addresses = range.addresses {
      let chosen = NATHash.choose(
        from: addresses, source: tuple.source, destination: tuple.destination,
        isDestination: manipulation == .destination, isPersistent: range.isPersistent)
      if manipulation == .source { tuple.source = chosen } else { tuple.destination = chosen }
    }
    if !isRandom {
      if let ports = range.ports {
        if range.basePort == nil, isPortInRange(tuple, ports, manipulation),
          ports.lowerBound == ports.upperBound || !isUsed(tuple, &state)
        {
          return (tuple, false)
        }
      } else if !isUsed(tuple, &state) {
        return (tuple, false)
      }
    }
    let isByChance = findPort(&tuple, &state)
    return (tuple, isByChance)
  }

  /// Whether a source mapping to `tuple` would meet the range (kernel: `nf_in_range`).
  func isInRange(_ tuple: ConnectionTuple) -> Bool {
    if let addresses = range.addresses, !addresses.contains(tuple.source) { return false }
    guard let ports = range.ports else { return true }
    return isPortInRange(tuple, ports, .source)
  }

  /// Whether the changeable key lies in `ports` (kernel: `l4proto_in_range`); protocols without ports always fit.
  func isPortInRange(_ tuple: ConnectionTuple, _ ports: ClosedRange<UInt16>, _ manipulation: NATManipulation) -> Bool {
    switch tuple.protocolNumber {
    case .icmp, .icmpv6: ports.contains(tuple.sourceKey)
    case _ where tuple.protocolNumber == .gre || tuple.protocolNumber.isTrackedByPorts:
      ports.contains(manipulation == .source ? tuple.sourceKey : tuple.destinationKey)
    default: true
    }
  }

  /// The mapping that this source already has with another destination, if it fits the range (kernel: `find_appropriate_src`).
  func existingMapping(of tuple: ConnectionTuple, _ state: borrowing HostState) -> ConnectionTuple? {
    state.connections.first(fromSourceOf: tuple) { other in
      let mapped = NATCore.inverted(other.reply)
      var result = tuple
      result.source = mapped.source
      result.sourceKey = mapped.sourceKey
      return isInRange(result) ? result : nil
    }
  }

  /// Whether another connection uses the tuple (kernel: `nf_nat_used_tuple`).
  ///
  /// The kernel's `nf_nat_used_tuple_new` differs only for packets that race each other on several processors.
  func isUsed(_ tuple: ConnectionTuple, _ state: inout HostState) -> Bool {
    state.connections.isTaken(NATCore.inverted(tuple), except: connection, now: state.now)
  }

  /// As `isUsed`, but the last attempts evict a closed TCP connection whose sequence numbers were passed (kernel: `nf_nat_used_tuple_harder`).
  func isUsed(_ tuple: ConnectionTuple, attemptsLeft: Int, _ state: inout HostState) -> Bool {
    guard attemptsLeft <= Self.harderThreshold, tuple.protocolNumber == .tcp,
      case .tcp(let own) = state.connections[connection].tracking, own.state == .synSent
    else { return isUsed(tuple, &state) }
    guard let (id, direction) = state.connections.find(NATCore.inverted(tuple), now: state.now) else { return false }
    let other = state.connections[id]
    guard direction == .reply, id != connection, case .tcp(let old) = other.tracking,
      old.state.rawValue >= TCPConnectionState.timeWait.rawValue, other.status.contains(.sourceNAT),
      other.status.isDisjoint(with: [.fixedTimeout, .dying]),
      Int32(bitPattern: own.original.end &- old.original.end) > 0
    else { return true }
    state.connections.remove(id)
    return false
  }

  /// Looks for a free port or identifier, and says whether chance decided (kernel: `nf_nat_l4proto_unique_tuple`).
  func findPort(_ tuple: inout ConnectionTuple, _ state: inout HostState) -> Bool {
    var isSource = manipulation == .source
    var first: UInt32
    var size: UInt32
    switch tuple.protocolNumber {
    case .icmp, .icmpv6:
      isSource = true
      first = UInt32(range.ports?.lowerBound ?? 0)
      size = range.ports.map { UInt32($0.upperBound) - UInt32($0.lowerBound) + 1 } ?? 65536
    case .gre:
      // without a PPTP master the key is not touched
      if state.connections[connection].expectedBy == nil { return false }
      first = UInt32(range.ports?.lowerBound ?? 1)
      size = range.ports.map { UInt32($0.upperBound) - UInt32($0.lowerBound) + 1 } ?? 65535
    case _ where tuple.protocolNumber.isTrackedByPorts:
      if let ports = range.ports {
        first = UInt32(ports.lowerBound)
        size = UInt32(ports.upperBound) - first + 1
      } else {
        // the port of a destination stays; that of a source keeps its class
        if manipulation == .destination { return false }
        switch tuple.sourceKey {
        case ..<512: (first, size) = (1, 511)
        case ..<1024: (first, size) = (600, 424)
        default: (first, size) = (1024, 64512)
        }
      }
    default: return false
    }

    let key = isSource ? tuple.sourceKey : tuple.destinationKey
    var isByChance = false
    var offset: UInt16
    if let base = range.basePort {
      offset = key &- base
    } else if isRandom || manipulation != .destination {
      offset = UInt16(truncatingIfNeeded: state.memory.random.next32())
      isByChance = size > 1
    } else {
      offset = 0
    }
    var attempts = min(Int(size), Self.maximumAttempts)
    while true {
      for index in 0..<attempts {
        let port = UInt16(truncatingIfNeeded: first &+ UInt32(offset) % size)
        if isSource { tuple.sourceKey = port } else { tuple.destinationKey = port }
        if !isUsed(tuple, attemptsLeft: attempts - index, &state) { return isByChance }
        offset &+= 1
      }
      if attempts >= Int(size) || attempts < 16 { return isByChance }
      attempts /= 2
      offset = UInt16(truncatingIfNeeded: state.memory.random.next32())
      isByChance = true
    }
  }
}

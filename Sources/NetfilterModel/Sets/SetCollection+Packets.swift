// Sets as rules ask and change them.

/// Why a packet has not what a part of an entry is made of.
private enum SetGap: Error {
  /// The packet has it not, so that no entry fits (kernel: `-EINVAL`).
  case none
  /// Nothing here knows it; why.
  case unknown(String)
}

extension SetCollection {
  /// Whether a set has what a packet shows (kernel: `ip_set_test`).
  public mutating func test(
    _ place: Int, _ packet: borrowing PacketContext, _ question: SetQuestion, now: UInt64
  ) -> SetAnswer {
    guard sets.indices.contains(place), let header = sets[place]?.header,
      isFor(packet, header, question.sources.count)
    else { return .no }
    if header.type.method == .list { return testMembers(of: place, packet, question, now: now) }
    let key: SetKey
    do throws(SetGap) { key = try SetCollection.key(of: packet, header, question.sources) } catch {
      if case .unknown(let why) = error { return .unknown(why) }
      return .no
    }
    let length = packet.length
    guard let result = sets[place]?.look(for: key, length, question, now: now) else { return .no }
    switch result {
    case .none: return .no
    case .found(let entry):
      return question.returnsNoMatch && header.type.hasNetworks ? .no : .yes(sets[place]?.info(entry))
    case .excluded(let entry):
      return question.returnsNoMatch ? .yes(sets[place]?.info(entry)) : .excluded
    }
  }

  /// Adds what a packet shows (kernel: `ip_set_add`).
  ///
  /// - Parameters:
  ///   - timeout: seconds; nil for as long as the set says.
  ///   - exists: whether an entry that is there begins anew.
  /// - Returns: why nothing here can say what becomes of it; nil otherwise.
  public mutating func add(
    _ place: Int, _ packet: borrowing PacketContext, _ sources: [Bool], timeout: UInt32?, exists: Bool, now: UInt64
  ) -> String? {
    var isDone = false
    return change(place, packet, sources, now: now, &isDone) { (set, key, length) throws(SetFault) in
      var extras = SetExtras()
      extras.timeout = set.header.timeout == nil ? nil : timeout
      if set.header.hasCounters { (extras.packets, extras.bytes) = (1, UInt64(max(0, length))) }
      try set.add(key, extras, exists: exists, now: now)
    }
  }

  /// Removes what a packet shows (kernel: `ip_set_del`).
  ///
  /// - Returns: why nothing here can say what becomes of it; nil otherwise.
  public mutating func remove(
    _ place: Int, _ packet: borrowing PacketContext, _ sources: [Bool], now: UInt64
  ) -> String? {
    var isDone = false
    return change(place, packet, sources, now: now, &isDone) { (set, key, _) throws(SetFault) in
      try set.remove(key, now: now)
    }
  }

  /// Changes a set, or the first set of a list that can be changed.
  private mutating func change(
    _ place: Int, _ packet: borrowing PacketContext, _ sources: [Bool], now: UInt64, _ isDone: inout Bool,
    _ body: (inout IPSet, SetKey, Int) throws(SetFault) -> Void
  ) -> String? {
    guard sets.indices.contains(place), let header = sets[place]?.header, isFor(packet, header, sources.count) else {
      return nil
    }
    if header.type.method == .list {
      for (_, member) in currentMembers(of: place, now: now) where !isDone {
        if self[member]?.type.method == .list { continue }
        if let why = change(member, packet, sources, now: now, &isDone, body) { return why }
      }
      return nil
    }
    var key: SetKey
    do throws(SetGap) { key = try SetCollection.key(of: packet, header, sources) } catch {
      if case .unknown(let why) = error { return why }
      return nil
    }
    guard var set = sets[place] else { return nil }
    set.narrow(&key)
    // Taken out while it is changed, so that nothing of it is copied.
    sets[place] = nil
    defer { sets[place] = set }
    do throws(SetFault) {
      try body(&set, key, packet.length)
      isDone = true
      return nil
    } catch {
      return error == .byChance ? "which entry of set `\(set.name)` goes is up to chance" : nil
    }
  }

  private func isFor(_ packet: borrowing PacketContext, _ header: SetHeader, _ dimensions: Int) -> Bool {
    dimensions >= header.type.parts.count && (header.family == nil || header.family == packet.header.family)
  }

  /// Asks the sets of a list one after the other (kernel: `list_set_ktest`).
  private mutating func testMembers(
    of place: Int, _ packet: borrowing PacketContext, _ question: SetQuestion, now: UInt64
  ) -> SetAnswer {
    var inner = question
    inner.packets = nil
    inner.bytes = nil
    if !question.countsInMembers { inner.countsPackets = false }
    for (entry, member) in currentMembers(of: place, now: now) {
      let answer = test(member, packet, inner, now: now)
      switch answer {
      case .no, .excluded: continue
      case .unknown: return answer
      case .yes:
        guard sets[place]?.counts(packet.length, at: entry, question) ?? false else { continue }
        return .yes(sets[place]?.info(entry))
      }
    }
    return .no
  }

  // MARK: What a packet shows

  /// The entry that a packet shows, each network as one address (kernel: `mtype_kadt`).
  private static func key(
    of packet: borrowing PacketContext, _ header: SetHeader, _ sources: [Bool]
  ) throws(SetGap) -> SetKey {
    var key = SetKey()
    let host = UInt8(truncatingIfNeeded: packet.header.family.addressBits)
    for (place, part) in header.type.parts.enumerated() {
      let isSource = sources[place]
      switch part {
      case .address, .singleAddress, .network:
        var address = isSource ? packet.header.source : packet.header.destination
        if place == 0 || part == .network, let mask = header.addressMask { address = address.masked(by: mask) }
        if place == 0 {
          if header.type.method == .bitmap, !header.range.contains(address.v4Bits) { throw .none }
          let isRefused =
            part == .address && header.type.method == .hash && header.type.parts.count <= 2
            && !header.type.parts.contains(.mark)
          if isRefused, address.isZero { throw .none }
          key.setAddress(address)
          if part == .network { key.prefix = host }
        } else {
          key.setSecond(address)
          if part == .network { key.secondPrefix = host }
        }
      case .protocolPort: try setPort(of: packet, isSource, &key)
      case .port:
        try setPort(of: packet, isSource, &key)
        guard key.protocolNumber == .tcp || key.protocolNumber == .udp,
          header.range.contains(UInt32(key.port))
        else { throw .none }
        key.low = UInt64(key.port)
        key.word = 0
      case .hardware: try setHardware(of: packet, isSource, header, &key)
      case .interface:
        key.interface = isSource ? packet.input : packet.output
        if key.interface.isNone { throw .none }
      case .mark: key.extra = UInt64(packet.packet.mark & header.markMask)
      case .set: throw .none
      }
    }
    return key
  }

  /// Protocol and port, or type and code (kernel: `ip_set_get_ip4_port`, `ip_set_get_ip6_port`, `get_port`).
  private static func setPort(
    of packet: borrowing PacketContext, _ isSource: Bool, _ key: inout SetKey
  ) throws(SetGap) {
    let bytes = packet.packet.bytes
    var number = packet.header.protocolNumber
    var start = packet.header.transportOffset
    if packet.header.family == .ipv6 {
      let first = IPv6HeaderPlace.first(in: bytes)
      guard let place = IPv6Extensions.skipped(from: first.offset, first.protocolNumber, in: bytes),
        place.fragmentation.offset == 0
      else { throw .none }
      number = place.protocolNumber
      start = place.offset
    } else {
      if number.rawValue == 0 { throw .none }
      if packet.header.fragmentOffset != 0 {
        switch number {
        case .tcp, .udp, .udplite, .sctp, .icmp: throw .none
        default:
          key.protocolNumber = number
          return
        }
      }
    }
    let room = bytes.count - start
    switch number {
    case .tcp, .udp, .udplite, .sctp:
      let least =
        number == .tcp ? TCPHeader.minimumLength : number == .sctp ? SCTPHeader.length : UDPHeader.length
      guard room >= least else { throw .none }
      key.port =
        isSource ? TransportPorts.source(in: bytes, at: start) : TransportPorts.destination(in: bytes, at: start)
    case .icmp, .icmpv6:
      guard room >= ICMPMessage.headerLength else { throw .none }
      key.port = ICMPMessage.typeAndCode(in: bytes, at: start)
    default: break
    }
    key.protocolNumber = number
  }

  /// The hardware address (kernel: `bitmap_ipmac_kadt`, `hash_mac4_kadt`).
  private static func setHardware(
    of packet: borrowing PacketContext, _ isSource: Bool, _ header: SetHeader, _ key: inout SetKey
  ) throws(SetGap) {
    guard let address = packet.packet.sourceMAC, address.count == 6 else { throw .none }
    guard isSource else { throw .unknown("the hardware address that a packet was sent to is not known here") }
    key.extra = address.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if header.type.method == .hash, key.extra == 0 { throw .none }
    if header.type.isLastPartOptional { key.set(SetKey.Flag.hasHardware) }
  }
}

extension IPSet {
  /// What an entry gives to packets; nil for nothing.
  func info(_ place: Int) -> SetPacketInfo? { infos.indices.contains(place) ? infos[place] : nil }

  /// Looks for what a packet shows, and counts it.
  mutating func look(for key: SetKey, _ length: Int, _ question: SetQuestion, now: UInt64) -> SetLookup {
    if table.rule == .addressOnly, let place = table.place(of: key) {
      if !table.keys[place].has(SetKey.Flag.hasHardware) {
        // The entry learns the hardware address (kernel: `ip_set_test`, `-EAGAIN`).
        var extras = SetExtras()
        if header.hasCounters { (extras.packets, extras.bytes) = (1, UInt64(max(0, length))) }
        do throws(SetFault) { try add(key, extras, exists: false, now: now) } catch { return .none }
        return .found(place)
      }
      if table.keys[place].extra != key.extra { return .none }
    }
    return lookUp(key, now: now) { set, place in set.counts(length, at: place, question) }
  }

  /// Makes the networks of a key as long as the set's longest, as a rule adds and removes them (kernel: `INIT_CIDR`).
  func narrow(_ key: inout SetKey) {
    let family = header.family ?? .ipv4
    let isFirst = type.parts[0] == .network
    for (place, part) in type.parts.enumerated() where part == .network {
      let length = (place > 0 && isFirst ? secondPrefixes : prefixes).lengths.first ?? hostLength
      let mask = IPAddress.prefixMask(Int(length), family: family)
      if place == 0 {
        key.setAddress(key.address(family).masked(by: mask))
        key.prefix = length
      } else {
        key.setSecond(key.second(family).masked(by: mask))
        key.secondPrefix = length
      }
    }
  }
}

extension SetCollection {
  /// What a packet shows of the parts that a set has, for people (`192.0.2.1,tcp:80`).
  public func shown(_ place: Int, _ packet: borrowing PacketContext, _ sources: [Bool]) -> String {
    guard let header = self[place]?.header else { return "" }
    var words: [String] = []
    for (index, part) in header.type.parts.enumerated() where sources.indices.contains(index) {
      let isSource = sources[index]
      switch part {
      case .address, .singleAddress, .network:
        words.append("\(isSource ? packet.header.source : packet.header.destination)")
      case .protocolPort, .port:
        let ports = TransportPorts.ends(in: packet.packet.bytes, packet.header)
        let port = ports.map { ":\(isSource ? $0.source : $0.destination)" } ?? ""
        words.append("\(packet.header.protocolNumber)\(port)")
      case .interface: words.append((isSource ? packet.input : packet.output).description)
      case .mark: words.append("0x" + String(packet.packet.mark, radix: 16))
      case .hardware: words.append("the hardware address")
      case .set: return "the packet"
      }
    }
    return words.joined(separator: ",")
  }
}

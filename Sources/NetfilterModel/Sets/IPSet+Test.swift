// Whether a set has what a packet shows, with the most specific network first.

/// What became of a look at the entries.
enum SetLookup {
  case none
  case found(Int)
  case excluded(Int)
}

extension IPSet {
  /// Looks for a key whose networks are addresses, under every prefix length that the set has (kernel:
  /// `mtype_test_cidrs`); `matches` may refuse an entry, and may change what is counted.
  mutating func lookUp(
    _ key: SetKey, now: UInt64, _ matches: (inout IPSet, Int) -> Bool
  ) -> SetLookup {
    guard header.type.hasNetworks else { return lookUpExactly(key, now: now, matches).result }
    let isFirst = header.type.parts[0] == .network
    let hasTwo = isFirst && header.type.parts.dropFirst().contains(.network)
    let family = header.family ?? .ipv4
    let address = isFirst ? key.address(family) : key.second(family)
    var asked = key
    for place in prefixes.lengths.indices {
      let length = prefixes.lengths[place]
      let network = address.masked(by: .prefixMask(Int(length), family: family))
      if isFirst {
        asked.setAddress(network)
        asked.prefix = length
      } else {
        asked.setSecond(network)
        asked.secondPrefix = length
      }
      if hasTwo {
        for second in secondPrefixes.lengths.indices {
          asked.secondPrefix = secondPrefixes.lengths[second]
          asked.setSecond(
            key.second(family).masked(by: .prefixMask(Int(asked.secondPrefix), family: family)))
          let (result, _) = lookUpExactly(asked, now: now, matches)
          if case .none = result { continue }
          return result
        }
        continue
      }
      let (result, isOver) = lookUpExactly(asked, now: now, matches)
      if case .none = result, !isOver { continue }
      return result
    }
    return .none
  }

  /// Looks for a key as it is; and whether no shorter prefix is tried, as an entry has the network and another interface.
  mutating func lookUpExactly(
    _ key: SetKey, now: UInt64, _ matches: (inout IPSet, Int) -> Bool
  ) -> (result: SetLookup, isOver: Bool) {
    guard table.rule == .interface else {
      guard let place = table.place(of: key), !isExpired(place, now: now), matches(&self, place) else {
        return (.none, false)
      }
      return (table.keys[place].has(SetKey.Flag.noMatch) ? .excluded(place) : .found(place), false)
    }
    var isOver = false
    for place in table.alike(key) where !isExpired(place, now: now) {
      isOver = true
      guard table.rule.isInterfaceEqual(table.keys[place], key) else { continue }
      if matches(&self, place) {
        return (table.keys[place].has(SetKey.Flag.noMatch) ? .excluded(place) : .found(place), true)
      }
      isOver = false
    }
    return (.none, isOver)
  }

  /// Whether the entry at a place passes what is asked of its counters, after it counted the packet (kernel:
  /// `ip_set_match_extensions`).
  mutating func counts(_ length: Int, at place: Int, _ question: SetQuestion) -> Bool {
    guard header.hasCounters, counters.indices.contains(place) else { return true }
    if question.countsPackets {
      counters[place].packets &+= 1
      counters[place].bytes &+= UInt64(max(0, length))
    }
    return question.packets?.holds(counters[place].packets) ?? true
      && question.bytes?.holds(counters[place].bytes) ?? true
  }
}

// The options of a received IPv4 header: checked, written to in place, and remembered for the rest of the way
// (kernel: `__ip_options_compile`, RFC 791 §3.1).

import NetfilterModel

/// What the host remembers about the options of a packet (kernel: `struct ip_options`); places are offsets in the packet, 0 is none.
struct IPOptions: Hashable {
  /// The length of all options in bytes; 0 also for packets whose options nobody has looked at (those of raw sockets).
  var length = 0
  /// The source route, loose or strict.
  var sourceRoute = 0
  /// The record route option.
  var recordRoute = 0
  /// The timestamp option.
  var timestamp = 0
  /// The commercial security option.
  var cipso = 0
  /// The source route is a strict one.
  var isStrict = false
  /// The source route names a next hop that is not this host (kernel: `srr_is_hit`).
  var isSourceRouteHit = false
  /// That next hop.
  var nextHop: IPAddress = .any(.ipv4)
  /// The record route option has an address slot taken that the outgoing side writes.
  var recordsAddress = false
  /// The same for the address of a timestamp.
  var stampsAddress = false
  /// A timestamp was, or is to be, written.
  var stampsTime = false
  /// The header checksum does not count the changes yet.
  var isChanged = false

  /// Why the options end a packet.
  enum Fault: Hashable {
    /// A byte is wrong; its offset in the packet, as an ICMP parameter problem names it.
    case malformed(pointer: Int)
    /// The time of day has to be written, and nobody knows it.
    case unknownTime
  }

  /// What the host writes into options.
  struct Surroundings {
    /// The address of this host that the packet's sender would use (kernel: `fib_compute_spec_dst`).
    var ownAddress: () -> IPAddress
    /// Whether an address is neither the host's own nor a broadcast or multicast.
    var isUnicast: (IPAddress) -> Bool
    /// Milliseconds since midnight UTC, or nil when nobody knows.
    var timeOfDay: UInt32?
  }

  /// Checks the options of a header that ends at `end`, and writes addresses and times where they ask for it.
  ///
  /// The changes and what was found stay when an option is malformed: the answer shows both.
  mutating func compile(_ bytes: inout [UInt8], end: Int, _ surroundings: Surroundings) -> Fault? {
    let end = min(end, bytes.count)
    length = max(0, end - IPv4Header.minimumLength)
    var place = IPv4Header.minimumLength
    while place < end {
      let kind = IPv4Option.kind(in: bytes, at: place)
      if kind == .noOperation {
        place += 1
        continue
      }
      if kind == .end {
        for index in place + 1..<max(end, place + 1) where bytes[index] != IPv4OptionKind.end.rawValue {
          bytes[index] = IPv4OptionKind.end.rawValue
          isChanged = true
        }
        return nil
      }
      guard end - place >= IPv4Option.headerLength else { return .malformed(pointer: place) }
      let size = IPv4Option.length(in: bytes, at: place)
      guard size >= IPv4Option.headerLength, size <= end - place else { return .malformed(pointer: place) }
      let fault: Fault?
      switch kind {
      case .looseSourceRoute, .strictSourceRoute: fault = compileSourceRoute(bytes, place, size)
      case .recordRoute: fault = compileRecordRoute(&bytes, place, size, surroundings)
      case .timestamp: fault = compileTimestamp(&bytes, place, size, surroundings)
      case .routerAlert:
        fault = size < IPv4Option.routerAlertLength ? .malformed(pointer: IPv4Option.lengthPlace(place)) : nil
      case .cipso: fault = compileCIPSO(place, size)
      default: fault = nil
      }
      if let fault { return fault }
      place += size
    }
    return nil
  }

  private mutating func compileSourceRoute(_ bytes: [UInt8], _ place: Int, _ size: Int) -> Fault? {
    if size < IPv4Option.routeLength { return .malformed(pointer: IPv4Option.lengthPlace(place)) }
    if IPv4Option.pointer(in: bytes, at: place) < IPv4Option.routePointer {
      return .malformed(pointer: IPv4Option.pointerPlace(place))
    }
    if sourceRoute != 0 { return .malformed(pointer: place) }
    isStrict = IPv4Option.kind(in: bytes, at: place) == .strictSourceRoute
    sourceRoute = place
    return nil
  }

  private mutating func compileRecordRoute(
    _ bytes: inout [UInt8], _ place: Int, _ size: Int, _ surroundings: Surroundings
  ) -> Fault? {
    if recordRoute != 0 { return .malformed(pointer: place) }
    if size < IPv4Option.routeLength { return .malformed(pointer: IPv4Option.lengthPlace(place)) }
    let pointer = IPv4Option.pointer(in: bytes, at: place)
    if pointer < IPv4Option.routePointer { return .malformed(pointer: IPv4Option.pointerPlace(place)) }
    if pointer <= size {
      if pointer + 3 > size { return .malformed(pointer: IPv4Option.pointerPlace(place)) }
      IPv4Option.setWord(surroundings.ownAddress().v4Bits, in: &bytes, at: place, pointer: pointer)
      IPv4Option.setPointer(pointer + IPv4Option.wordLength, in: &bytes, at: place)
      isChanged = true
      recordsAddress = true
    }
    recordRoute = place
    return nil
  }

  private mutating func compileTimestamp(
    _ bytes: inout [UInt8], _ place: Int, _ size: Int, _ surroundings: Surroundings
  ) -> Fault? {
    if timestamp != 0 { return .malformed(pointer: place) }
    if size < IPv4Option.timestampLength { return .malformed(pointer: IPv4Option.lengthPlace(place)) }
    let pointer = IPv4Option.pointer(in: bytes, at: place)
    if pointer < IPv4Option.timestampPointer { return .malformed(pointer: IPv4Option.pointerPlace(place)) }
    let request = IPv4Option.timestampRequest(in: bytes, at: place)
    if pointer > size {
      // no room: the overflow counter goes up, but not for prespecified addresses
      if request != .prespecified {
        if IPv4Option.overflow(in: bytes, at: place) == 15 {
          return .malformed(pointer: IPv4Option.timestampFlagsPlace(place))
        }
        IPv4Option.countOverflow(in: &bytes, at: place)
        isChanged = true
      }
      timestamp = place
      return nil
    }
    if pointer + 3 > size { return .malformed(pointer: IPv4Option.pointerPlace(place)) }
    var timePointer: Int?
    switch request {
    case .time:
      timePointer = pointer
    case .addressAndTime, .prespecified:
      if pointer + 7 > size { return .malformed(pointer: IPv4Option.pointerPlace(place)) }
      if request == .addressAndTime {
        IPv4Option.setWord(surroundings.ownAddress().v4Bits, in: &bytes, at: place, pointer: pointer)
        stampsAddress = true
        timePointer = pointer + IPv4Option.wordLength
      } else if !surroundings.isUnicast(.v4(IPv4Option.word(in: bytes, at: place, pointer: pointer))) {
        timePointer = pointer + IPv4Option.wordLength
      }
    default: break
    }
    if let timePointer {
      guard let time = surroundings.timeOfDay else { return .unknownTime }
      IPv4Option.setWord(time, in: &bytes, at: place, pointer: timePointer)
      IPv4Option.setPointer(timePointer + IPv4Option.wordLength, in: &bytes, at: place)
      stampsTime = true
      isChanged = true
    }
    timestamp = place
    return nil
  }

  /// No domain of interpretation is configured, so that each one is unknown (kernel: `cipso_v4_validate`).
  private mutating func compileCIPSO(_ place: Int, _ size: Int) -> Fault? {
    if cipso != 0 { return .malformed(pointer: place) }
    cipso = place
    return .malformed(
      pointer: size < IPv4Option.cipsoLength ? IPv4Option.lengthPlace(place) : IPv4Option.pointerPlace(place))
  }
}

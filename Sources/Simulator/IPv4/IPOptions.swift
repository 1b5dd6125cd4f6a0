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

  /// The option numbers, with their class and copy bits.
  enum Kind {
    static let end: UInt8 = 0
    static let noOperation: UInt8 = 1
    static let recordRoute: UInt8 = 7
    static let timestamp: UInt8 = 68
    static let looseSourceRoute: UInt8 = 131
    static let cipso: UInt8 = 134
    static let strictSourceRoute: UInt8 = 137
    static let routerAlert: UInt8 = 148
  }

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
    length = max(0, end - 20)
    var place = 20
    while place < end {
      let kind = bytes.byte(at: place)
      if kind == Kind.noOperation {
        place += 1
        continue
      }
      if kind == Kind.end {
        for index in place + 1..<max(end, place + 1) where bytes.byte(at: index) != Kind.end {
          bytes.setByte(Kind.end, at: index)
          isChanged = true
        }
        return nil
      }
      guard end - place >= 2 else { return .malformed(pointer: place) }
      let size = Int(bytes.byte(at: place + 1))
      guard size >= 2, size <= end - place else { return .malformed(pointer: place) }
      let fault: Fault?
      switch kind {
      case Kind.looseSourceRoute, Kind.strictSourceRoute: fault = compileSourceRoute(bytes, place, size)
      case Kind.recordRoute: fault = compileRecordRoute(&bytes, place, size, surroundings)
      case Kind.timestamp: fault = compileTimestamp(&bytes, place, size, surroundings)
      case Kind.routerAlert: fault = size < 4 ? .malformed(pointer: place + 1) : nil
      case Kind.cipso: fault = compileCIPSO(place, size)
      default: fault = nil
      }
      if let fault { return fault }
      place += size
    }
    return nil
  }

  private mutating func compileSourceRoute(_ bytes: [UInt8], _ place: Int, _ size: Int) -> Fault? {
    if size < 3 { return .malformed(pointer: place + 1) }
    if bytes.byte(at: place + 2) < 4 { return .malformed(pointer: place + 2) }
    if sourceRoute != 0 { return .malformed(pointer: place) }
    isStrict = bytes.byte(at: place) == Kind.strictSourceRoute
    sourceRoute = place
    return nil
  }

  private mutating func compileRecordRoute(
    _ bytes: inout [UInt8], _ place: Int, _ size: Int, _ surroundings: Surroundings
  ) -> Fault? {
    if recordRoute != 0 { return .malformed(pointer: place) }
    if size < 3 { return .malformed(pointer: place + 1) }
    let pointer = Int(bytes.byte(at: place + 2))
    if pointer < 4 { return .malformed(pointer: place + 2) }
    if pointer <= size {
      if pointer + 3 > size { return .malformed(pointer: place + 2) }
      bytes.setUInt32(surroundings.ownAddress().v4Bits, at: place + pointer - 1)
      bytes.setByte(UInt8(truncatingIfNeeded: pointer + 4), at: place + 2)
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
    if size < 4 { return .malformed(pointer: place + 1) }
    let pointer = Int(bytes.byte(at: place + 2))
    if pointer < 5 { return .malformed(pointer: place + 2) }
    let flags = bytes.byte(at: place + 3)
    if pointer > size {
      // no room: the overflow counter goes up, but not for prespecified addresses
      if flags & 0xf != 3 {
        if flags >> 4 == 15 { return .malformed(pointer: place + 3) }
        bytes.setByte(flags &+ 0x10, at: place + 3)
        isChanged = true
      }
      timestamp = place
      return nil
    }
    if pointer + 3 > size { return .malformed(pointer: place + 2) }
    var timePlace: Int?
    switch flags & 0xf {
    case 0:
      timePlace = place + pointer - 1
    case 1, 3:
      if pointer + 7 > size { return .malformed(pointer: place + 2) }
      if flags & 0xf == 1 {
        bytes.setUInt32(surroundings.ownAddress().v4Bits, at: place + pointer - 1)
        stampsAddress = true
        timePlace = place + pointer + 3
      } else if !surroundings.isUnicast(.v4(bytes.uint32(at: place + pointer - 1))) {
        timePlace = place + pointer + 3
      }
    default: break
    }
    if let timePlace {
      guard let time = surroundings.timeOfDay else { return .unknownTime }
      bytes.setUInt32(time, at: timePlace)
      bytes.setByte(UInt8(truncatingIfNeeded: pointer + (flags & 0xf == 0 ? 4 : 8)), at: place + 2)
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
    return .malformed(pointer: size < 8 ? place + 1 : place + 2)
  }
}

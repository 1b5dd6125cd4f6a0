// The options of an answer, made from those of the packet that it answers
// (kernel: `__ip_options_echo`, `ip_options_build`).

import NetfilterModel

/// The options of an answer: record route, timestamp and CIPSO copied, the source route turned round.
struct EchoedOptions: Hashable {
  /// What the answer has, with offsets in the answer.
  var options = IPOptions()
  /// The options' bytes, a multiple of four.
  var bytes: [UInt8] = []
  /// Where a source route sends the answer first, or nil without one.
  var firstHop: IPAddress?

  /// No options.
  init() {}

  /// The options that answer those of a packet, or nil when the kernel gives up and sends nothing.
  ///
  /// It gives up where the room behind an option's pointer is no whole address.
  init?(_ packet: [UInt8], _ source: IPOptions, isUnicast: (IPAddress) -> Bool) {
    if source.length == 0 { return }
    if source.recordRoute != 0 {
      options.recordRoute = 20 + bytes.count
      var option = EchoedOptions.option(packet, at: source.recordRoute)
      let pointer = Int(option.byte(at: 2))
      if source.recordsAddress, pointer <= option.count {
        if pointer + 3 > option.count { return nil }
        option.setByte(UInt8(truncatingIfNeeded: pointer + 4), at: 2)
        options.recordsAddress = true
      }
      bytes += option
    }
    if source.timestamp != 0, !echoTimestamp(packet, source, isUnicast) { return nil }
    if source.sourceRoute != 0 { echoSourceRoute(packet, source) }
    if source.cipso != 0 {
      options.cipso = 20 + bytes.count
      bytes += EchoedOptions.option(packet, at: source.cipso)
    }
    while bytes.count & 3 != 0 { bytes.append(IPOptions.Kind.end) }
    options.length = bytes.count
  }

  private static func option(_ packet: [UInt8], at place: Int) -> [UInt8] {
    let end = min(packet.count, place + Int(packet.byte(at: place + 1)))
    return place < end ? Array(packet[place..<end]) : []
  }

  private mutating func echoTimestamp(_ packet: [UInt8], _ source: IPOptions, _ isUnicast: (IPAddress) -> Bool) -> Bool
  {
    options.timestamp = 20 + bytes.count
    var option = EchoedOptions.option(packet, at: source.timestamp)
    var pointer = Int(option.byte(at: 2))
    if pointer <= option.count {
      if source.stampsAddress {
        if pointer + 3 > option.count { return false }
        options.stampsAddress = true
        pointer += 4
      }
      if source.stampsTime {
        if pointer + 3 > option.count { return false }
        if option.byte(at: 3) & 0xf != 3 {
          options.stampsTime = true
          pointer += 4
        } else if pointer + 7 <= option.count, !isUnicast(.v4(option.uint32(at: pointer - 1))) {
          options.stampsTime = true
          pointer += 8
        }
      }
      option.setByte(UInt8(truncatingIfNeeded: pointer), at: 2)
    }
    bytes += option
    return true
  }

  /// The hops that were passed, in reverse; the last of them is the first of the way back, and the packet's source the end.
  private mutating func echoSourceRoute(_ packet: [UInt8], _ source: IPOptions) {
    let option = EchoedOptions.option(packet, at: source.sourceRoute)
    var pointer = min(Int(option.byte(at: 2)), option.count + 1) - 4
    guard pointer > 3 else { return }
    let first = option.uint32(at: pointer - 1)
    var hops: [UInt32] = []
    pointer -= 4
    while pointer > 3 {
      hops.append(option.uint32(at: pointer - 1))
      pointer -= 4
    }
    // a route that begins with the source itself is mended (RFC 1812 §5.2.4.1)
    var count = hops.count + 1
    if packet.uint32(at: 12) == option.uint32(at: pointer + 3) { count -= 1 }
    guard count > 0 else { return }
    firstHop = .v4(first)
    options.sourceRoute = 20 + bytes.count
    options.isStrict = source.isStrict
    var echoed: [UInt8] = [option.byte(at: 0), UInt8(truncatingIfNeeded: count * 4 + 3), 4]
    echoed += [UInt8](repeating: 0, count: count * 4)
    for (index, hop) in hops.prefix(count - 1).enumerated() { echoed.setUInt32(hop, at: 3 + index * 4) }
    echoed.setUInt32(packet.uint32(at: 12), at: 3 + (count - 1) * 4)
    bytes += echoed
  }

  /// The bytes with this host's address and the time filled in, or nil when the time is asked for and unknown.
  func filled(source: IPAddress, timeOfDay: UInt32?) -> [UInt8]? {
    var bytes = bytes
    if options.recordsAddress {
      let place = options.recordRoute - 20
      bytes.setUInt32(source.v4Bits, at: place + Int(bytes.byte(at: place + 2)) - 5)
    }
    let place = options.timestamp - 20
    if options.stampsAddress {
      bytes.setUInt32(source.v4Bits, at: place + Int(bytes.byte(at: place + 2)) - 9)
    }
    if options.stampsTime {
      guard let timeOfDay else { return nil }
      bytes.setUInt32(timeOfDay, at: place + Int(bytes.byte(at: place + 2)) - 5)
    }
    return bytes
  }
}

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
      options.recordRoute = IPv4Header.minimumLength + bytes.count
      var option = EchoedOptions.option(packet, at: source.recordRoute)
      let pointer = IPv4Option.pointer(in: option, at: 0)
      if source.recordsAddress, pointer <= option.count {
        if pointer + 3 > option.count { return nil }
        IPv4Option.setPointer(pointer + IPv4Option.wordLength, in: &option, at: 0)
        options.recordsAddress = true
      }
      bytes += option
    }
    if source.timestamp != 0, !echoTimestamp(packet, source, isUnicast) { return nil }
    if source.sourceRoute != 0 { echoSourceRoute(packet, source) }
    if source.cipso != 0 {
      options.cipso = IPv4Header.minimumLength + bytes.count
      bytes += EchoedOptions.option(packet, at: source.cipso)
    }
    while bytes.count & 3 != 0 { bytes.append(IPv4OptionKind.end.rawValue) }
    options.length = bytes.count
  }

  private static func option(_ packet: [UInt8], at place: Int) -> [UInt8] {
    let end = min(packet.count, place + IPv4Option.length(in: packet, at: place))
    return place < end ? Array(packet[place..<end]) : []
  }

  private mutating func echoTimestamp(_ packet: [UInt8], _ source: IPOptions, _ isUnicast: (IPAddress) -> Bool) -> Bool
  {
    options.timestamp = IPv4Header.minimumLength + bytes.count
    var option = EchoedOptions.option(packet, at: source.timestamp)
    var pointer = IPv4Option.pointer(in: option, at: 0)
    if pointer <= option.count {
      if source.stampsAddress {
        if pointer + 3 > option.count { return false }
        options.stampsAddress = true
        pointer += IPv4Option.wordLength
      }
      if source.stampsTime {
        if pointer + 3 > option.count { return false }
        if IPv4Option.timestampRequest(in: option, at: 0) != .prespecified {
          options.stampsTime = true
          pointer += IPv4Option.wordLength
        } else if pointer + 7 <= option.count, !isUnicast(.v4(IPv4Option.word(in: option, at: 0, pointer: pointer))) {
          options.stampsTime = true
          pointer += 2 * IPv4Option.wordLength
        }
      }
      IPv4Option.setPointer(pointer, in: &option, at: 0)
    }
    bytes += option
    return true
  }

  /// The hops that were passed, in reverse; the last of them is the first of the way back, and the packet's source the end.
  private mutating func echoSourceRoute(_ packet: [UInt8], _ source: IPOptions) {
    let option = EchoedOptions.option(packet, at: source.sourceRoute)
    let step = IPv4Option.wordLength
    var pointer = min(IPv4Option.pointer(in: option, at: 0), option.count + 1) - step
    guard pointer >= IPv4Option.routePointer else { return }
    let first = IPv4Option.word(in: option, at: 0, pointer: pointer)
    var hops: [UInt32] = []
    pointer -= step
    while pointer >= IPv4Option.routePointer {
      hops.append(IPv4Option.word(in: option, at: 0, pointer: pointer))
      pointer -= step
    }
    // a route that begins with the source itself is mended (RFC 1812 §5.2.4.1)
    let origin = IPv4Header.source(in: packet, at: 0).v4Bits
    if origin == IPv4Option.word(in: option, at: 0, pointer: pointer + step) {
      if hops.isEmpty { return }
      hops.removeLast()
    }
    firstHop = .v4(first)
    options.sourceRoute = IPv4Header.minimumLength + bytes.count
    options.isStrict = source.isStrict
    bytes += IPv4Option.route(IPv4Option.kind(in: option, at: 0), hops + [origin])
  }

  /// The bytes with this host's address and the time filled in, or nil when the time is asked for and unknown.
  func filled(source: IPAddress, timeOfDay: UInt32?) -> [UInt8]? {
    var bytes = bytes
    if options.recordsAddress {
      write(source.v4Bits, into: &bytes, at: options.recordRoute, wordsBack: 1)
    }
    if options.stampsAddress { write(source.v4Bits, into: &bytes, at: options.timestamp, wordsBack: 2) }
    if options.stampsTime {
      guard let timeOfDay else { return nil }
      write(timeOfDay, into: &bytes, at: options.timestamp, wordsBack: 1)
    }
    return bytes
  }

  /// Writes a word that lies before the pointer of the option whose offset in the answer is `place`.
  private func write(_ word: UInt32, into bytes: inout [UInt8], at place: Int, wordsBack: Int) {
    let place = place - IPv4Header.minimumLength
    let pointer = IPv4Option.pointer(in: bytes, at: place) - wordsBack * IPv4Option.wordLength
    IPv4Option.setWord(word, in: &bytes, at: place, pointer: pointer)
  }
}

// The table of -m hashlimit: a token bucket for each flow, which all rules of a family with its name share.

/// The flows of a name with their credits (kernel: `struct xt_hashlimit_htable`).
public struct HashlimitTable: Hashable, Sendable {
  /// What makes a flow (kernel: `struct dsthash_dst`); parts that the mode leaves out are zero.
  struct Flow: Hashable {
    var sourceHigh: UInt64 = 0
    var sourceLow: UInt64 = 0
    var destinationHigh: UInt64 = 0
    var destinationLow: UInt64 = 0
    var sourcePort: UInt16 = 0
    var destinationPort: UInt16 = 0
  }

  /// A token bucket (kernel: `struct dsthash_ent`); times in jiffies.
  struct Bucket: Hashable {
    var expires: UInt64
    var previous: UInt64
    var credit: UInt64 = 0
    /// The most credit; in the byte mode, how often it may still be filled up.
    var creditCap: UInt64 = 0
    var cost: UInt64 = 0
    var rate: UInt64 = 0
    var burst: UInt64 = 0
    var currentRate: UInt64 = 0
    var wasAbove = false
  }

  /// What charging a packet came to.
  enum Outcome {
    /// Within the rate.
    case below
    /// Above the rate.
    case above
    /// There is no room for another flow.
    case full
    /// Rules with one name disagree about `--hashlimit-rate-match`; the kernel then reads one's numbers as the other's.
    case mixed
  }

  /// Credits a jiffy for packets: the greatest power of two with which a day fits 64 bits (kernel: `CREDITS_PER_JIFFY`).
  static let creditsPerJiffy = powerOfTwo(below: .max / (KernelClock.hertz * 86400))
  /// Credits a jiffy for bytes: the greatest power of two with which a second fits 32 bits (kernel: `CREDITS_PER_JIFFY_BYTES`).
  static let creditsPerJiffyBytes = powerOfTwo(below: 0xffff_ffff / KernelClock.hertz)
  static let fullBytes = creditsPerJiffyBytes * KernelClock.hertz

  static func powerOfTwo(below value: UInt64) -> UInt64 { 1 << UInt64(63 - value.leadingZeroBitCount) }

  /// The configuration of the first rule with the name.
  let configuration: HashlimitConfiguration
  /// The most flows.
  let maximum: Int
  private let created: UInt64
  private var collected: UInt64
  private var buckets: [Flow: Bucket] = [:]

  /// Makes an empty table; `now` is in jiffies.
  init(_ configuration: HashlimitConfiguration, now: UInt64) {
    self.configuration = configuration
    // The kernel's choice for machines with more than 1 GiB of memory.
    let size = configuration.size == 0 ? 8192 : Int(configuration.size)
    maximum = configuration.maximum == 0 ? 8 * size : max(size, Int(configuration.maximum))
    created = now
    collected = now
  }

  /// The number of flows that are remembered.
  var count: Int { buckets.count }

  /// The credits that a time stands for (kernel: `user2credits`).
  static func credits(_ time: UInt64) -> UInt64 {
    time &* (KernelClock.hertz * creditsPerJiffy / HashlimitRate.scale)
  }

  /// The credits that 16 bytes cost (kernel: `user2credits_byte`).
  static func byteCost(_ average: UInt64) -> UInt64 {
    (UInt64(UInt32(truncatingIfNeeded: average)) &* fullBytes) >> 32
  }

  /// The flow of a packet, or nil when its ports cannot be read (kernel: `hashlimit_init_dst`). Fragments are read as they are.
  func flow(of packet: borrowing PacketContext) -> Flow? {
    let mode = configuration.mode
    let header = packet.header
    var flow = Flow()
    if mode.contains(.destinationAddress) {
      let mask = IPAddress.prefixMask(Int(configuration.destinationMask), family: header.family)
      flow.destinationHigh = header.destination.high & mask.high
      flow.destinationLow = header.destination.low & mask.low
    }
    if mode.contains(.sourceAddress) {
      let mask = IPAddress.prefixMask(Int(configuration.sourceMask), family: header.family)
      flow.sourceHigh = header.source.high & mask.high
      flow.sourceLow = header.source.low & mask.low
    }
    guard !mode.isDisjoint(with: [.sourcePort, .destinationPort]) else { return flow }
    var (number, transport) = (header.protocolNumber, header.transportOffset)
    if header.family == .ipv6 {
      let bytes = packet.packet.bytes
      guard
        let place = IPv6Extensions.skipped(
          from: IPv6Header.length, IPv6Header.nextHeader(in: bytes, at: 0), in: bytes)
      else { return nil }
      (number, transport) = (place.protocolNumber, place.offset)
    }
    guard let offset = TransportPorts.offset(in: number) else { return flow }
    guard packet.packet.bytes.count - transport >= offset + TransportPorts.length else { return nil }
    let start = transport + offset
    if mode.contains(.sourcePort) { flow.sourcePort = TransportPorts.source(in: packet.packet.bytes, at: start) }
    if mode.contains(.destinationPort) {
      flow.destinationPort = TransportPorts.destination(in: packet.packet.bytes, at: start)
    }
    return flow
  }

  /// Charges a packet of `length` bytes to its flow at a time in jiffies (kernel: `hashlimit_mt_common`).
  mutating func charge(_ flow: Flow, _ rule: HashlimitConfiguration, length: Int, now: UInt64) -> Outcome {
    guard rule.mode.contains(.rateMatch) == configuration.mode.contains(.rateMatch) else { return .mixed }
    collect(now)
    var bucket: Bucket
    if let found = buckets[flow] {
      bucket = found
      refill(&bucket, now)
    } else {
      guard buckets.count < maximum else { return .full }
      bucket = newBucket(now)
    }
    bucket.expires = now &+ KernelClock.jiffies(milliseconds: configuration.expiry)
    defer { buckets[flow] = bucket }
    if rule.mode.contains(.rateMatch) {
      bucket.currentRate &+= rule.mode.contains(.bytes) ? UInt64(length) : 1
      return !bucket.wasAbove && bucket.currentRate <= bucket.burst ? .below : .above
    }
    var cost = bucket.cost
    if rule.mode.contains(.bytes) {
      let chunks = UInt64(length) >> 4 &+ 1
      cost = min(chunks &* bucket.cost, Self.fullBytes)
      if bucket.credit < cost, bucket.creditCap > 0 {
        bucket.creditCap &-= 1
        bucket.credit = Self.fullBytes
      }
    }
    guard bucket.credit >= cost else { return .above }
    bucket.credit &-= cost
    return .below
  }

  /// A full bucket (kernel: `rateinfo_init`).
  private func newBucket(_ now: UInt64) -> Bucket {
    var bucket = Bucket(expires: now, previous: now)
    let isBytes = configuration.mode.contains(.bytes)
    if configuration.mode.contains(.rateMatch) {
      if isBytes {
        bucket.rate = HashlimitRate.bytes(cost: configuration.average & 0xffff_ffff)
        bucket.burst = configuration.burst == 0 ? bucket.rate : configuration.burst &* bucket.rate
      } else {
        bucket.rate = configuration.average == 0 ? 0 : HashlimitRate.scale / configuration.average
        bucket.burst = configuration.burst &+ bucket.rate
      }
    } else if isBytes {
      bucket.credit = Self.fullBytes
      bucket.cost = Self.byteCost(configuration.average)
      bucket.creditCap = configuration.burst
    } else {
      bucket.credit = Self.credits(configuration.average &* configuration.burst)
      bucket.cost = Self.credits(configuration.average)
      bucket.creditCap = bucket.credit
    }
    return bucket
  }

  /// Adds the credit of the time that went by (kernel: `rateinfo_recalc`).
  private func refill(_ bucket: inout Bucket, _ now: UInt64) {
    let elapsed = now &- bucket.previous
    guard elapsed != 0 else { return }
    if configuration.mode.contains(.rateMatch) {
      let interval = UInt64(configuration.interval &* UInt32(truncatingIfNeeded: KernelClock.hertz))
      guard elapsed >= interval else { return }
      bucket.previous = now
      bucket.wasAbove = bucket.currentRate &* interval > elapsed &* bucket.rate
      bucket.currentRate = 0
      return
    }
    bucket.previous = now
    let before = bucket.credit
    let isBytes = configuration.mode.contains(.bytes)
    bucket.credit &+= (isBytes ? Self.creditsPerJiffyBytes : Self.creditsPerJiffy) &* elapsed
    let cap = isBytes ? Self.fullBytes : bucket.creditCap
    if bucket.credit > cap || (isBytes && before >= bucket.credit) { bucket.credit = cap }
  }

  /// Removes the flows that had expired when the kernel's collector last ran: once in each interval since the table
  /// was made (kernel: `htable_gc`). The real collector may run late on an idle machine.
  private mutating func collect(_ now: UInt64) {
    let interval = max(1, KernelClock.jiffies(milliseconds: configuration.collectionInterval))
    let last = created &+ (now &- created) / interval &* interval
    guard last > collected else { return }
    collected = last
    buckets = buckets.filter { $0.value.expires > last }
  }
}

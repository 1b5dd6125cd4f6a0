// Puts the fragments of packets of both families together before tracking sees them.

import NetfilterModel

/// The queues of incomplete IPv4 datagrams (kernel: net/ipv4/ip_fragment.c, net/ipv4/inet_fragment.c).
public struct Defragmenter: Sendable {
  /// How long a datagram may take, in seconds (`net.ipv4.ipfrag_time`, `net.ipv6.ip6frag_time`).
  public var timeout: UInt32 = 30
  /// How long it may take for tracking, in seconds, where that has a time of its own (`net.netfilter.nf_conntrack_frag6_timeout`).
  public var trackingTimeout: UInt32?
  /// How much memory the queues may take, in bytes (`net.ipv4.ipfrag_high_thresh`).
  public var highThreshold = 4_194_304
  /// How many other fragments of the same source may come in between, 0 for any number (`net.ipv4.ipfrag_max_dist`).
  public var maximumDistance: UInt32 = 64

  private var queues: [Key: Queue] = [:]
  private var sourceCounts: [IPAddress: UInt32] = [:]
  private var memory = 0
  /// When the time of each queue was over as it was made or begun anew, the first to end first. What was changed since is passed over.
  private var deadlines: [Deadline] = []
  /// How many of `deadlines` were seen to.
  private var passed = 0

  /// What the kernel takes for the buffer of a fragment beside its bytes, roughly (`skb->truesize`).
  private static let overhead = 768
  /// How many sources are remembered.
  private static let maximumSources = 65_536

  /// Makes queues without a fragment.
  public init(_ family: AddressFamily = .ipv4) {
    guard family == .ipv6 else { return }
    timeout = 60
    trackingTimeout = 60
    maximumDistance = 0
  }

  /// What fragments of one datagram have in common (kernel: `struct frag_v4_compare_key`).
  private struct Key: Hashable {
    var source: IPAddress
    var destination: IPAddress
    var identification: UInt32
    var protocolNumber: ProtocolNumber
    var user: DefragmentationUser
    /// Where it came in, for destinations of a link (IPv6).
    var input = InterfaceName.none
  }

  /// A fragment, and where it belongs.
  private struct Fragment {
    var key: Key
    var offset: Int
    var end: Int
    var hasMore: Bool
    var payload: [UInt8]
    /// How large the packet is that counts for the largest piece, in bytes.
    var size: Int
    var dontFragment = false
    var ecn: UInt8
    /// The length of its headers in bytes, the fragment header with them (IPv6).
    var headerLength = 0
  }

  private struct Deadline {
    var time: UInt64
    var key: Key
  }

  /// Fragments that follow each other without a gap.
  private struct Run: Hashable {
    var start: Int
    var end: Int
    var pieces: [[UInt8]]
  }

  /// An incomplete datagram (kernel: `struct ipq`).
  private struct Queue: Hashable {
    var deadline: UInt64
    var runs: [Run] = []
    var length = 0
    var received = 0
    var hasLast = false
    var ecnSeen: UInt8 = 0
    var maximumSize = 0
    var maximumDontFragmentSize = 0
    var input = InterfaceName.none
    /// The shortest headers of later fragments (IPv6).
    var shortestHeader = Int.max
    var first: Packet?
    var sourceCount: UInt32 = 0
    var memory = 0

    /// Forgets the fragments, but not the sizes (kernel: `ip_frag_reinit`).
    mutating func restart(deadline: UInt64) {
      self.deadline = deadline
      runs = []
      length = 0
      received = 0
      hasLast = false
      shortestHeader = .max
      ecnSeen = 0
      input = .none
      first = nil
      memory = 0
    }
  }

  /// Takes a fragment that came in on `input` at `now` (nanoseconds) (kernel: `ip_defrag`).
  ///
  /// The datagram has the header, options and mark of its first fragment; its checksum is computed anew, ECN is merged
  /// (RFC 3168 §5.3), and overlaps drop everything (RFC 5722).
  public mutating func add(
    _ packet: Packet, on input: InterfaceName, for user: DefragmentationUser = .trackingInput, now: UInt64
  ) -> DefragmentationResult {
    guard let header = IPHeader(packet.bytes) else { return .dropped }
    let isIPv4 = header.family == .ipv4
    guard let fragment = isIPv4 ? ipv4(packet, header, user) : ipv6(packet, header, on: input, user) else {
      if !isIPv4, user == .localDelivery, let place = IPv6Extensions.fragmentHeader(in: packet.bytes, at: 0) {
        return .problem(pointer: IPv6FragmentHeader.fragmentationOffset(at: place.offset))
      }
      return isIPv4 || isBroken(packet.bytes, header) ? .dropped : .passed
    }
    let key = fragment.key
    while takeExpired(now: now) != nil {}
    guard highThreshold > 0, memory <= highThreshold else { return .dropped }
    let seconds = user == .localDelivery ? timeout : trackingTimeout ?? timeout
    let deadline = now &+ UInt64(seconds) &* 1_000_000_000
    // Taken out, so that its fragments have one owner and are added to in place.
    let waiting = queues.removeValue(forKey: key)
    var queue = waiting ?? Queue(deadline: deadline)
    if waiting == nil { note(deadline, of: key) }
    if isTooFar(&queue, source: header.source) {
      release(&queue.memory)
      queue.restart(deadline: deadline)
      note(deadline, of: key)
    }
    switch insert(fragment, of: packet, into: &queue, input: input) {
    case .duplicate:
      queues[key] = queue
      return isIPv4 || user == .localDelivery ? .dropped : .queued
    case .refused:
      queues[key] = queue
      return .dropped
    case .corrupt:
      release(&queue.memory)
      return .dropped
    case .odd:
      if user == .localDelivery {
        queues[key] = queue
        return .problem(pointer: IPv6Header.payloadLengthOffset)
      }
      release(&queue.memory)
      return .passed
    case .inserted: break
    }
    guard queue.first != nil, queue.hasLast, queue.received == queue.length else {
      queues[key] = queue
      return .queued
    }
    release(&queue.memory)
    return reassemble(queue).map { .complete($0, input: input, origin: origin(of: queue, key)) } ?? .dropped
  }

  private enum Insertion {
    case inserted
    case duplicate
    case corrupt
    /// The fragment alone is dropped (IPv6).
    case refused
    /// All that waited is dropped, and the fragment goes on as it is (IPv6).
    case odd
  }

  private func ipv4(_ packet: Packet, _ header: IPHeader, _ user: DefragmentationUser) -> Fragment? {
    let offset = Int(header.fragmentOffset) &* 8
    let total = min(packet.bytes.count, max(header.totalLength, header.transportOffset))
    var end = offset &+ total &- header.transportOffset
    if header.moreFragments { end &= ~7 }
    let payload =
      end > offset ? Array(packet.bytes[header.transportOffset..<(header.transportOffset &+ end &- offset)]) : []
    return Fragment(
      key: Key(
        source: header.source, destination: header.destination, identification: UInt32(header.identification),
        protocolNumber: header.protocolNumber, user: user),
      offset: offset, end: end, hasMore: header.moreFragments, payload: payload,
      size: payload.count &+ header.transportOffset, dontFragment: header.dontFragment,
      ecn: header.tos & TOSByte.ecnMask)
  }

  /// A fragment of IPv6; nil for what goes on as it is: a packet without a fragment header, or the first fragment of one whose
  /// headers are not all in it (kernel: `nf_ct_frag6_gather`; RFC 8200 §4.5).
  private func ipv6(
    _ packet: Packet, _ header: IPHeader, on input: InterfaceName, _ user: DefragmentationUser
  ) -> Fragment? {
    let bytes = packet.bytes
    guard header.totalLength > IPv6Header.length, let place = IPv6Extensions.fragmentHeader(in: bytes, at: 0),
      bytes.count &- place.offset >= IPv6FragmentHeader.length,
      user == .localDelivery || !Self.isCutOff(bytes, at: place.offset)
    else { return nil }
    let start = place.offset &+ IPv6FragmentHeader.length
    let fragmentation = IPv6FragmentHeader.fragmentation(in: bytes, at: place.offset)
    let offset = Int(fragmentation.offset) &* 8
    let end = offset &+ header.totalLength &- start
    guard end >= offset, end <= 65_535, header.totalLength <= bytes.count else { return nil }
    let isOfLink = header.destination.isMulticast || header.destination.isLinkLocal
    return Fragment(
      key: Key(
        source: header.source, destination: header.destination,
        identification: IPv6FragmentHeader.identification(in: bytes, at: place.offset), protocolNumber: .ipv6Fragment,
        user: user, input: isOfLink ? input : .none),
      offset: offset, end: end, hasMore: fragmentation.moreFragments,
      payload: Array(bytes[start..<header.totalLength]), size: header.totalLength,
      ecn: header.tos & TOSByte.ecnMask, headerLength: start)
  }

  /// Whether tracking drops what it does not gather: a fragment of IPv6 that reaches beyond the longest packet, or whose fragment header is
  /// cut off, unless it is a first fragment that lacks headers (kernel: `nf_ct_frag6_gather`).
  private func isBroken(_ bytes: [UInt8], _ header: IPHeader) -> Bool {
    guard IPv6Header.payloadLength(in: bytes, at: 0) != 0, let place = IPv6Extensions.fragmentHeader(in: bytes, at: 0)
    else { return false }
    let start = place.offset &+ IPv6FragmentHeader.length
    guard bytes.count >= start else { return !Self.isCutOff(bytes, at: place.offset) }
    let offset = Int(IPv6FragmentHeader.fragmentation(in: bytes, at: place.offset).offset) &* 8
    return offset &+ header.totalLength &- start > 65_535
  }

  /// Whether a first fragment lacks a part of its headers (kernel: `ipv6frag_thdr_truncated`).
  static func isCutOff(_ bytes: [UInt8], at start: Int) -> Bool {
    guard let place = IPv6Extensions.skipped(from: start, .ipv6Fragment, in: bytes), place.fragmentation.offset == 0
    else { return false }
    let needed =
      switch place.protocolNumber {
      case .tcp: TCPHeader.minimumLength
      case .udp: UDPHeader.length
      case .icmpv6: ICMPMessage.headerLength
      default: 1
      }
    return place.offset &+ needed > bytes.count
  }

  /// Puts a fragment into its place (kernel: `ip_frag_queue`, `inet_frag_queue_insert`).
  private mutating func insert(
    _ fragment: Fragment, of packet: Packet, into queue: inout Queue, input: InterfaceName
  ) -> Insertion {
    let isIPv6 = fragment.key.source.family == .ipv6
    // Tracking of IPv6 drops a fragment that does not go with the others alone; everybody else drops them all.
    let misfit = isIPv6 && fragment.key.user != .localDelivery ? Insertion.refused : .corrupt
    let (offset, end, payload) = (fragment.offset, fragment.end, fragment.payload)
    if fragment.hasMore {
      if isIPv6, end & 7 != 0 { return .odd }
      if end > queue.length {
        if queue.hasLast { return misfit }
        queue.length = end
      }
    } else {
      if end < queue.length || (queue.hasLast && end != queue.length) { return misfit }
      queue.hasLast = true
      queue.length = end
    }
    guard end > offset else { return misfit }
    if let last = queue.runs.last, last.end >= end {
      var low = 0
      var high = queue.runs.count
      while low < high {
        let middle = (low &+ high) / 2
        let run = queue.runs[middle]
        if end <= run.start {
          high = middle
        } else if offset >= run.end {
          low = middle &+ 1
        } else {
          return offset >= run.start && end <= run.end ? .duplicate : .corrupt
        }
      }
      queue.runs.insert(Run(start: offset, end: end, pieces: [payload]), at: low)
    } else if let last = queue.runs.last, offset < last.end {
      return .corrupt
    } else if let last = queue.runs.last, offset == last.end {
      queue.runs[queue.runs.count &- 1].end = end
      queue.runs[queue.runs.count &- 1].pieces.append(payload)
    } else {
      queue.runs.append(Run(start: offset, end: end, pieces: [payload]))
    }
    queue.input = input
    queue.received &+= payload.count
    queue.ecnSeen |= 1 << fragment.ecn
    if offset == 0 { queue.first = packet }
    if offset > 0 { queue.shortestHeader = min(queue.shortestHeader, fragment.headerLength) }
    let size = fragment.size
    queue.maximumSize = max(queue.maximumSize, size)
    if fragment.dontFragment { queue.maximumDontFragmentSize = max(queue.maximumDontFragmentSize, size) }
    queue.memory &+= size &+ Self.overhead
    memory &+= size &+ Self.overhead
    return .inserted
  }

  /// Whether too many fragments of the same source came in since the last one of this datagram (kernel:
  /// `ip_frag_too_far`).
  private mutating func isTooFar(_ queue: inout Queue, source: IPAddress) -> Bool {
    guard maximumDistance != 0 else { return false }
    if sourceCounts.count >= Self.maximumSources, sourceCounts[source] == nil { sourceCounts.removeAll() }
    let count = (sourceCounts[source] ?? 0) &+ 1
    sourceCounts[source] = count
    let distance = count &- queue.sourceCount
    queue.sourceCount = count
    return !queue.runs.isEmpty && distance > maximumDistance
  }

  /// The whole datagram, or nil when its fragments do not go together (kernel: `ip_frag_reasm`).
  private func reassemble(_ queue: Queue) -> Packet? {
    guard var packet = queue.first, let header = IPHeader(packet.bytes), let ecn = Self.mergedECN(queue.ecnSeen) else {
      return nil
    }
    if header.family == .ipv6 {
      guard let bytes = reassembleIPv6(queue, packet.bytes, trafficClass: header.tos | ecn) else { return nil }
      packet.bytes = bytes
      return packet
    }
    guard header.transportOffset &+ queue.length <= 65_535
    else { return nil }
    var bytes = Array(packet.bytes[..<header.transportOffset])
    bytes.reserveCapacity(header.transportOffset &+ queue.length)
    for run in queue.runs {
      for piece in run.pieces { bytes += piece }
    }
    IPv4Header.setTOS(header.tos | ecn, in: &bytes, at: 0)
    IPv4Header.setTotalLength(UInt16(clamping: bytes.count), in: &bytes, at: 0)
    let dontFragment = queue.maximumDontFragmentSize == queue.maximumSize
    IPv4Header.setFragmentation(IPv4Fragmentation(dontFragment: dontFragment), in: &bytes, at: 0)
    IPv4Header.updateChecksum(of: &bytes, length: header.transportOffset)
    packet.bytes = bytes
    return packet
  }

  /// The packet without its fragment header (kernel: `nf_ct_frag6_reasm`).
  private func reassembleIPv6(_ queue: Queue, _ first: [UInt8], trafficClass: UInt8) -> [UInt8]? {
    guard let place = IPv6Extensions.fragmentHeader(in: first, at: 0) else { return nil }
    var bytes = Array(first[..<place.offset])
    IPv6Header.setNumber(IPv6OptionsHeader.nextHeader(in: first, at: place.offset), in: &bytes, at: place.numberOffset)
    for run in queue.runs {
      for piece in run.pieces { bytes += piece }
    }
    guard bytes.count &- IPv6Header.length <= 65_535 else { return nil }
    IPv6Header.setTrafficClass(trafficClass, in: &bytes, at: 0)
    IPv6Header.setPayloadLength(UInt16(clamping: bytes.count &- IPv6Header.length), in: &bytes, at: 0)
    return bytes
  }

  /// How many bytes lie free in front of a packet: a raw socket leaves 16, a device 64 (kernel: `LL_RESERVED_SPACE`, `NET_SKB_PAD`).
  private static func headroom(for user: DefragmentationUser) -> Int { user == .trackingOutput ? 16 : 64 }

  private func origin(of queue: Queue, _ key: Key) -> FragmentOrigin {
    var origin = FragmentOrigin(
      maximumSize: queue.maximumSize, keepsDontFragment: queue.maximumDontFragmentSize == queue.maximumSize,
      lengths: queue.runs.flatMap { $0.pieces.map { $0.count } })
    if let first = queue.first, first.family == .ipv6,
      let place = IPv6Extensions.fragmentHeader(in: first.bytes, at: 0)
    {
      origin.headroom = Self.headroom(for: key.user) &+ min(queue.shortestHeader, 65_535)
      origin.payloadOffset = place.offset
      origin.numberOffset = place.numberOffset
    }
    return origin
  }

  /// The ECN bits that the codepoints seen add up to, or nil when they contradict each other (kernel:
  /// `ip_frag_ecn_table`; RFC 3168 §5.3).
  private static func mergedECN(_ seen: UInt8) -> UInt8? {
    let notCapable = seen & 1 != 0
    let capable = seen & 0b0110 != 0
    let congestion = seen & 0b1000 != 0
    if notCapable, capable || congestion { return nil }
    return congestion && capable ? TOSByte.congestionExperienced : 0
  }

  /// Notes when the time of a queue is over; nearly always that is later than all others.
  private mutating func note(_ time: UInt64, of key: Key) {
    // Those of datagrams that came whole are of no use any more.
    if deadlines.count > 2 * queues.count + 64 {
      deadlines = deadlines[passed...].filter { queues[$0.key]?.deadline == $0.time }
      passed = 0
    }
    var place = deadlines.count
    while place > passed, deadlines[place - 1].time > time { place -= 1 }
    deadlines.insert(Deadline(time: time, key: key), at: place)
  }

  /// Forgets the next datagram whose time is over, with what it takes; nil when there is none (kernel: `ip_expire`,
  /// `ip6frag_expire_frag_queue`).
  mutating func takeExpired(now: UInt64) -> ExpiredDatagram? {
    while passed < deadlines.count, deadlines[passed].time <= now {
      let key = deadlines[passed].key
      passed += 1
      guard let queue = queues[key], queue.deadline <= now else { continue }
      memory = max(0, memory &- queue.memory)
      queues[key] = nil
      return ExpiredDatagram(
        user: key.user, input: queue.input, first: queue.first, time: queue.deadline)
    }
    return nil
  }

  private mutating func release(_ amount: inout Int) {
    memory = max(0, memory &- amount)
    amount = 0
  }
}

extension Defragmenter: Hashable {
  /// Whether the same fragments wait, under the same limits.
  public static func == (left: Defragmenter, right: Defragmenter) -> Bool {
    left.timeout == right.timeout && left.trackingTimeout == right.trackingTimeout
      && left.highThreshold == right.highThreshold
      && left.maximumDistance == right.maximumDistance && left.memory == right.memory
      && left.sourceCounts == right.sourceCounts && left.queues == right.queues
  }

  /// What waits.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(memory)
    hasher.combine(queues)
  }
}

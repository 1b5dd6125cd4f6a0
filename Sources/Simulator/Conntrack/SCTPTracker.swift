// SCTP: the state of an association, and the verification tags of its two ends.

import NetfilterModel

/// The chunk types that tracking looks at (RFC 9260 §3.2).
private enum Chunk {
  static let data: UInt8 = 0
  static let initiation: UInt8 = 1
  static let initiationAck: UInt8 = 2
  static let heartbeat: UInt8 = 4
  static let heartbeatAck: UInt8 = 5
  static let abort: UInt8 = 6
  static let shutdown: UInt8 = 7
  static let shutdownAck: UInt8 = 8
  static let error: UInt8 = 9
  static let cookieEcho: UInt8 = 10
  static let cookieAck: UInt8 = 11
  static let shutdownComplete: UInt8 = 14
}

/// The state table of SCTP (kernel: `sctp_conntracks`).
enum SCTPStateTable {
  /// The state after a chunk, or nil if the chunk is invalid; chunks that are not in the table change nothing
  /// (kernel: `sctp_new_state`).
  static func state(
    after chunk: UInt8, _ direction: ConnectionDirection, _ state: SCTPConnectionState
  ) -> SCTPConnectionState? {
    guard let row = order.firstIndex(of: chunk) else { return state }
    let table = direction == .original ? original : reply
    let index = row * 9 + Int(state.rawValue)
    return index < table.count ? table[index] : nil
  }

  private static let order: [UInt8] = [
    Chunk.initiation, Chunk.initiationAck, Chunk.abort, Chunk.shutdown, Chunk.shutdownAck, Chunk.error,
    Chunk.cookieEcho, Chunk.cookieAck, Chunk.shutdownComplete, Chunk.heartbeat, Chunk.heartbeatAck,
  ]

  /// Two letters a cell, in the order of the states: NO CL CW CE ES SS SR SA HS; IV invalid.
  private static let original = cells([
    "CL CL CW CE ES CL CL SA CW",
    "CL CL CW CE ES SS SR SA CL",
    "CL CL CL CL CL CL CL CL CL",
    "CL CL CW CE SS SS SR SA CL",
    "SA CL CW CE ES SA SA SA SA",
    "CL CL CW CE ES SS SR SA CL",
    "CL CL CE CE ES SS SR SA CL",
    "CL CL CW ES ES SS SR SA CL",
    "CL CL CW CE ES SS SR CL CL",
    "HS CL CW CE ES SS SR SA HS",
    "CL CL CW CE ES SS SR SA HS",
  ])

  private static let reply = cells([
    "IV CL CW CE ES SS SR SA IV",
    "IV CW CW CE ES SS SR SA IV",
    "IV CL CL CL CL CL CL CL IV",
    "IV CL CW CE SR SS SR SA IV",
    "IV CL CW CE ES SA SA SA IV",
    "IV CL CW CL ES SS SR SA IV",
    "IV CL CE CE ES SS SR SA IV",
    "IV CL CW ES ES SS SR SA IV",
    "IV CL CW CE ES SS SR CL IV",
    "IV CL CW CE ES SS SR SA HS",
    "IV CL CW CE ES SS SR SA ES",
  ])

  private static func cells(_ rows: [String]) -> [SCTPConnectionState?] {
    let names: [Substring] = ["NO", "CL", "CW", "CE", "ES", "SS", "SR", "SA", "HS"]
    return rows.flatMap { row in
      row.split(separator: " ").map { name in
        names.firstIndex(of: name).flatMap { SCTPConnectionState(rawValue: UInt8($0)) }
      }
    }
  }
}

extension SCTPTracking {
  fileprivate subscript(direction: ConnectionDirection) -> UInt32 {
    get { direction == .original ? originalTag : replyTag }
    set {
      if direction == .original { originalTag = newValue } else { replyTag = newValue }
    }
  }

  /// Notes the tag that an INIT or INIT ACK asks for; when both ends send an INIT, only the INIT ACK that fits counts
  /// (RFC 9260 §5.2).
  ///
  /// - Returns: false when the chunk is invalid.
  fileprivate mutating func note(_ type: UInt8, initialTag: UInt32, _ direction: ConnectionDirection) -> Bool {
    let other = direction.opposite
    let mine = direction == .original ? originalInitiated : replyInitiated
    let theirs = direction == .original ? replyInitiated : originalInitiated
    if type == Chunk.initiation {
      let keepsOther = theirs && !mine
      originalInitiated = direction == .original || keepsOther
      replyInitiated = direction == .reply || keepsOther
    } else {
      let known = self[other]
      if !theirs, known != 0, known != initialTag { return false }
      if mine, theirs, known != initialTag { return false }
    }
    self[other] = initialTag
    return true
  }
}

/// One chunk of an SCTP packet.
private struct ChunkHeader {
  var type: UInt8
  var flags: UInt8
  var offset: Int
}

extension ConnectionTable {
  /// Judges an SCTP packet chunk by chunk (kernel: `nf_conntrack_sctp_packet`).
  func trackSCTP(
    _ packet: borrowing PacketContext, _ connection: Connection, _ location: TransportLocation, now: UInt64
  ) -> TrackerResult {
    let bytes = packet.packet.bytes
    let start = location.offset
    guard bytes.count &- start >= 12 else { return .invalid }
    if verifiesChecksum(packet) {
      let checksum = CRC32c.checksum(bytes, from: start, zeroing: start &+ 8)
      guard bytes.uint32(at: start &+ 8) == checksum.byteSwapped else { return .invalid }
    }
    guard let chunks = Self.chunks(bytes, from: start &+ 12) else { return .invalid }
    let tag = bytes.uint32(at: start &+ 4)
    let seen = { (type: UInt8) in chunks.contains { $0.type == type } }
    if !connection.status.contains(.confirmed) {
      guard !seen(Chunk.abort), !seen(Chunk.shutdownComplete), !seen(Chunk.cookieAck),
        let tracking = Self.begin(chunks, bytes, tag: tag)
      else { return .invalid }
      connection.tracking = .sctp(tracking)
    }
    guard case .sctp(var tracking) = connection.tracking else { return .invalid }
    defer { connection.tracking = .sctp(tracking) }
    let direction = packet.state.direction
    let exempt = [
      Chunk.initiation, Chunk.shutdownComplete, Chunk.cookieEcho, Chunk.abort, Chunk.shutdownAck,
      Chunk.heartbeat, Chunk.heartbeatAck,
    ]
    guard exempt.contains(where: seen) || tag == tracking[direction] else { return .invalid }

    var keepsTimeout = false
    var state = SCTPConnectionState.none
    for chunk in chunks {
      switch Self.check(
        chunk, tag, &tracking, direction, isStrict: keepsTimeout || seen(Chunk.data))
      {
      case .invalid: return .invalid
      case .skip:
        keepsTimeout = true
        continue
      case .valid: break
      }
      let old = tracking.state
      guard let new = SCTPStateTable.state(after: chunk.type, direction, old) else { return .invalid }
      state = new
      if chunk.type == Chunk.initiation || chunk.type == Chunk.initiationAck {
        guard bytes.count &- chunk.offset >= 20,
          tracking.note(chunk.type, initialTag: bytes.uint32(at: chunk.offset &+ 4), direction)
        else { return .invalid }
        // An INIT sent again does not keep the entry alive.
        if chunk.type == Chunk.initiation, new == .closed, old == .closed, connection.status.contains(.confirmed) {
          keepsTimeout = true
        }
      }
      tracking.state = new
      if old != new, new == .established { connection.status.insert(.assured) }
    }
    if !keepsTimeout {
      connection.refresh(direction, bytes: packet.length, seconds: settings.sctpTimeout(state), now: now)
    }
    return .accept
  }

  /// What the verification tag of a packet says about one of its chunks.
  private enum TagResult {
    case valid
    case invalid
    /// The chunk changes no state.
    case skip
  }

  /// Checks the verification tag as far as the chunk has rules of its own (RFC 9260 §8.5.1).
  private static func check(
    _ chunk: ChunkHeader, _ tag: UInt32, _ tracking: inout SCTPTracking, _ direction: ConnectionDirection,
    isStrict: Bool
  ) -> TagResult {
    switch chunk.type {
    case Chunk.initiation: return tag == 0 ? .valid : .invalid
    case Chunk.abort, Chunk.shutdownComplete:
      let expected = chunk.flags & 1 == 0 ? tracking[direction] : tracking[direction.opposite]
      return tag == expected ? .valid : .invalid
    case Chunk.cookieEcho: return tag == tracking[direction] ? .valid : .invalid
    case Chunk.cookieAck:
      tracking.originalInitiated = false
      tracking.replyInitiated = false
      return .valid
    case Chunk.heartbeat, Chunk.heartbeatAck:
      if tracking[direction] == 0 {
        tracking[direction] = tag
      } else if tag == tracking[direction] {
        tracking.heartbeatTagFailed = false
      } else if isStrict {
        return .invalid
      } else if chunk.type == Chunk.heartbeat {
        tracking.heartbeatTagFailed = true
        tracking.lastDirection = direction
        return .skip
      } else {
        // Both ends use new tags: the association was set up again behind the host's back.
        guard tracking.heartbeatTagFailed, tracking.lastDirection != direction else { return .invalid }
        tracking.heartbeatTagFailed = false
        tracking[direction] = tag
        tracking[direction.opposite] = 0
      }
      return .valid
    default: return .valid
    }
  }

  /// What is known after the first packet, or nil if it cannot be the first (kernel: `sctp_new`).
  private static func begin(_ chunks: [ChunkHeader], _ bytes: [UInt8], tag: UInt32) -> SCTPTracking? {
    var originalTag: UInt32 = 0
    var replyTag: UInt32 = 0
    for chunk in chunks {
      guard let state = SCTPStateTable.state(after: chunk.type, .original, .none), state != .none else {
        return nil
      }
      if chunk.type == Chunk.initiation {
        guard tag == 0, bytes.count &- chunk.offset >= 20 else { return nil }
        replyTag = bytes.uint32(at: chunk.offset &+ 4)
      } else if chunk.type == Chunk.heartbeat {
        originalTag = tag
      } else if chunk.type == Chunk.shutdownAck {
        replyTag = tag
      }
    }
    var tracking = SCTPTracking()
    tracking.originalTag = originalTag
    tracking.replyTag = replyTag
    return tracking
  }

  /// The chunks of a packet, or nil if there are none or they do not go together (kernel: `do_basic_checks`).
  private static func chunks(_ bytes: [UInt8], from start: Int) -> [ChunkHeader]? {
    var chunks: [ChunkHeader] = []
    var offset = start
    var isAlone = false
    while offset &+ 4 <= bytes.count {
      let type = bytes.byte(at: offset)
      let length = Int(bytes.uint16(at: offset &+ 2))
      switch type {
      case Chunk.initiation, Chunk.initiationAck, Chunk.shutdownComplete: isAlone = true
      default: break
      }
      let mustBeFirst = isAlone || type == Chunk.cookieAck || type == Chunk.cookieEcho
      guard length != 0, !mustBeFirst || chunks.isEmpty else { return nil }
      chunks.append(ChunkHeader(type: type, flags: bytes.byte(at: offset &+ 1), offset: offset))
      offset &+= (length &+ 3) & ~3
    }
    return chunks.isEmpty ? nil : chunks
  }
}

// SCTP: the state of an association, and the verification tags of its two ends.

import NetfilterModel

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
  /// An INIT whose tag is known already is an old one that came late, or a forged one: it says nothing about a collision, unless it
  /// opens the association (`isOpening`).
  /// - Returns: false when the chunk is invalid.
  fileprivate mutating func note(
    _ type: SCTPChunkType, initialTag: UInt32, _ direction: ConnectionDirection, isOpening: Bool
  ) -> Bool {
    let other = direction.opposite
    let mine = direction == .original ? originalInitiated : replyInitiated
    let theirs = direction == .original ? replyInitiated : originalInitiated
    if type == .initiation {
      if !isOpening, self[other] == initialTag { return true }
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
  var type: SCTPChunkType
  var flags: UInt8
  var offset: Int
}

extension ConntrackSettings {
  /// Judges an SCTP packet chunk by chunk (kernel: `nf_conntrack_sctp_packet`).
  func trackSCTP(
    _ packet: inout PacketContext, _ connection: inout Connection, _ location: TransportLocation, now: UInt64
  ) -> TrackerResult {
    let bytes = packet.packet.bytes
    let start = location.offset
    guard bytes.count &- start >= SCTPHeader.length else { return .invalid }
    if verifiesChecksum(packet) {
      let checksum = SCTPHeader.computeChecksum(bytes, at: start)
      guard SCTPHeader.checksum(in: bytes, at: start) == checksum else { return .invalid }
    }
    guard let chunks = Self.chunks(bytes, from: start &+ SCTPHeader.length) else { return .invalid }
    let tag = SCTPHeader.verificationTag(in: bytes, at: start)
    let seen = { (type: SCTPChunkType) in chunks.contains { $0.type == type } }
    if !connection.status.contains(.confirmed) {
      guard !seen(.abort), !seen(.shutdownComplete), !seen(.cookieAck),
        let tracking = Self.begin(chunks, bytes, tag: tag)
      else { return .invalid }
      connection.tracking = .sctp(tracking)
    }
    guard case .sctp(var tracking) = connection.tracking else { return .invalid }
    defer { connection.tracking = .sctp(tracking) }
    let direction = packet.state.direction
    let exempt: [SCTPChunkType] = [
      .initiation, .shutdownComplete, .cookieEcho, .abort, .shutdownAck,
      .heartbeat, .heartbeatAck,
    ]
    guard exempt.contains(where: seen) || tag == tracking[direction] else { return .invalid }

    var keepsTimeout = false
    var state = SCTPConnectionState.none
    for chunk in chunks {
      switch Self.check(
        chunk, tag, &tracking, direction, isStrict: keepsTimeout || seen(.data))
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
      if chunk.type == .initiation || chunk.type == .initiationAck {
        guard bytes.count &- chunk.offset >= SCTPChunk.initiationLength,
          tracking.note(
            chunk.type, initialTag: SCTPChunk.initiateTag(in: bytes, at: chunk.offset), direction,
            isOpening: !connection.status.contains(.confirmed))
        else { return .invalid }
        // An INIT sent again does not keep the entry alive.
        if chunk.type == .initiation, new == .closed, old == .closed, connection.status.contains(.confirmed) {
          keepsTimeout = true
        }
      }
      tracking.state = new
      if old != new, new == .established { connection.status.insert(.assured) }
    }
    if !keepsTimeout {
      connection.refresh(direction, bytes: packet.length, seconds: sctpTimeout(state), now: now)
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
    case .initiation: return tag == 0 ? .valid : .invalid
    case .abort, .shutdownComplete:
      let expected = chunk.flags & SCTPChunk.tagIsReflected == 0 ? tracking[direction] : tracking[direction.opposite]
      return tag == expected ? .valid : .invalid
    case .cookieEcho: return tag == tracking[direction] ? .valid : .invalid
    case .cookieAck:
      tracking.originalInitiated = false
      tracking.replyInitiated = false
      return .valid
    case .heartbeat, .heartbeatAck:
      if tracking[direction] == 0 {
        tracking[direction] = tag
      } else if tag == tracking[direction] {
        tracking.heartbeatTagFailed = false
      } else if isStrict {
        return .invalid
      } else if chunk.type == .heartbeat {
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
      if chunk.type == .initiation {
        guard tag == 0, bytes.count &- chunk.offset >= SCTPChunk.initiationLength else { return nil }
        replyTag = SCTPChunk.initiateTag(in: bytes, at: chunk.offset)
      } else if chunk.type == .heartbeat {
        originalTag = tag
      } else if chunk.type == .shutdownAck {
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
    while offset &+ SCTPChunk.headerLength <= bytes.count {
      let type = SCTPChunk.type(in: bytes, at: offset)
      let length = Int(SCTPChunk.length(in: bytes, at: offset))
      switch type {
      case .initiation, .initiationAck, .shutdownComplete: isAlone = true
      default: break
      }
      let mustBeFirst = isAlone || type == .cookieAck || type == .cookieEcho
      guard length != 0, !mustBeFirst || chunks.isEmpty else { return nil }
      chunks.append(ChunkHeader(type: type, flags: SCTPChunk.flags(in: bytes, at: offset), offset: offset))
      offset &+= (length &+ 3) & ~3
    }
    return chunks.isEmpty ? nil : chunks
  }
}

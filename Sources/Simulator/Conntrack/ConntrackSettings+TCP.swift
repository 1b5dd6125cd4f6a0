// TCP: the state of a connection, what a segment does to it, and how long it is kept.

import NetfilterModel

extension ConntrackSettings {
  /// Judges a segment, and moves the state of its connection (kernel: `nf_conntrack_tcp_packet`).
  func trackTCP(
    _ packet: inout PacketContext, _ connection: inout Connection, _ location: TransportLocation, now: UInt64
  ) -> TrackerResult {
    let bytes = packet.packet.bytes
    guard let segment = TCPSegment(bytes, at: location.offset),
      acceptsChecksum(&packet, location, pseudoHeaderOf: .tcp)
    else { return .invalid }
    if !connection.status.contains(.confirmed) {
      guard let tracking = begin(segment, bytes) else { return .invalid }
      connection.tracking = .tcp(tracking)
    }
    guard case .tcp(var tracking) = connection.tracking else { return .invalid }
    let direction = packet.state.direction
    let step = move(&tracking, segment, bytes, connection.status, direction)
    connection.tracking = .tcp(tracking)
    switch step {
    case .pass: return .accept
    case .refuse: return .invalid
    case .reopen: return .reopen
    case .outOfWindow:
      shrinkTimeout(&tracking, segment.kind, &connection, direction, now: now)
      connection.tracking = .tcp(tracking)
      return .invalid
    case .go(let old, let new):
      tracking.lastIndex = segment.kind.rawValue
      tracking.lastDirection = direction.rawValue
      tracking.state = new
      if old != new, new == .finWait { tracking[direction].flags |= TCPPeer.closeInitiated }
      connection.tracking = .tcp(tracking)
      let stays = keepUp(
        &connection, tracking, segment, direction, from: old, bytes: packet.length, now: now)
      return stays ? .accept : .acceptAndRemove
    }
  }

  /// What is to be done with a segment after the state table and the windows were asked.
  private enum TCPStep {
    /// It passes; nothing more changes.
    case pass
    /// It is invalid.
    case refuse
    /// It is invalid because of its sequence numbers.
    case outOfWindow
    /// It opens the connection anew.
    case reopen
    /// It passes, and the connection goes from one state to another.
    case go(from: TCPConnectionState, to: TCPConnectionState)
  }

  /// What is known after the first segment, or nil if it cannot be the first (kernel: `tcp_new`).
  private func begin(_ segment: TCPSegment, _ bytes: [UInt8]) -> TCPTracking? {
    var tracking = TCPTracking()
    tracking.original.end = segment.end
    tracking.original.maxWindow = max(1, UInt32(segment.window))
    tracking.original.maxEnd = segment.end
    switch TCPStateTable.transition(.original, segment.kind, .none) {
    case .to(.synSent): segment.readOptions(bytes, into: &tracking.original)
    case .to:
      guard tcpLoose else { return nil }
      // Without the SYN nobody knows the window scale: assume SACK, and do not insist on the window.
      tracking.original.maxEnd &+= tracking.original.maxWindow
      tracking.original.flags = TCPPeer.sackPermitted | TCPPeer.beLiberal
      tracking.reply.flags = TCPPeer.sackPermitted | TCPPeer.beLiberal
    case .ignore, .invalid: return nil
    }
    tracking.lastIndex = TCPSegmentKind.none.rawValue
    return tracking
  }

  /// Asks the state table, treats its special cases, and checks the windows.
  private func move(
    _ tracking: inout TCPTracking, _ segment: TCPSegment, _ bytes: [UInt8], _ status: ConnectionStatus,
    _ direction: ConnectionDirection
  ) -> TCPStep {
    var old = tracking.state
    var new = old
    let kind = segment.kind
    switch TCPStateTable.transition(direction, kind, old) {
    case .invalid: return .refuse
    case .ignore:
      guard Self.synchronize(&tracking, segment, direction) else {
        Self.ignore(&tracking, segment, bytes, direction)
        return .pass
      }
      old = .synSent
      new = .synRecv
    case .to(let state):
      new = state
      switch state {
      case .synSent where old.rawValue >= TCPConnectionState.timeWait.rawValue:
        // A SYN on a connection that is over (RFC 9293 §3.6.1), or that its client broke off.
        if (tracking.original.flags | tracking.reply.flags) & TCPPeer.closeInitiated != 0
          || (tracking.lastWent(direction) && tracking.lastWas(.rst))
        {
          return .reopen
        }
        Self.ignore(&tracking, segment, bytes, direction)
        return .pass
      case .timeWait
      where old == .lastAck && kind == .ack && !tracking.lastWent(direction)
        && tracking.lastWas(.syn) && tracking.lastFlags & TCPTracking.expectChallengeAck != 0:
        // The challenge ACK (RFC 5961) that answers an ignored SYN acknowledges no FIN.
        tracking.lastFlags &= ~TCPTracking.expectChallengeAck
        return .pass
      case .synSent2: tracking.lastFlags |= TCPTracking.simultaneousOpen
      case .synRecv
      where direction == .reply && kind == .ack && tracking.lastFlags & TCPTracking.simultaneousOpen != 0:
        new = .established
      case .close where kind == .rst:
        switch judgeReset(tracking, segment, status, direction) {
        case .invalid: return .refuse
        case .unchecked: return .go(from: old, to: new)
        case .keepState(let unchecked):
          new = old
          if unchecked { return .go(from: old, to: new) }
        case .checked: break
        }
      default: break
      }
    }
    switch tracking.checkWindow(segment, bytes, direction, beLiberal: tcpBeLiberal) {
    case .accept: return .go(from: old, to: new)
    case .ignore: return .pass
    case .invalid: return .outOfWindow
    }
  }

  /// What to make of an RST.
  private enum ResetResult {
    /// It is invalid.
    case invalid
    /// It counts whatever the windows say.
    case unchecked
    /// It counts if the windows allow it.
    case checked
    /// It leaves the state as it is, so that a challenge ACK can still settle the matter.
    case keepState(unchecked: Bool)
  }

  /// Judges an RST by what it acknowledges and continues (kernel: `TCP_CONNTRACK_CLOSE` in `nf_conntrack_tcp_packet`).
  private func judgeReset(
    _ tracking: TCPTracking, _ segment: TCPSegment, _ status: ConnectionStatus, _ direction: ConnectionDirection
  ) -> ResetResult {
    switch tracking.state {
    case .finWait, .lastAck, .timeWait, .close, .closeWait: return .unchecked
    default: break
    }
    var keeps = false
    let other = tracking[direction.opposite]
    if other.flags & TCPPeer.maxAckSet != 0, !tracking.lastWas(.syn) {
      let established = tracking.state == .established && status.contains(.assured)
      if segment.sequence == 0, !established { return .checked }
      if segment.sequence.isBefore(other.maxAck), !tcpIgnoreInvalidRST { return .invalid }
      if !established || segment.sequence == other.maxAck { return .checked }
      if tracking.lastWas(.ack), tracking.lastWent(direction), segment.sequence == tracking.lastEnd {
        return .checked
      }
      keeps = true
    }
    let answersIgnored =
      (status.contains(.seenReply) && tracking.lastWas(.syn) && !tracking.lastWent(direction))
      || (!status.contains(.assured) && tracking.lastWas(.ack))
    let answersChallenge =
      tracking.state == .synSent && tracking.lastWas(.ack) && tracking.lastWent(.reply)
      && segment.sequence == tracking.lastAcknowledgement
    let unchecked =
      (answersIgnored && segment.acknowledgement == tracking.lastEnd) || answersChallenge
    if keeps { return .keepState(unchecked: unchecked) }
    return unchecked ? .unchecked : .checked
  }

  /// Gets in step again when a SYN/ACK acknowledges a SYN that was ignored before: the two ends agree, and what was
  /// remembered here is out of date.
  private static func synchronize(
    _ tracking: inout TCPTracking, _ segment: TCPSegment, _ direction: ConnectionDirection
  ) -> Bool {
    guard segment.kind == .synAck, tracking.lastWas(.syn), !tracking.lastWent(direction),
      segment.acknowledgement == tracking.lastEnd
    else { return false }
    let other = direction.opposite
    tracking.lastFlags &= ~TCPTracking.expectChallengeAck
    tracking[other].end = tracking.lastEnd
    tracking[other].maxEnd = tracking.lastEnd
    tracking[other].maxWindow = max(1, UInt32(tracking.lastWindow))
    tracking[other].scale = tracking.lastWindowScale
    tracking[other].flags = tracking.lastFlags
    tracking[direction].reset()
    return true
  }

  /// Remembers a segment that passes without a change of state.
  private static func ignore(
    _ tracking: inout TCPTracking, _ segment: TCPSegment, _ bytes: [UInt8], _ direction: ConnectionDirection
  ) {
    tracking.lastIndex = segment.kind.rawValue
    tracking.lastDirection = direction.rawValue
    tracking.lastSequence = segment.sequence
    tracking.lastEnd = segment.end
    tracking.lastWindow = segment.window
    if segment.kind == .syn, direction == .original {
      var seen = TCPPeer()
      segment.readOptions(bytes, into: &seen)
      tracking.lastFlags = seen.flags & (TCPPeer.windowScale | TCPPeer.sackPermitted)
      tracking.lastWindowScale = seen.flags & TCPPeer.windowScale != 0 ? seen.scale : 0
      if tracking.state == .lastAck { tracking.lastFlags |= TCPTracking.expectChallengeAck }
    }
    if tracking.state == .synSent, segment.kind == .ack, direction == .reply {
      tracking.lastAcknowledgement = segment.acknowledgement
    }
  }

  /// Does not let a connection live for days when both ends try to close it outside the windows (kernel:
  /// `nf_tcp_handle_invalid`).
  private func shrinkTimeout(
    _ tracking: inout TCPTracking, _ kind: TCPSegmentKind, _ connection: inout Connection,
    _ direction: ConnectionDirection, now: UInt64
  ) {
    guard connection.status.contains(.assured), !connection.status.contains(.fixedTimeout),
      kind == .rst || kind == .fin
    else { return }
    guard !tracking.lastWent(direction), tracking.lastWas(.fin) || tracking.lastWas(.rst) else {
      tracking.lastIndex = kind.rawValue
      tracking.lastDirection = direction.rawValue
      return
    }
    let left = connection.remaining(now)
    let limit = tcpTimeoutUnacknowledged
    guard left >= 120 * 1_000_000_000, left > UInt64(limit) &* 1_000_000_000 else { return }
    connection.setTimeout(limit, now: now)
  }

  /// Chooses the timeout after a valid segment, and sets ASSURED.
  private func keepUp(
    _ connection: inout Connection, _ tracking: TCPTracking, _ segment: TCPSegment, _ direction: ConnectionDirection,
    from old: TCPConnectionState, bytes: Int, now: UInt64
  ) -> Bool {
    let new = tracking.state
    let usual = tcpTimeout(new)
    var timeout = usual
    if tracking.retransmissions >= tcpMaxRetrans, usual > tcpTimeoutMaxRetrans {
      timeout = tcpTimeoutMaxRetrans
    } else if segment.kind == .rst {
      timeout = tcpTimeout(.close)
    } else if (tracking.original.flags | tracking.reply.flags) & TCPPeer.dataUnacknowledged != 0,
      usual > tcpTimeoutUnacknowledged
    {
      timeout = tcpTimeoutUnacknowledged
    } else if tracking.lastWindow == 0, usual > tcpTimeoutMaxRetrans {
      timeout = tcpTimeoutMaxRetrans
    }
    if !connection.status.contains(.seenReply) {
      if segment.hasRST {
        connection.account(direction, bytes: bytes)
        return false
      }
      // A SYN sent again does not keep the entry alive.
      if segment.kind == .syn, old == .synSent { return true }
      if new == .established { timeout = min(timeout, tcpTimeoutUnacknowledged) }
    } else if old == .synRecv || old == .established, new == .established {
      connection.status.insert(.assured)
    }
    connection.refresh(direction, bytes: bytes, seconds: timeout, now: now)
    return true
  }
}

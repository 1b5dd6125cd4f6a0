// Whether a TCP segment lies within the window, and what it teaches about the windows.

import NetfilterModel

/// What window tracking says about a segment (kernel: `enum nf_ct_tcp_action`).
enum TCPWindowResult: Hashable {
  /// It is within the window.
  case accept
  /// It is not, but may be valid: it passes and changes nothing.
  case ignore
  /// It is invalid.
  case invalid
}

extension TCPTracking {
  /// Acknowledgements may be this far behind (kernel: `MAXACKWINCONST`).
  private static let maxAckWindow: UInt32 = 66_000

  /// Checks a segment against the windows and keeps them up to date (kernel: `tcp_in_window`; Guido van Rooij, "Real
  /// Stateful TCP Packet Filtering in IP Filter").
  mutating func checkWindow(
    _ segment: TCPSegment, _ bytes: [UInt8], _ direction: ConnectionDirection, beLiberal: Bool
  ) -> TCPWindowResult {
    var sender = self[direction]
    var receiver = self[direction.opposite]
    defer {
      self[direction] = sender
      self[direction.opposite] = receiver
    }
    var sequence = segment.sequence
    var end = segment.end
    var acknowledgement = segment.acknowledgement
    var sack = acknowledgement
    var window = UInt32(segment.window)
    if receiver.flags & TCPPeer.sackPermitted != 0 { sack = segment.highestSACK(bytes, from: sack) }

    if sender.maxWindow == 0 {
      if segment.hasSYN {
        Self.begin(&sender, &receiver, segment, bytes, direction)
        if !segment.hasACK { return .accept }
      } else {
        // The connection was picked up in the middle: this segment is all that is known of the sender.
        sender.end = end
        sender.maxWindow = max(1, window << UInt32(sender.scale))
        sender.maxEnd = end &+ sender.maxWindow
        if receiver.maxWindow == 0 {
          receiver.end = sack
          receiver.maxEnd = sack
        } else if sack == receiver.end &+ 1 {
          receiver.end &+= 1
        }
      }
    } else if segment.hasSYN, end.isAfter(sender.end), state == .synSent || state == .synRecv {
      Self.begin(&sender, &receiver, segment, bytes, direction)
      if direction == .reply, !segment.hasACK { return .accept }
    }

    if !segment.hasACK || (segment.hasRST && acknowledgement == 0) {
      acknowledgement = receiver.end
      sack = receiver.end
    }
    if segment.hasRST, sequence == 0, state == .synSent {
      sequence = sender.end
      end = sender.end
    }

    let isLiberal = beLiberal || sender.flags & TCPPeer.beLiberal != 0
    let lowestAck = receiver.end &- max(sender.maxWindow, Self.maxAckWindow) &- 1
    let lowestEnd = sender.end &- receiver.maxWindow &- 1
    if !sequence.isBefore(sender.maxEnd &+ 1) {
      let overshot = end &- sender.maxEnd &+ 1
      if receiver.maxWindow != 0, end.isAfter(lowestEnd), sack.isAfter(lowestAck),
        overshot <= receiver.maxWindow, sack.isBefore(receiver.end &+ 1)
      {
        // More than the receiver allowed: remember it, for the receiver may acknowledge it all the same.
        sender.end = end
        sender.flags |= TCPPeer.dataUnacknowledged
        return isLiberal ? .accept : .ignore
      }
      return isLiberal ? .accept : .invalid
    }
    if !sack.isBefore(receiver.end &+ 1) { return isLiberal ? .accept : .invalid }
    if receiver.maxWindow != 0, !end.isAfter(lowestEnd) { return isLiberal ? .accept : .ignore }
    if !sack.isAfter(lowestAck) { return isLiberal ? .accept : .ignore }

    if !segment.hasSYN { window <<= UInt32(sender.scale) }
    sender.maxWindow = max(sender.maxWindow, window &+ (sack &- acknowledgement))
    if end.isAfter(sender.end) {
      sender.end = end
      sender.flags |= TCPPeer.dataUnacknowledged
    }
    if segment.hasACK {
      if sender.flags & TCPPeer.maxAckSet == 0 || acknowledgement.isAfter(sender.maxAck) {
        sender.maxAck = acknowledgement
      }
      sender.flags |= TCPPeer.maxAckSet
    }
    if receiver.maxWindow != 0, end.isAfter(sender.maxEnd) {
      receiver.maxWindow = receiver.maxWindow &+ (end &- sender.maxEnd)
    }
    if (sack &+ window).isAfter(receiver.maxEnd &- 1) {
      receiver.maxEnd = sack &+ window
      if window == 0 { receiver.maxEnd &+= 1 }
    }
    if acknowledgement == receiver.end { receiver.flags &= ~TCPPeer.dataUnacknowledged }
    if segment.kind == .ack {
      countRetransmission(segment, direction, sequence: sequence, acknowledgement: acknowledgement, end: end)
    }
    return .accept
  }

  /// Counts how often the same segment came again.
  private mutating func countRetransmission(
    _ segment: TCPSegment, _ direction: ConnectionDirection, sequence: UInt32, acknowledgement: UInt32, end: UInt32
  ) {
    if lastWent(direction), lastSequence == sequence, lastAcknowledgement == acknowledgement, lastEnd == end,
      lastWindow == segment.window
    {
      retransmissions &+= 1
    } else {
      lastDirection = direction.rawValue
      lastSequence = sequence
      lastAcknowledgement = acknowledgement
      lastEnd = end
      lastWindow = segment.window
      retransmissions = 0
    }
  }

  /// Takes up what a SYN or SYN/ACK says about its sender; window scaling needs both sides (kernel: `tcp_init_sender`;
  /// RFC 7323 §2.2).
  private static func begin(
    _ sender: inout TCPPeer, _ receiver: inout TCPPeer, _ segment: TCPSegment, _ bytes: [UInt8],
    _ direction: ConnectionDirection
  ) {
    sender.end = segment.end
    sender.maxEnd = segment.end
    sender.maxWindow = max(1, UInt32(segment.window))
    segment.readOptions(bytes, into: &sender)
    if direction == .reply, sender.flags & receiver.flags & TCPPeer.windowScale == 0 {
      sender.scale = 0
      receiver.scale = 0
    }
  }
}

// A TCP segment as tracking reads it: header fields and the options that window tracking needs.

import NetfilterModel

/// The header of a TCP segment.
struct TCPSegment {
  /// The sequence number.
  let sequence: UInt32
  /// The acknowledgement number, whatever the ACK flag says.
  let acknowledgement: UInt32
  /// The window, unscaled.
  let window: UInt16
  /// The control flags.
  let flags: TCPFlags
  /// The sequence number after the segment: data, SYN and FIN counted (kernel: `segment_seq_plus_len`).
  let end: UInt32
  /// The offsets of the options within the packet; empty or the other way round when the header has none.
  let options: Range<Int>

  /// The kind of the segment.
  var kind: TCPSegmentKind { TCPSegmentKind(flags: flags) }
  var hasSYN: Bool { flags.contains(.syn) }
  var hasACK: Bool { flags.contains(.ack) }
  var hasRST: Bool { flags.contains(.rst) }

  /// Reads the segment at `offset`, or returns nil when its header is cut off, claims to be shorter than 20 bytes or
  /// longer than the packet, or has flags that do not go together (kernel: `tcp_error`).
  init?(_ bytes: [UInt8], at offset: Int) {
    let left = bytes.count &- offset
    guard left >= TCPHeader.minimumLength else { return nil }
    let length = TCPHeader.length(in: bytes, at: offset)
    guard length >= TCPHeader.minimumLength, length <= left else { return nil }
    flags = TCPHeader.flags(in: bytes, at: offset)
    guard flags.areConsistent else { return nil }
    sequence = TCPHeader.sequence(in: bytes, at: offset)
    acknowledgement = TCPHeader.acknowledgement(in: bytes, at: offset)
    window = TCPHeader.window(in: bytes, at: offset)
    end = sequence &+ UInt32(truncatingIfNeeded: left &- length) &+ flags.sequenceLength
    options = (offset &+ TCPHeader.minimumLength)..<(offset &+ length)
  }

  /// Takes window scale and SACK permitted from the options into what is known of a side (kernel: `tcp_options`).
  func readOptions(_ bytes: [UInt8], into peer: inout TCPPeer) {
    guard !options.isEmpty else { return }
    peer.scale = 0
    peer.flags &= TCPPeer.beLiberal
    TCPOptions.forEach(in: bytes, options) { kind, value in
      if kind == .sackPermitted, value.isEmpty {
        peer.flags |= TCPPeer.sackPermitted
      } else if kind == .windowScale, value.count == 1 {
        peer.scale = min(TCPOptions.windowScale(in: bytes, at: value.lowerBound), 14)
        peer.flags |= TCPPeer.windowScale
      }
      return true
    }
  }

  /// The highest right edge of the SACK blocks, or `acknowledgement` if none is higher (kernel: `tcp_sack`).
  func highestSACK(_ bytes: [UInt8], from acknowledgement: UInt32) -> UInt32 {
    var highest = acknowledgement
    TCPOptions.forEach(in: bytes, options) { kind, value in
      guard kind == .sack, !value.isEmpty, value.count % TCPOptions.sackBlockLength == 0 else { return true }
      var offset = value.lowerBound
      while offset < value.upperBound {
        let edge = TCPOptions.rightEdge(in: bytes, ofBlockAt: offset)
        if edge.isAfter(highest) { highest = edge }
        offset &+= TCPOptions.sackBlockLength
      }
      return false
    }
    return highest
  }
}

extension UInt32 {
  /// Whether a sequence number lies before another, modulo 2^32 (kernel: `before`).
  func isBefore(_ other: UInt32) -> Bool { Int32(bitPattern: self &- other) < 0 }
  /// Whether a sequence number lies after another, modulo 2^32 (kernel: `after`).
  func isAfter(_ other: UInt32) -> Bool { other.isBefore(self) }
}

extension TCPPeer {
  /// The side sent a window scale option (`IP_CT_TCP_FLAG_WINDOW_SCALE`).
  static let windowScale: UInt8 = 0x01
  /// The side allows SACK (`IP_CT_TCP_FLAG_SACK_PERM`).
  static let sackPermitted: UInt8 = 0x02
  /// The side sent the first FIN (`IP_CT_TCP_FLAG_CLOSE_INIT`).
  static let closeInitiated: UInt8 = 0x04
  /// Segments of the side outside the window pass (`IP_CT_TCP_FLAG_BE_LIBERAL`).
  static let beLiberal: UInt8 = 0x08
  /// Data of the side is not acknowledged yet (`IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED`).
  static let dataUnacknowledged: UInt8 = 0x10
  /// `maxAck` is known (`IP_CT_TCP_FLAG_MAXACK_SET`).
  static let maxAckSet: UInt8 = 0x20

  /// Forgets all but the liberal flag (kernel: `nf_ct_tcp_state_reset`).
  mutating func reset() {
    let kept = flags & Self.beLiberal
    self = TCPPeer()
    flags = kept
  }
}

extension TCPTracking {
  /// In `lastFlags`: an ACK may answer an ignored SYN (`IP_CT_EXP_CHALLENGE_ACK`).
  static let expectChallengeAck: UInt8 = 0x40
  /// In `lastFlags`: both sides sent a SYN (`IP_CT_TCP_SIMULTANEOUS_OPEN`).
  static let simultaneousOpen: UInt8 = 0x80

  /// What is known of the side that sends in a direction.
  subscript(direction: ConnectionDirection) -> TCPPeer {
    get { direction == .original ? original : reply }
    set {
      if direction == .original { original = newValue } else { reply = newValue }
    }
  }

  /// Whether the last control segment was of this kind.
  func lastWas(_ kind: TCPSegmentKind) -> Bool { lastIndex == kind.rawValue }
  /// Whether the last control segment went in this direction.
  func lastWent(_ direction: ConnectionDirection) -> Bool { lastDirection == direction.rawValue }
}

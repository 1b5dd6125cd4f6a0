// A TCP segment as tracking reads it: header fields and the options that window tracking needs.

import NetfilterModel

/// The header of a TCP segment.
struct TCPSegment {
  static let fin: UInt8 = 0x01
  static let syn: UInt8 = 0x02
  static let rst: UInt8 = 0x04
  static let ack: UInt8 = 0x10

  /// The sequence number.
  let sequence: UInt32
  /// The acknowledgement number, whatever the ACK flag says.
  let acknowledgement: UInt32
  /// The window, unscaled.
  let window: UInt16
  /// The control flags.
  let flags: UInt8
  /// The sequence number after the segment: data, SYN and FIN counted (kernel: `segment_seq_plus_len`).
  let end: UInt32
  /// The offsets of the options within the packet; empty or the other way round when the header has none.
  let options: Range<Int>

  /// The kind of the segment.
  var kind: TCPSegmentKind { TCPSegmentKind(flags: flags) }
  var hasSYN: Bool { flags & Self.syn != 0 }
  var hasACK: Bool { flags & Self.ack != 0 }
  var hasRST: Bool { flags & Self.rst != 0 }

  /// Reads the segment at `offset`, or returns nil when its header is cut off, claims to be shorter than 20 bytes or
  /// longer than the packet, or has flags that do not go together (kernel: `tcp_error`).
  init?(_ bytes: [UInt8], at offset: Int) {
    let left = bytes.count &- offset
    guard left >= 20 else { return nil }
    let length = Int(bytes.byte(at: offset &+ 12) >> 4) &* 4
    guard length >= 20, length <= left else { return nil }
    flags = bytes.byte(at: offset &+ 13)
    guard Self.areValid(flags) else { return nil }
    sequence = bytes.uint32(at: offset &+ 4)
    acknowledgement = bytes.uint32(at: offset &+ 8)
    window = bytes.uint16(at: offset &+ 14)
    let counted = UInt32(flags & Self.syn != 0 ? 1 : 0) &+ UInt32(flags & Self.fin != 0 ? 1 : 0)
    end = sequence &+ UInt32(truncatingIfNeeded: left &- length) &+ counted
    options = (offset &+ 20)..<(offset &+ length)
  }

  /// Whether the flags go together; PSH, ECE and CWR always do (kernel: `tcp_valid_flags`).
  static func areValid(_ flags: UInt8) -> Bool {
    let urg: UInt8 = 0x20
    switch flags & (fin | syn | rst | ack | urg) {
    case syn, syn | urg, syn | ack, rst, rst | ack, fin | ack, fin | ack | urg, ack, ack | urg: return true
    default: return false
    }
  }

  /// Takes window scale and SACK permitted from the options into what is known of a side (kernel: `tcp_options`).
  func readOptions(_ bytes: [UInt8], into peer: inout TCPPeer) {
    guard !options.isEmpty else { return }
    peer.scale = 0
    peer.flags &= TCPPeer.beLiberal
    forEachOption(bytes) { kind, value in
      if kind == 4, value.isEmpty {
        peer.flags |= TCPPeer.sackPermitted
      } else if kind == 3, value.count == 1 {
        peer.scale = min(bytes.byte(at: value.lowerBound), 14)
        peer.flags |= TCPPeer.windowScale
      }
      return true
    }
  }

  /// The highest right edge of the SACK blocks, or `acknowledgement` if none is higher (kernel: `tcp_sack`).
  func highestSACK(_ bytes: [UInt8], from acknowledgement: UInt32) -> UInt32 {
    var highest = acknowledgement
    forEachOption(bytes) { kind, value in
      guard kind == 5, value.count >= 8, value.count % 8 == 0 else { return true }
      var offset = value.lowerBound
      while offset < value.upperBound {
        let edge = bytes.uint32(at: offset &+ 4)
        if edge.isAfter(highest) { highest = edge }
        offset &+= 8
      }
      return false
    }
    return highest
  }

  /// Walks the options; `body` gets the kind and the offsets of the value, and returns false to stop.
  private func forEachOption(_ bytes: [UInt8], _ body: (UInt8, Range<Int>) -> Bool) {
    var index = options.lowerBound
    while index < options.upperBound {
      let kind = bytes.byte(at: index)
      if kind == 0 { return }
      if kind == 1 {
        index &+= 1
        continue
      }
      guard index &+ 2 <= options.upperBound else { return }
      let length = Int(bytes.byte(at: index &+ 1))
      guard length >= 2, index &+ length <= options.upperBound else { return }
      if !body(kind, (index &+ 2)..<(index &+ length)) { return }
      index &+= length
    }
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

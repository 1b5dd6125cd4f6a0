// The control flags of TCP (RFC 9293 §3.1, RFC 3168 §6.1).

/// The control flags of a TCP header (kernel: `TCPHDR_FIN` and its siblings).
public struct TCPFlags: OptionSet, Hashable, Sendable {
  /// The byte at offset 13 of the header.
  public let rawValue: UInt8
  /// Makes flags from the byte.
  @inlinable @inline(__always)
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The sender is done.
  @inlinable public static var fin: TCPFlags { TCPFlags(rawValue: 0x01) }
  /// Sequence numbers are synchronised.
  @inlinable public static var syn: TCPFlags { TCPFlags(rawValue: 0x02) }
  /// The connection is reset.
  @inlinable public static var rst: TCPFlags { TCPFlags(rawValue: 0x04) }
  /// Data is to be pushed to the receiver.
  @inlinable public static var psh: TCPFlags { TCPFlags(rawValue: 0x08) }
  /// The acknowledgement number counts.
  @inlinable public static var ack: TCPFlags { TCPFlags(rawValue: 0x10) }
  /// The urgent pointer counts.
  @inlinable public static var urg: TCPFlags { TCPFlags(rawValue: 0x20) }
  /// Congestion is echoed.
  @inlinable public static var ece: TCPFlags { TCPFlags(rawValue: 0x40) }
  /// The congestion window was reduced.
  @inlinable public static var cwr: TCPFlags { TCPFlags(rawValue: 0x80) }

  /// Whether the flags are the same.
  @inlinable @inline(__always)
  public static func == (left: TCPFlags, right: TCPFlags) -> Bool { left.rawValue == right.rawValue }
  /// Whether all of some flags are set.
  @inlinable @inline(__always)
  public func contains(_ flags: TCPFlags) -> Bool { rawValue & flags.rawValue == flags.rawValue }
  /// The flags that both have.
  @inlinable @inline(__always)
  public func intersection(_ flags: TCPFlags) -> TCPFlags { TCPFlags(rawValue: rawValue & flags.rawValue) }

  /// Whether a connection begins with a segment of these flags: SYN without ACK.
  @inlinable @inline(__always)
  public var isFirst: Bool { contains(.syn) && !contains(.ack) }

  /// How much SYN and FIN take of the sequence space, 0...2.
  @inlinable @inline(__always)
  public var sequenceLength: UInt32 { UInt32(rawValue & 1) &+ UInt32(rawValue >> 1 & 1) }

  /// Whether the flags go together; PSH, ECE and CWR always do (kernel: `tcp_valid_flags`).
  @inlinable public var areConsistent: Bool {
    let syn = TCPFlags.syn.rawValue
    let rst = TCPFlags.rst.rawValue
    let fin = TCPFlags.fin.rawValue
    let ack = TCPFlags.ack.rawValue
    let urg = TCPFlags.urg.rawValue
    switch rawValue & (fin | syn | rst | ack | urg) {
    case syn, syn | urg, syn | ack, rst, rst | ack, fin | ack, fin | ack | urg, ack, ack | urg: return true
    default: return false
    }
  }
}

// The ports, which stand first in the headers of TCP, UDP, UDP-Lite, SCTP and DCCP alike.

/// The two ports at the begin of a transport header whose protocol `hasPorts`; bytes that are missing read as 0.
public enum TransportPorts {
  /// The offsets of the fields in bytes (kernel: `struct tcphdr`, `struct udphdr`, `struct sctphdr`,
  /// `struct dccp_hdr`).
  @usableFromInline enum Field {
    @inlinable static var source: Int { 0 }
    @inlinable static var destination: Int { 2 }
  }

  /// Where what counts as ports begins in the header of a protocol; nil where nothing does (kernel: `proto_ports_offset`,
  /// which takes the security parameters index of ESP and AH for ports, too).
  @inlinable public static func offset(in number: ProtocolNumber) -> Int? {
    switch number {
    case .tcp, .udp, .udplite, .sctp, .dccp, .esp: 0
    case .ah: AHHeader.Field.securityParameters
    default: nil
    }
  }

  /// Both ports in one word, the source port in its upper half; the first four bytes of any other header.
  @inlinable @inline(__always)
  public static func both(in bytes: [UInt8], at start: Int) -> UInt32 { bytes.uint32(at: start &+ Field.source) }

  /// The length of both ports in bytes.
  @inlinable public static var length: Int { 4 }

  /// The source port.
  @inlinable @inline(__always)
  public static func source(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.source)
  }

  /// Writes the source port.
  @inlinable @inline(__always)
  public static func setSource(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.source)
  }

  /// The destination port.
  @inlinable @inline(__always)
  public static func destination(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.destination)
  }

  /// Writes the destination port.
  @inlinable @inline(__always)
  public static func setDestination(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.destination)
  }

  /// The ports of a packet, where it has them: not those of later fragments, nor of protocols that have none.
  public static func ends(in bytes: [UInt8], _ header: IPHeader) -> (source: UInt16, destination: UInt16)? {
    let start = header.transportOffset
    guard header.fragmentOffset == 0, header.protocolNumber.hasPorts, bytes.count >= start + length else { return nil }
    return (source(in: bytes, at: start), destination(in: bytes, at: start))
  }
}

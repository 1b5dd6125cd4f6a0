// The redirect of neighbour discovery (RFC 4861 §4.5).

/// A redirect, whose options begin `length` bytes behind the begin of the message (kernel: `struct rd_msg`).
public enum ICMPv6Redirect {
  /// The length in bytes of the message before its options.
  public static var length: Int { 40 }
  /// The length in bytes of type and length of an option.
  public static var optionHeaderLength: Int { 2 }
  /// Where the quoted packet stands in the option that holds it, in bytes.
  public static var redirectedHeaderOffset: Int { 8 }

  /// A message with the Ethernet address of the target, if one is given, and the option that quotes a packet, of at most
  /// `room` bytes in all; its checksum is 0.
  public static func make(
    target: IPAddress, mac: [UInt8]?, destination: IPAddress, about bytes: [UInt8], room: Int
  ) -> [UInt8] {
    let named = mac.map { NeighbourOptions.make(.target, mac: $0) } ?? []
    let size = min(room - length - named.count, bytes.count + redirectedHeaderOffset) & ~7
    var message = ICMPMessage.makeHeader(type: ICMPType(ICMPv6Type.redirect.rawValue))
    message += target.bytes
    message += destination.bytes
    message += named
    guard size >= redirectedHeaderOffset else { return message }
    message += [4, UInt8(truncatingIfNeeded: size / 8), 0, 0, 0, 0, 0, 0]
    message += bytes.prefix(size - redirectedHeaderOffset)
    return message
  }

  /// The length of the option at `start` in units of 8 bytes.
  public static func optionLength(in bytes: [UInt8], at start: Int) -> UInt8 { bytes.byte(at: start &+ 1) }

  /// Whether the option at `start` quotes a packet (`ND_OPT_REDIRECT_HDR`).
  public static func isRedirectedHeader(in bytes: [UInt8], at start: Int) -> Bool { bytes.byte(at: start) == 4 }
}

// The fields of an IPv6 packet as the kernel's log has them.

import NetfilterModel

extension LogFields {
  /// Appends the fields (kernel: `dump_ipv6_packet`).
  func writeIPv6(into text: inout String) -> Bool {
    guard let source = IPv6Header.source(in: bytes, at: 0), let destination = IPv6Header.destination(in: bytes, at: 0)
    else {
      text += "TRUNCATED"
      return false
    }
    text += "SRC=\(Self.full(source)) DST=\(Self.full(destination)) "
    text += "LEN=\(Int(IPv6Header.payloadLength(in: bytes, at: 0)) + IPv6Header.length) "
    text += "TC=\(IPv6Header.trafficClass(in: bytes, at: 0)) HOPLIMIT=\(IPv6Header.hopLimit(in: bytes, at: 0)) "
    text += "FLOWLBL=\(IPv6Header.flowLabel(in: bytes, at: 0)) "
    var place = IPv6HeaderPlace.first(in: bytes)
    var isFragment = false
    while place.protocolNumber.isIPv6Extension || place.protocolNumber == .esp {
      if place.protocolNumber == .ipv6NoNextHeader { break }
      guard bytes.count - place.offset >= IPv6OptionsHeader.minimumLength else {
        text += "TRUNCATED"
        return false
      }
      guard header(place, &isFragment, into: &text) else { return false }
      place.advance(bytes)
    }
    if place.protocolNumber == .icmpv6 { return icmpv6(place.offset, isFragment, &text) }
    return transport(place.protocolNumber, place.offset, isFragment: isFragment, into: &text)
  }

  /// An extension header; false where the kernel ends the line with it.
  private func header(_ place: IPv6HeaderPlace, _ isFragment: inout Bool, into text: inout String) -> Bool {
    let start = place.offset
    if detail.ipOptions { text += "OPT ( " }
    let end = detail.ipOptions ? ")" : ""
    switch place.protocolNumber {
    case .ipv6Fragment:
      text += "FRAG:"
      guard bytes.count - start >= IPv6FragmentHeader.length else {
        text += "TRUNCATED "
        return false
      }
      let fragmentation = IPv6FragmentHeader.fragmentation(in: bytes, at: start)
      text += "\(Int(fragmentation.offset) * 8) "
      if fragmentation.moreFragments { text += "INCOMPLETE " }
      text += "ID:\(Self.hex(IPv6FragmentHeader.identification(in: bytes, at: start), digits: 8)) "
      if fragmentation.offset != 0 { isFragment = true }
    case .ah where detail.ipOptions:
      guard security("AH", AHHeader.minimumLength, start, isFragment, &text) else { return false }
      text += "SPI=0x" + String(AHHeader.securityParameters(in: bytes, at: start), radix: 16) + " "
    case .ah: break
    case .esp:
      if detail.ipOptions, security("ESP", ESPHeader.length, start, isFragment, &text) {
        text += "SPI=0x" + String(ESPHeader.securityParameters(in: bytes, at: start), radix: 16) + " )"
      }
      return false
    default:
      if isFragment {
        text += end
        return false
      }
    }
    if detail.ipOptions { text += ") " }
    return true
  }

  /// The name of a header of IPsec; false where the header is not there, which ends the line.
  private func security(
    _ name: String, _ length: Int, _ start: Int, _ isFragment: Bool, _ text: inout String
  ) -> Bool {
    text += name + " "
    if isFragment {
      text += ")"
      return false
    }
    guard has(length, at: start, &text) else {
      text += ")"
      return false
    }
    return true
  }

  private func icmpv6(_ start: Int, _ isFragment: Bool, _ text: inout String) -> Bool {
    text += "PROTO=ICMPv6 "
    if isFragment { return true }
    guard has(ICMPMessage.headerLength, at: start, &text) else { return false }
    let type = ICMPv6Message.type(in: bytes, at: start)
    text += "TYPE=\(type.rawValue) CODE=\(ICMPMessage.code(in: bytes, at: start).rawValue) "
    switch type {
    case .echoRequest, .echoReply: writeQuery(start, &text)
    case .destinationUnreachable, .packetTooBig, .timeExceeded, .parameterProblem:
      let word = ICMPMessage.information(in: bytes, at: start)
      if type == .parameterProblem { text += "POINTER=\(Self.hex(word, digits: 8)) " }
      if !isQuoted { writeQuoted(start, &text) }
      if type == .packetTooBig { text += "MTU=\(word) " }
    default: break
    }
    return true
  }

  /// An address in full, as the kernel's `%pI6` prints it.
  private static func full(_ address: IPAddress) -> String {
    (0..<8).map { group in
      hex((group < 4 ? address.high : address.low) >> UInt64(48 - 16 * (group % 4)) & 0xffff, digits: 4)
    }.joined(separator: ":")
  }
}

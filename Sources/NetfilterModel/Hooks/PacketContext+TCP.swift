// Changes that targets make to TCP headers, with the checksum mended as the kernel does.

extension PacketContext {
  /// Changes TCP's flags to `flags & ~mask | value`; false for a TCP header that is cut off (kernel: `set_ect_tcp`).
  public mutating func setTCPFlags(_ value: UInt8, mask: UInt8) -> Bool {
    guard header.protocolNumber == .tcp else { return true }
    guard transportLength >= TCPHeader.minimumLength else { return false }
    let old = TCPHeader.flags(in: packet.bytes, at: transportOffset).rawValue
    let new = old & ~mask | value
    if new != old {
      pull(TCPHeader.minimumLength)
      setTCPFlags(TCPFlags(rawValue: new))
    }
    return true
  }

  /// Lowers the maximum segment size of a SYN, or adds one; false for a broken TCP header (kernel: `tcpmss_mangle_packet`).
  public mutating func clampSegmentSize(to size: UInt16) -> Bool {
    if header.fragmentOffset != 0 { return true }
    pull(.max)
    let start = transportOffset
    guard let headerLength = tcpHeaderLength else { return false }
    let end = start &+ headerLength
    var index = start &+ TCPHeader.minimumLength
    while index <= end &- TCPOptions.maximumSegmentSizeLength {
      if TCPOptions.kind(in: packet.bytes, at: index) == .maximumSegmentSize,
        TCPOptions.length(in: packet.bytes, at: index) == TCPOptions.maximumSegmentSizeLength
      {
        let old = TCPOptions.maximumSegmentSize(in: packet.bytes, at: index)
        guard old > size else { return true }
        // At an odd offset the kernel mends the checksum as if the offset were even.
        mendTCPChecksum(old: old, new: size)
        TCPOptions.setMaximumSegmentSize(size, in: &packet.bytes, at: index)
        return true
      }
      index &+= TCPOptions.step(in: packet.bytes, at: index)
    }
    if transportLength == headerLength, headerLength < TCPHeader.maximumLength {
      addSegmentSize(min(size, header.family == .ipv4 ? 536 : 1220))
    }
    return true
  }

  private mutating func addSegmentSize(_ size: UInt16) {
    let option = TCPOptions.maximumSegmentSize(size)
    let place = transportOffset &+ TCPHeader.minimumLength
    let length = UInt16(truncatingIfNeeded: transportLength)
    guard transportOffset >= 0, place <= packet.bytes.count else { return }
    mendTCPChecksum(old: length, new: length &+ UInt16(option.count))
    packet.bytes.insert(contentsOf: option, at: place)
    mendTCPChecksum(old: 0, new: TCPOptions.kindAndLength(in: option, at: 0))
    mendTCPChecksum(old: 0, new: size)
    setTCPHeaderLength(TCPHeader.length(in: packet.bytes, at: transportOffset) &+ option.count)
    lengthen(by: option.count)
    refresh()
  }

  /// Overwrites TCP options with NOP; false for a broken TCP header (kernel: `tcpoptstrip_mangle_packet`).
  public mutating func stripTCPOptions(_ kinds: TCPOptionSet) -> Bool {
    if header.fragmentOffset != 0 { return true }
    let start = transportOffset
    guard let headerLength = tcpHeaderLength else { return false }
    pull(headerLength)
    let end = start &+ headerLength
    var index = start &+ TCPHeader.minimumLength
    while index < end &- 1 {
      let length = TCPOptions.step(in: packet.bytes, at: index)
      if index &+ length > end { break }
      if kinds.contains(TCPOptions.kind(in: packet.bytes, at: index).rawValue) {
        for place in index..<index &+ length {
          let old = UInt16(TCPOptions.overwrite(in: &packet.bytes, at: place))
          let shift = UInt16((place &- start) & 1 == 0 ? 8 : 0)
          mendTCPChecksum(old: old << shift, new: UInt16(TCPOptionKind.noOperation.rawValue) << shift)
        }
      }
      index &+= length
    }
    return true
  }

  /// The length of the TCP header by its data offset, in bytes; nil when it is below 20 or not all there.
  var tcpHeaderLength: Int? {
    let length = TCPHeader.length(in: packet.bytes, at: transportOffset)
    let least = TCPHeader.minimumLength
    return transportLength >= least && length >= least && transportLength >= length ? length : nil
  }

  /// Where the options of the TCP header lie; nil when the header is not all there.
  var tcpOptions: Range<Int>? {
    tcpHeaderLength.map { transportOffset &+ TCPHeader.minimumLength..<transportOffset &+ $0 }
  }
}

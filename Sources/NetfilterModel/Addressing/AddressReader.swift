// Addresses as the functions read them that iptables and the C library's resolver call: one reader for each function.

/// Reads numeric addresses from text.
enum AddressReader {
  /// Four decimal numbers up to 255 at the start of bytes, none with a zero that it does not need, with dots between
  /// them.
  ///
  /// - Returns: the address and how many bytes it takes; nil when there is none.
  @inline(__always) static func quad(_ bytes: UnsafeBufferPointer<UInt8>) -> (bits: UInt32, length: Int)? {
    var bits: UInt32 = 0
    var part: UInt32 = 0
    var digits = 0
    var dots = 0
    var length = 0
    for byte in bytes {
      if byte >= 0x30, byte <= 0x39 {
        if digits > 0, part == 0 { return nil }
        part = part &* 10 &+ UInt32(byte &- 0x30)
        digits &+= 1
        if digits > 3 || part > 255 { return nil }
      } else {
        guard byte == 0x2e, dots < 3 else { break }
        if digits == 0 { return nil }
        bits = bits << 8 | part
        part = 0
        digits = 0
        dots &+= 1
      }
      length &+= 1
    }
    return digits > 0 && dots == 3 ? (bits << 8 | part, length) : nil
  }

  /// An IPv4 address in its one form, `192.0.2.1` (inet_pton(3) with `AF_INET`).
  static func inetPton4(_ text: some StringProtocol) -> UInt32? {
    text.utf8.withContiguousStorageIfAvailable { inetPton4($0) }
      ?? Array(text.utf8).withUnsafeBufferPointer { inetPton4($0) }
  }

  /// The same, from bytes.
  static func inetPton4(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
    guard let (bits, length) = quad(bytes), length == bytes.count else { return nil }
    return bits
  }

  /// An IPv6 address with an optional `::` and an optional dotted quad at the end (inet_pton(3) with `AF_INET6`; RFC
  /// 4291 §2.2).
  static func inetPton6(_ text: some StringProtocol) -> (high: UInt64, low: UInt64)? {
    var pieces = Substring(text).split(separator: ":", omittingEmptySubsequences: false)
    guard pieces.count >= 3, pieces.count <= 9 else { return nil }
    if pieces[0].isEmpty {
      guard pieces[1].isEmpty else { return nil }
      pieces.removeFirst()
    }
    if pieces[pieces.count - 1].isEmpty {
      guard pieces.count >= 2, pieces[pieces.count - 2].isEmpty else { return nil }
      pieces.removeLast()
    }
    var groups: [UInt16] = []
    var gap: Int?
    for (index, piece) in pieces.enumerated() {
      if piece.isEmpty {
        guard gap == nil else { return nil }
        gap = groups.count
      } else if index == pieces.count - 1, piece.utf8.contains(UInt8(ascii: ".")) {
        guard let quad = inetPton4(piece) else { return nil }
        groups.append(UInt16(quad >> 16))
        groups.append(UInt16(quad & 0xffff))
      } else {
        guard piece.utf8.count <= 4 else { return nil }
        var group: UInt16 = 0
        for byte in piece.utf8 {
          let digit = NumberReader.digit(byte)
          guard digit < 16 else { return nil }
          group = group << 4 | UInt16(digit)
        }
        groups.append(group)
      }
    }
    if let gap {
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: [UInt16](repeating: 0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    let word = { (part: ArraySlice<UInt16>) in part.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
    return (word(groups[0..<4]), word(groups[4..<8]))
  }

  /// An IPv4 address of one to four numbers, decimal, octal or hexadecimal, of which the last fills what is left:
  /// `10.1` is 10.0.0.1 (inet_aton(3), with nothing behind the address, as the resolver wants it).
  static func inetAton(_ text: some StringProtocol) -> UInt32? {
    let parts = text.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count <= 4 else { return nil }
    var bits: UInt64 = 0
    for (index, part) in parts.enumerated() {
      let width = UInt64(index == parts.count - 1 ? 8 * (5 - parts.count) : 8)
      guard let first = part.utf8.first, first >= 0x30, first <= 0x39,
        let value = parseUnsigned(part, in: 0...(1 << width - 1))
      else { return nil }
      bits = bits << width | value
    }
    return UInt32(truncatingIfNeeded: bits)
  }

  /// An IPv4 address of one to four numbers of a byte each, as strtoul reads them, of which those on the right may be
  /// missing: `10.1` is 10.1.0.0 (iptables: `xtables_numeric_to_ipaddr`).
  static func numericToIPAddr(_ text: some StringProtocol) -> UInt32? {
    numericAddress(text)?.bits
  }

  /// An IPv4 address of four numbers of a byte each, as strtoul reads them (iptables: `xtables_numeric_to_ipmask`).
  static func numericToIPMask(_ text: some StringProtocol) -> UInt32? {
    guard let (bits, parts) = numericAddress(text), parts == 4 else { return nil }
    return bits
  }

  private static func numericAddress(_ text: some StringProtocol) -> (bits: UInt32, parts: Int)? {
    if let bits = inetPton4(text) { return (bits, 4) }
    let parts = text.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count <= 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard let byte = parseUnsigned(part, in: 0...255) else { return nil }
      bits = bits << 8 | UInt32(byte)
    }
    return (bits << UInt32(8 * (4 - parts.count)), parts.count)
  }
}

// Reads entries as libipset does.

/// Reads the entries of sets of a type.
struct SetElementReader {
  let type: SetType
  let family: AddressFamily?
  let command: SetCommand
  /// The word that is read.
  let word: SetWord

  private func error(_ message: String) -> SetTextError { SetTextError(.badSetEntry, message, at: word) }

  /// The parts before and behind the first separator, which stands neither first nor last (libipset: `ipset_strchr`).
  static func cut(_ text: Substring, at separator: UInt8) -> (Substring, Substring)? {
    let bytes = text.utf8
    guard bytes.first != separator, bytes.last != separator, let place = bytes.firstIndex(of: separator) else {
      return nil
    }
    return (text[..<place], text[bytes.index(after: place)...])
  }

  /// Reads an entry (libipset: `ipset_parse_elem`).
  func read() throws(SetTextError) -> SetElement {
    if type.method == .list { return try readMember() }
    var element = SetElement()
    var texts: [Substring] = []
    var rest = word.text
    while texts.count < 2, let (first, second) = SetElementReader.cut(rest, at: UInt8(ascii: ",")) {
      texts.append(first)
      rest = second
    }
    texts.append(rest)
    if texts.count > type.parts.count || SetElementReader.cut(rest, at: UInt8(ascii: ",")) != nil {
      throw error("an entry of `\(type.name)` has \(SetElementReader.count(type.parts.count))")
    }
    if texts.count < type.parts.count, !type.isLastPartOptional {
      throw error("an entry of `\(type.name)` has \(SetElementReader.count(type.parts.count)), separated by commas")
    }
    for (place, text) in texts.enumerated() { try read(text, type.parts[place], place, &element) }
    return element
  }

  private static func count(_ count: Int) -> String {
    count == 1 ? "one part" : count == 2 ? "two parts" : "three parts"
  }

  private func read(_ text: Substring, _ part: SetPart, _ place: Int, _ element: inout SetElement) throws(SetTextError)
  {
    switch part {
    case .address, .singleAddress, .network:
      let span = try span(text, part, place)
      if place == 0 { element.address = span } else { element.second = span }
    case .protocolPort: try readPort(text, &element)
    case .port:
      try readPort(text, &element)
      guard element.protocolNumber == .tcp || element.protocolNumber == .udp else {
        throw error("a port of `\(type.name)` is one of tcp or udp")
      }
      element.protocolNumber = nil
    case .hardware: element.hardware = try hardware(text)
    case .interface:
      let isPhysical = text.hasPrefix("physdev:")
      let name = isPhysical ? text.dropFirst(8) : text
      if name.utf8.count > 15 { throw error("the name `\(name)` of an interface has more than 15 bytes") }
      if isPhysical { element.flags |= SetKey.Flag.physical }
      element.interface = InterfaceName(name)
    case .mark:
      element.mark = UInt32(truncatingIfNeeded: try SetNumber.read(text, 0...UInt64(UInt32.max), word))
    case .set: break
    }
  }

  // MARK: Addresses

  private func span(_ text: Substring, _ part: SetPart, _ place: Int) throws(SetTextError) -> SetSpan {
    let family = family ?? .ipv4
    let slash = SetElementReader.cut(text, at: UInt8(ascii: "/"))
    let isRange = try escapedRange(text) != nil
    let host = family.addressBits
    let takesOneOnly = part == .singleAddress || (part == .address && family == .ipv6)
    if takesOneOnly, isRange || (slash != nil && slash?.1 != "\(host)") {
      throw error("`\(text)` is not one address")
    }
    if family == .ipv6, part == .network, isRange { throw error("a range of IPv6 addresses is not possible here") }
    var span: SetSpan
    if let (address, length) = slash {
      let prefix = try SetNumber.read(length, 0...UInt64(host), word, .badSetEntry)
      span = SetSpan(first: try self.address(address, family), prefix: UInt8(truncatingIfNeeded: prefix))
    } else if let (first, last) = try escapedRange(text) {
      span = SetSpan(first: try address(first, family), last: try address(last, family))
    } else {
      span = SetSpan(first: try address(text, family))
    }
    try checkAllowed(span, part, place)
    return span
  }

  /// What a command does not take (libipset: `check_allowed`).
  private func checkAllowed(_ span: SetSpan, _ part: SetPart, _ place: Int) throws(SetTextError) {
    if part == .singleAddress, span.prefix != nil { throw error("a network is not possible here") }
    guard command == .test else { return }
    let isFree = type.parts == [.address] && type.method == .hash
    if span.last != nil, !isFree, place == 0 { throw error("`test` takes no range of addresses here") }
    if span.prefix != nil, part == .address, !isFree { throw error("`test` takes no network here") }
  }

  /// The ends of a range, whose names may stand in brackets (libipset: `find_range_separator`).
  private func escapedRange(_ text: Substring) throws(SetTextError) -> (Substring, Substring)? {
    guard text.utf8.first == UInt8(ascii: "[") else { return SetElementReader.cut(text, at: UInt8(ascii: "-")) }
    guard let end = text.utf8.firstIndex(of: UInt8(ascii: "]")) else { throw error("`]` is missing in `\(text)`") }
    let behind = text.utf8.index(after: end)
    if behind == text.endIndex { return nil }
    guard text.utf8[behind] == UInt8(ascii: "-") else { throw error("`-` is missing behind `]` in `\(text)`") }
    return (text[..<behind], text[text.utf8.index(after: behind)...])
  }

  private func unescaped(_ text: Substring) throws(SetTextError) -> Substring {
    guard text.utf8.first == UInt8(ascii: "[") else { return text }
    guard text.utf8.last == UInt8(ascii: "]"), text.utf8.count > 1 else { throw error("`]` is missing in `\(text)`") }
    return text.dropFirst().dropLast()
  }

  /// A numeric address as gethostbyname2(3) reads it; names are not looked up.
  private func address(_ escaped: Substring, _ family: AddressFamily) throws(SetTextError) -> IPAddress {
    let text = try unescaped(escaped)
    if family == .ipv4 {
      if let bits = SetElementReader.ipv4(text) { return .v4(bits) }
    } else if let (high, low) = AddressReader.inetPton6(text) {
      return .v6(high, low)
    }
    var error = error("`\(text)` is not an \(family == .ipv4 ? "IPv4" : "IPv6") address")
    if text.utf8.contains(where: { $0 | 0x20 >= 0x67 && $0 | 0x20 <= 0x7a }) {
      error.help = "names of hosts are not looked up: give the address"
    }
    throw error
  }

  /// Digits and dots as inet_aton(3) reads them.
  static func ipv4(_ text: Substring) -> UInt32? {
    if let bits = AddressReader.inetPton4(text) { return bits }
    guard text.utf8.allSatisfy({ $0 == 0x2e || ($0 >= 0x30 && $0 <= 0x39) }) else { return nil }
    return AddressReader.inetAton(text)
  }

  // MARK: Ports

  private func readPort(_ text: Substring, _ element: inout SetElement) throws(SetTextError) {
    guard let (name, port) = SetElementReader.cut(text, at: UInt8(ascii: ":")) else {
      element.protocolNumber = .tcp
      return try readPorts(text, "tcp", &element)
    }
    let number = try protocolNumber(name)
    element.protocolNumber = number
    switch number {
    case .tcp, .udp, .udplite, .sctp: try readPorts(port, name, &element)
    case .icmp, .icmpv6:
      guard family == (number == .icmp ? .ipv4 : .ipv6) else {
        throw error("`\(name)` is not a protocol of the family of this set")
      }
      guard let (type, code) = SetICMPName.parse(port, number) else {
        throw error("`\(port)` is not a type of \(number): its name, or type/code")
      }
      element.port = UInt16(type) << 8 | UInt16(code)
    default:
      guard port == "0" else { throw error("the port of protocol `\(name)` is 0") }
    }
    if command == .test, element.lastPort != nil { throw error("`test` takes no range of ports") }
  }

  private func protocolNumber(_ name: Substring) throws(SetTextError) -> ProtocolNumber {
    if let number = parseUnsigned(name, in: 0...255) { return ProtocolNumber(UInt8(truncatingIfNeeded: number)) }
    let isICMPv6 = name.utf8.count == 6 && name.lowercased() == "icmpv6"
    guard let number = ProtocolNumber(filedName: isICMPv6 ? "ipv6-icmp" : name), number.rawValue != 0 else {
      throw error("`\(name)` is not a protocol")
    }
    return number
  }

  private func readPorts(_ text: Substring, _ name: Substring, _ element: inout SetElement) throws(SetTextError) {
    if let (first, last) = try escapedRange(text) {
      if command == .test { throw error("`test` takes no range of ports") }
      element.lastPort = try port(last, name)
      element.port = try port(first, name)
    } else {
      element.port = try port(text, name)
    }
  }

  private func port(_ text: Substring, _ name: Substring) throws(SetTextError) -> UInt16 {
    if let number = parseUnsigned(text, in: 0...65535) { return UInt16(truncatingIfNeeded: number) }
    let service = try unescaped(text)
    // The services of a protocol are found by its first name only.
    guard let number = ProtocolNumber(filedName: name), number.description == name,
      let port = ServiceNames.port(named: service, protocolNumber: number)
    else { throw error("`\(text)` is not a port of \(name)") }
    return port
  }

  // MARK: Other parts

  private func hardware(_ text: Substring) throws(SetTextError) -> UInt64 {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var address: UInt64 = 0
    guard parts.count == 6, text.utf8.count <= 17 else { throw error("`\(text)` is not a hardware address") }
    for part in parts {
      guard let byte = UInt8(part, radix: 16), part.utf8.first != 0x2b else {
        throw error("`\(text)` is not a hardware address: six hexadecimal numbers with colons")
      }
      address = address << 8 | UInt64(byte)
    }
    return address
  }

  /// The name of a set, with an older form of `before` and `after` (libipset: `ipset_parse_name_compat`).
  private func readMember() throws(SetTextError) -> SetElement {
    var element = SetElement()
    element.set = String(word.text)
    if let (name, rest) = SetElementReader.cut(word.text, at: UInt8(ascii: ",")) {
      guard let (order, other) = SetElementReader.cut(rest, at: UInt8(ascii: ",")),
        order == "before" || order == "after"
      else { throw error("an entry of `\(type.name)` is the name of a set") }
      element.set = String(name)
      element.reference = (String(other), order == "before")
    }
    for name in [element.set, element.reference?.name ?? ""] where name.utf8.count > SetFileParser.longestName {
      throw error("the name of a set has at most \(SetFileParser.longestName) bytes")
    }
    return element
  }
}

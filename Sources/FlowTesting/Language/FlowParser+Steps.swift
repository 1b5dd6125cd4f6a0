// Reads steps: packets, the packets that follow them, and time that passes.

import NetfilterModel
import Simulator

extension FlowParser {
  /// `action [ => expectation ]`.
  mutating func step(_ words: inout WordReader, _ range: SourceRange) throws(FlowProblem) -> FlowStep {
    let action = try action(&words)
    var expectation: FlowExpectation?
    if words.isNext("=>"), let arrow = words.take() {
      switch action {
      case .packet, .reply, .again: expectation = try self.expectation(&words)
      default: throw FlowProblem(.unexpectedWord, arrow.range, "only a packet can be expected to do something")
      }
    }
    try words.end()
    return FlowStep(action: action, expectation: expectation, range: range)
  }

  private func action(_ words: inout WordReader) throws(FlowProblem) -> FlowAction {
    let first = try words.next("a step")
    switch first.text {
    case "in":
      let on = try words.next("`on`")
      guard on.text == "on" else {
        throw FlowProblem(.unexpectedWord, on.range, "expected `on` and an interface, found `\(on.text)`")
      }
      return .packet(try packet(&words, .arrival(try interfaceName(&words))))
    case "local": return .packet(try packet(&words, .local))
    case "reply": return .reply(try followUp(&words))
    case "again": return .again(try followUp(&words))
    case "wait": return .wait(try duration(try words.next("a duration, as in `30s`")))
    case "at": return .at(try time(&words))
    case "flush":
      let what = try words.next("`conntrack`")
      guard what.text == "conntrack" else {
        throw FlowProblem(.unexpectedWord, what.range, "expected `conntrack`, found `\(what.text)`")
      }
      return .flushConntrack
    case "load":
      let what = try words.next("`rules`")
      guard what.text == "rules" else {
        throw FlowProblem(.unexpectedWord, what.range, "expected `rules`, found `\(what.text)`")
      }
      let file = try rulesFile(&words)
      return .loadRules(file.family, path: file.path, arguments: file.arguments)
    default:
      let known = ["in", "local", "reply", "again", "wait", "flush", "load", "at"]
      throw FlowProblem(
        .unknownKeyword, first.range, "`\(first.text)` does not start a step",
        help: FlowSlip.firstWord(first.text) ?? Spelling.nearest(to: first.text, among: known).map {
          "did you mean `\($0)`?"
        }
          ?? "a packet starts with `in on INTERFACE` or `local`")
    }
  }

  private func duration(_ word: FlowWord) throws(FlowProblem) -> UInt64 {
    let units: [(String, UInt64)] = [
      ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
      ("d", 86_400_000_000_000),
    ]
    for (suffix, scale) in units where word.text.hasSuffix(suffix) {
      let digits = word.text.dropLast(suffix.count)
      if !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) {
        // Longer than the clock goes is until it stops.
        let (duration, isTooLong) = (UInt64(digits) ?? .max).multipliedReportingOverflow(by: scale)
        return isTooLong ? .max : duration
      }
    }
    throw FlowProblem(
      .badDuration, word.range, "`\(word.text)` is not a duration", help: "a number with ms, s, m, h or d: 30s 5m 2h")
  }

  private func followUp(_ words: inout WordReader) throws(FlowProblem) -> FollowUp {
    var result = FollowUp()
    result.flags = try flags(&words)
    while !words.isNext("=>"), let word = words.take() {
      result.options.append(try option(word))
    }
    return result
  }

  /// `[S.]`, or nil when the next word is none.
  private func flags(_ words: inout WordReader) throws(FlowProblem) -> TCPFlags? {
    guard words.nextBegins(with: UInt8(ascii: "[")), let word = words.take() else { return nil }
    guard word.text.utf8.count > 1, word.text.utf8.last == UInt8(ascii: "]"),
      let flags = TCPFlags(letters: Substring(word.text.utf8.dropFirst().dropLast()))
    else {
      throw FlowProblem(
        .badFlags, word.range, "`\(word.text)` is not a set of TCP flags",
        help: FlowSlip.flags(word.text) ?? "the letters are S F R P . U E W, as in [S.]; `.` is ACK")
    }
    return flags
  }

  private func option(_ word: FlowWord) throws(FlowProblem) -> PacketOption {
    let sign = word.text.utf8.firstIndex(of: UInt8(ascii: "="))
    guard sign != nil || PacketOption.bareNames.contains(word.text) else {
      throw FlowProblem(
        .unexpectedWord, word.range, "`\(word.text)` is not expected here",
        help: FlowSlip.flags(word.text) ?? "options of a packet are written as `name=value`")
    }
    let name = String(word.text[..<(sign ?? word.text.endIndex)])
    let value = sign.map { String(word.text[word.text.index(after: $0)...]) } ?? ""
    switch PacketOption.parse(name, value) {
    case .success(let option): return option
    case .failure(let error):
      let isName = !PacketOption.names.contains(name)
      throw FlowProblem(
        .badOption,
        isName ? word.range.part(from: 0, length: name.utf8.count) : word.range.part(from: name.utf8.count + 1),
        error.message, help: error.help)
    }
  }

  /// `proto endpoint > endpoint [FLAGS] { opt }`, and where routing sends it.
  private func packet(_ words: inout WordReader, _ origin: FlowOrigin) throws(FlowProblem) -> FlowPacket {
    let start = try words.next("a protocol")
    let (number, icmpType) = try transport(start, &words)
    let source = try endpoint(try words.next("the source address"))
    let arrow = try words.next("`>`")
    guard arrow.text == ">" else {
      throw FlowProblem(
        .missingArrow, arrow.range, "expected `>` between the two ends, found `\(arrow.text)`",
        help: FlowSlip.arrow(arrow.text))
    }
    let destination = try endpoint(try words.next("the destination address"))
    guard source.address.family == destination.address.family else {
      throw FlowProblem(.mixedFamilies, destination.range, "one end is an IPv4 address and the other an IPv6 address")
    }
    let isICMP = number == .icmp || number == .icmpv6
    if isICMP, (number == .icmp) != (source.address.family == .ipv4) {
      throw FlowProblem(.mixedFamilies, start.range, "`\(start.text)` does not go with addresses of this family")
    }
    try checkPort(source, start, number)
    try checkPort(destination, start, number)
    var packet = PacketDescription(number, from: source.address, to: destination.address)
    packet.sourcePort = source.port ?? 0
    packet.destinationPort = destination.port ?? 0
    if let icmpType {
      packet.icmpType = icmpType.type
      packet.icmpCode = icmpType.code
    }
    packet.takeUsualHopLimit()
    let flagsRange = words.peek?.range
    if let flags = try flags(&words) {
      guard number == .tcp else {
        throw FlowProblem(.unexpectedFlags, flagsRange ?? start.range, "only `tcp` has flags")
      }
      packet.flags = flags
    }
    if packet.flags.contains(.ack) { packet.acknowledgement = 1 }
    var hint: RoutingHint?
    while !words.isNext("=>"), let word = words.take() {
      if hint == nil, let found = try routingHint(word, &words, origin) {
        hint = found
        continue
      }
      let option = try option(word)
      try check(option, packet, origin, word)
      packet.apply(option)
    }
    if let missing = packet.complete() {
      throw FlowProblem(.missingWord, start.range, missing.message, help: missing.help)
    }
    if let length = packet.length, length < packet.minimumLength {
      throw FlowProblem(
        .tooShort, start.range, "the packet is \(packet.minimumLength) bytes long, more than len=\(length)")
    }
    let longest = PacketDescription.maximumLength(source.address.family)
    if packet.minimumLength > longest {
      throw FlowProblem(
        .tooLong, start.range, "the packet is \(packet.minimumLength) bytes long; at most \(longest) are possible")
    }
    var flow = FlowPacket(origin: origin, packet: packet, hint: hint)
    flow.output = try zone(source, destination, origin, hint)
    return flow
  }

  private func checkPort(_ end: Endpoint, _ start: FlowWord, _ number: ProtocolNumber) throws(FlowProblem) {
    if end.port == nil, PacketDescription.hasPorts(number) {
      throw FlowProblem(
        .missingPort, end.range, "`\(start.text)` needs a port at both ends",
        help: "write it as \(end.textForPort):PORT")
    }
    if end.port != nil, !PacketDescription.hasPorts(number) {
      throw FlowProblem(.unexpectedPort, end.range, "`\(start.text)` has no ports")
    }
  }

  /// The interface that the zones of both ends name, for packets of the host; nil without one (RFC 4007 §11).
  private func zone(
    _ source: Endpoint, _ destination: Endpoint, _ origin: FlowOrigin, _ hint: RoutingHint?
  ) throws(FlowProblem) -> InterfaceName? {
    var result: InterfaceName?
    if case .send(let name) = hint { result = name }
    try takeZone(source, origin, &result)
    try takeZone(destination, origin, &result)
    guard origin == .local else { return nil }
    if result == nil, destination.address.isLinkLocal {
      throw FlowProblem(
        .missingWord, destination.range, "a link-local destination needs the interface that it is behind",
        help: "write it as \(destination.withZone("INTERFACE"))")
    }
    return result
  }

  private func takeZone(_ end: Endpoint, _ origin: FlowOrigin, _ result: inout InterfaceName?) throws(FlowProblem) {
    guard let zone = end.zone else { return }
    let name = InterfaceName(zone)
    if case .arrival(let input) = origin, input != name {
      throw FlowProblem(
        .badInterface, end.range, "the packet arrives on `\(input)`, and the zone of `\(end.text)` is `\(zone)`",
        help: "a link-local address counts on its own link alone")
    }
    if let result, result != name {
      throw FlowProblem(.badInterface, end.range, "the packet has two zones, `\(result)` and `\(zone)`")
    }
    result = name
  }

  private func check(_ option: PacketOption, _ packet: PacketDescription, _ origin: FlowOrigin, _ word: FlowWord)
    throws(FlowProblem)
  {
    if let refusal = option.refusal(packet) {
      throw FlowProblem(.badOption, word.range, refusal.message, help: refusal.help)
    }
    switch option {
    case .uid, .gid:
      if origin != .local {
        throw FlowProblem(
          .badOption, word.range, "only a packet of the host has a user", help: "start it with `local`")
      }
    case .mac:
      if origin == .local {
        throw FlowProblem(.badOption, word.range, "only a packet that arrives has a link-layer source")
      }
    default: break
    }
  }

  private func routingHint(_ word: FlowWord, _ words: inout WordReader, _ origin: FlowOrigin) throws(FlowProblem)
    -> RoutingHint?
  {
    switch word.text {
    case "deliver" where origin != .local: return .deliver
    case "forward" where origin != .local:
      let out = try words.next("`out`")
      guard out.text == "out" else {
        throw FlowProblem(.unexpectedWord, out.range, "expected `out` and an interface, found `\(out.text)`")
      }
      return .forward(try interfaceName(&words))
    case "out" where origin == .local: return .send(try interfaceName(&words))
    default: return nil
    }
  }

  /// The protocol, and for ICMP the type and code when they are given.
  private func transport(_ word: FlowWord, _ words: inout WordReader) throws(FlowProblem) -> (
    ProtocolNumber, (type: UInt8, code: UInt8)?
  ) {
    switch word.text {
    case "tcp": return (.tcp, nil)
    case "udp": return (.udp, nil)
    case "sctp": return (.sctp, nil)
    case "icmp", "icmp6":
      let number: ProtocolNumber = word.text == "icmp" ? .icmp : .icmpv6
      let isEnd = { (byte: UInt8) in byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") }
      guard let next = words.peek, next.text.utf8.first != UInt8(ascii: "$"),
        next.text.utf8.first != UInt8(ascii: "["), !next.text.utf8.contains(where: isEnd), next.text != ">"
      else {
        return (number, nil)
      }
      _ = words.take()
      guard let type = ICMPNames.parse(next.text, number) else {
        throw FlowProblem(
          .badIcmpType, next.range, "`\(next.text)` is not an \(number == .icmp ? "ICMP" : "ICMPv6") type",
          help: ICMPNames.nearest(next.text, number).map { "did you mean `\($0)`?" }
            ?? "a name, as in echo-request, or a number with an optional code, as in 3/1")
      }
      return (number, type)
    case "proto":
      let next = try words.next("the number of a protocol")
      guard let value = parseUnsigned(next.text, in: 0...255) else {
        throw FlowProblem(.badProtocol, next.range, "`\(next.text)` is not the number of a protocol (0 to 255)")
      }
      return (ProtocolNumber(UInt8(truncatingIfNeeded: value)), nil)
    default:
      let known = ["tcp", "udp", "icmp", "icmp6", "sctp", "proto"]
      throw FlowProblem(
        .badProtocol, word.range, "`\(word.text)` is not a protocol",
        help: FlowSlip.transport(word.text) ?? Spelling.nearest(to: word.text, among: known).map {
          "did you mean `\($0)`?"
        }
          ?? "the protocols are tcp udp icmp icmp6 sctp, or `proto N`")
    }
  }

  /// An end of a packet.
  struct Endpoint {
    var text: String
    var address: IPAddress
    /// The interface behind `%`, for a link-local address.
    var zone: String?
    var port: UInt16?
    var range: FlowSpan

    /// The text as it stands before a port.
    var textForPort: String {
      address.family == .ipv6 && !text.hasPrefix("[") && !text.hasPrefix("$") ? "[\(text)]" : text
    }

    /// The end with a zone.
    func withZone(_ zone: String) -> String { port.map { "[\(address)%\(zone)]:\($0)" } ?? "\(address)%\(zone)" }
  }

  /// `ADDR[:PORT]`, `[ADDR6][:PORT]` or `$NAME[:PORT]`.
  func endpoint(_ word: FlowWord) throws(FlowProblem) -> Endpoint {
    var text = word.text
    let parts = text.withUTF8 { EndText($0) }
    let hostRange = word.range.part(from: 0, length: max(1, parts.host.count))
    var end = Endpoint(text: word.text, address: .any(.ipv4), zone: nil, port: parts.portNumber, range: word.range)
    if let address = parts.address {
      end.address = address
    } else {
      (end.address, end.zone) = try host(FlowParser.part(parts.host, of: text), hostRange)
    }
    if let port = parts.port, parts.portNumber == nil {
      let portText = FlowParser.part(port, of: text)
      throw FlowProblem(
        .badPort, word.range.part(from: port.lowerBound), "`\(portText)` is not a port (0 to 65535)",
        help: FlowSlip.port(String(portText)))
    }
    return end
  }

  /// A part of a text by its bytes.
  private static func part(_ range: Range<Int>, of text: String) -> Substring {
    let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
    return text[start..<text.utf8.index(start, offsetBy: range.count)]
  }

  /// The address that a text is, or that its `$NAME` has, and its zone.
  private func host(_ text: Substring, _ range: FlowSpan) throws(FlowProblem) -> (IPAddress, zone: String?) {
    var host = text
    if host.utf8.first == UInt8(ascii: "$") {
      let name = String(Substring(host.utf8.dropFirst()))
      guard let values = names[name] else {
        throw FlowProblem(
          .unknownName, range, "`\(name)` is not the name of anything",
          help: Spelling.nearest(to: name, among: names.keys.sorted()).map { "did you mean `$\($0)`?" }
            ?? "give it a value with `let \(name) = ADDRESS`")
      }
      guard values.count == 1 else {
        throw FlowProblem(.manyValues, range, "`\(name)` has \(values.count) values; a packet needs one")
      }
      host = values[0][...]
      if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    }
    let zone = try self.zone(&host, range)
    guard let address = IPAddress(host) else {
      throw FlowProblem(
        .badAddress, range, "`\(host)` is not an address",
        help: host.utf8.contains(UInt8(ascii: ":"))
          ? "an IPv6 address with a port is written as [2001:db8::1]:80" : nil)
    }
    if let zone, !address.isLinkLocal, !(address.isMulticast && address.family == .ipv6 && address.multicastScope <= 2)
    {
      throw FlowProblem(
        .badAddress, range, "`\(address)` is no link-local address and has no zone", help: "leave `%\(zone)` out")
    }
    return (address, zone)
  }

  /// Takes the zone off an address: `wan` of `fe80::1%wan` (RFC 4007 §11).
  private func zone(_ host: inout Substring, _ range: FlowSpan) throws(FlowProblem) -> String? {
    guard let sign = host.utf8.firstIndex(of: UInt8(ascii: "%")) else { return nil }
    let name = host[host.utf8.index(after: sign)...]
    guard InterfaceName.isValid(String(name)) else {
      throw FlowProblem(
        .badInterface, range, "`\(name)` cannot be the name of an interface",
        help: "the zone of an address is its interface, as in fe80::1%eth0")
    }
    host = host[..<sign]
    return String(name)
  }
}

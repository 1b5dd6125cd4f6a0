// Packets that a scenario derives from others: what the far end would answer to a packet that left the host.

#if !hasFeature(Embedded)

  import NetfilterModel
  import Simulator

  extension ScenarioPacket {
    /// Whether the packet is still to be derived from an earlier step.
    var isDerived: Bool { replyTo != nil || icmpErrorTo != nil }

    /// The most bytes of a packet that an error quotes: what the longest packet has room for.
    static let mostQuoted = 65_487

    /// Who sends the ICMP error.
    private var errorSource: IPAddress? {
      from.flatMap { IPAddress($0, family: .ipv4) ?? IPAddress($0, family: .ipv6) }
    }

    /// The most seconds that a step waits: 31 years.
    static let longestWait = 1e9

    /// What no step can have, or nil; `number` steps stand before it.
    func problem(after number: Int) -> String? {
      if let wait, !(0...Self.longestWait).contains(wait) { return "`wait` is 0 to 1000000000 seconds" }
      for (name, index) in [("reply_to", replyTo), ("icmp_error_to", icmpErrorTo)] {
        if let index, !(0..<number).contains(index) { return "`\(name)` names no step before this one" }
      }
      for (name, value) in [("type", type), ("type6", type6), ("code", code)] {
        if let value, !(0...255).contains(value) { return "`\(name)` is 0 to 255" }
      }
      if let data, Packet(hex: data) == nil { return "`data` is no hexadecimal text" }
      if let quoted, !(0...Self.mostQuoted).contains(quoted) { return "`quoted` is 0 to \(Self.mostQuoted) bytes" }
      if icmpErrorTo != nil, errorSource == nil { return "`from` is missing or no address" }
      if let flags, !flags.utf8.allSatisfy({ "FSRPAUECfsrpauec".utf8.contains($0) }) {
        return "`flags` has other letters than F S R P A U E C"
      }
      return nil
    }

    /// The packet with its bytes, or nil when the step that it answers let nothing out that has an answer; `number` is its own.
    ///
    /// - Throws: `ScenarioError` when `from` is of another family than the packet that left.
    func derived(from steps: [ScenarioStep], number: Int) throws(ScenarioError) -> ScenarioPacket? {
      guard let index = replyTo ?? icmpErrorTo, steps.indices.contains(index), let left = steps[index].emitted?.last,
        let subject = Packet(hex: left.packet), let header = IPHeader(subject.bytes)
      else { return nil }
      if icmpErrorTo != nil, errorSource?.family != header.family {
        throw .packet(number, "`from` is no address of the family of the packet that left in step \(index)")
      }
      let bytes = icmpErrorTo != nil ? errorBytes(about: subject, header) : replyBytes(to: subject, header)
      guard let bytes else { return nil }
      var result = ScenarioPacket()
      result.in = left.out
      result.hex = Packet(bytes: bytes).hex
      return result
    }

    private func errorBytes(about subject: Packet, _ header: IPHeader) -> [UInt8]? {
      guard let source = errorSource else { return nil }
      if header.family == .ipv6 {
        let type = ICMPv6Type(
          UInt8(clamping: type6 ?? Int((type == 11 ? ICMPv6Type.timeExceeded : .destinationUnreachable).rawValue)))
        var message = ICMPMessage.makeHeader(
          type: ICMPType(type.rawValue), code: code.map { ICMPCode(UInt8(clamping: $0)) } ?? .none,
          information: type == .packetTooBig ? UInt32(IPv6Header.minimumMTU) : 0)
        message += subject.bytes.prefix(quoted ?? IPv6Header.length + 8)
        TransportChecksum.update(&message, from: 0, .icmpv6, source: source, destination: header.source)
        return Self.datagram(from: source, to: header.source, .icmpv6, message)
      }
      let message = ICMPMessage.make(
        type: type.map { ICMPType(UInt8(clamping: $0)) } ?? .destinationUnreachable,
        code: code.map { ICMPCode(UInt8(clamping: $0)) } ?? .networkUnreachable,
        body: subject.bytes.prefix(IPv4Header.minimumLength + 8))
      return Self.datagram(from: source, to: header.source, .icmp, message)
    }

    private func replyBytes(to subject: Packet, _ header: IPHeader) -> [UInt8]? {
      let start = header.transportOffset
      let bytes = subject.bytes
      guard header.fragmentOffset == 0 else { return nil }
      let sourcePort = TransportPorts.destination(in: bytes, at: start)
      let destinationPort = TransportPorts.source(in: bytes, at: start)
      var answer: [UInt8]
      switch header.protocolNumber {
      case .tcp:
        guard bytes.count >= start + TCPHeader.minimumLength, TCPHeader.flags(in: bytes, at: start).contains(.syn)
        else {
          return nil
        }
        answer = TCPHeader.make(
          sourcePort: sourcePort, destinationPort: destinationPort, sequence: UInt32(truncatingIfNeeded: seq ?? 0),
          acknowledgement: UInt32(truncatingIfNeeded: ack ?? 0), flags: TCPFlags(initials: flags ?? ""), window: 64240)
        answer += Packet(hex: data ?? "")?.bytes ?? []
      case .udp:
        guard bytes.count >= start + UDPHeader.length else { return nil }
        let text = Array("answer".utf8)
        answer = UDPHeader.make(sourcePort: sourcePort, destinationPort: destinationPort, payloadLength: text.count)
        answer += text
      case .icmp:
        guard bytes.count >= start + ICMPMessage.headerLength,
          ICMPMessage.type(in: bytes, at: start) == .echoRequest
        else { return nil }
        answer = ICMPMessage.make(
          type: .echoReply, information: ICMPMessage.information(in: bytes, at: start), body: "ping".utf8)
        return Self.datagram(from: header.destination, to: header.source, .icmp, answer)
      case .icmpv6:
        guard bytes.count >= start + ICMPMessage.headerLength,
          ICMPv6Message.type(in: bytes, at: start) == .echoRequest
        else { return nil }
        answer = ICMPMessage.makeHeader(
          type: ICMPType(ICMPv6Type.echoReply.rawValue), information: ICMPMessage.information(in: bytes, at: start))
        answer += "ping".utf8
      default: return nil
      }
      TransportChecksum.update(
        &answer, from: 0, header.protocolNumber, source: header.destination, destination: header.source)
      return Self.datagram(from: header.destination, to: header.source, header.protocolNumber, answer)
    }

    /// The far end's datagram: TTL or hop limit 64, identification 9.
    private static func datagram(
      from source: IPAddress, to destination: IPAddress, _ number: ProtocolNumber, _ payload: [UInt8]
    ) -> [UInt8] {
      source.family == .ipv6
        ? IPv6Header.make(
          payloadLength: payload.count, nextHeader: number, hopLimit: 64, source: source, destination: destination)
          + payload
        : IPv4Header.make(
          payloadLength: payload.count, identification: 9, ttl: destination.isMulticast ? 1 : 64,
          protocolNumber: number, source: source, destination: destination) + payload
    }
  }
#endif

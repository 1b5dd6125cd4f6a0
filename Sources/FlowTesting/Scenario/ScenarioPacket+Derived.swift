// Packets that a scenario derives from others: what the far end would answer to a packet that left the host.

#if !hasFeature(Embedded)

  import NetfilterModel
  import Simulator

  extension ScenarioPacket {
    /// Whether the packet is still to be derived from an earlier step.
    var isDerived: Bool { replyTo != nil || icmpErrorTo != nil }

    /// The most seconds that a step waits: 31 years.
    static let longestWait = 1e9

    /// What no step can have, or nil; `number` steps stand before it.
    func problem(after number: Int) -> String? {
      if let wait, !(0...Self.longestWait).contains(wait) { return "`wait` is 0 to 1000000000 seconds" }
      for (name, index) in [("reply_to", replyTo), ("icmp_error_to", icmpErrorTo)] {
        if let index, !(0..<number).contains(index) { return "`\(name)` names no step before this one" }
      }
      for (name, value) in [("type", type), ("code", code)] {
        if let value, !(0...255).contains(value) { return "`\(name)` is 0 to 255" }
      }
      if let data, Packet(hex: data) == nil { return "`data` is no hexadecimal text" }
      if icmpErrorTo != nil, from.flatMap({ IPAddress($0, family: .ipv4) }) == nil {
        return "`from` is missing or no IPv4 address"
      }
      if let flags, !flags.utf8.allSatisfy({ "FSRPAUECfsrpauec".utf8.contains($0) }) {
        return "`flags` has other letters than F S R P A U E C"
      }
      return nil
    }

    /// The packet with its bytes, or nil when the step that it answers let nothing out that has an answer.
    func derived(from steps: [ScenarioStep]) -> ScenarioPacket? {
      guard let index = replyTo ?? icmpErrorTo, steps.indices.contains(index), let left = steps[index].emitted?.last,
        let subject = Packet(hex: left.packet), let header = IPHeader(subject.bytes), header.family == .ipv4
      else { return nil }
      let bytes = icmpErrorTo != nil ? errorBytes(about: subject, header) : replyBytes(to: subject, header)
      guard let bytes else { return nil }
      var result = ScenarioPacket()
      result.in = left.out
      result.hex = Packet(bytes: bytes).hex
      return result
    }

    private func errorBytes(about subject: Packet, _ header: IPHeader) -> [UInt8]? {
      guard let from, let source = IPAddress(from, family: .ipv4) else { return nil }
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
      default: return nil
      }
      TransportChecksum.update(
        &answer, from: 0, header.protocolNumber, source: header.destination, destination: header.source)
      return Self.datagram(from: header.destination, to: header.source, header.protocolNumber, answer)
    }

    /// The far end's datagram: TTL 64, identification 9.
    private static func datagram(
      from source: IPAddress, to destination: IPAddress, _ number: ProtocolNumber, _ payload: [UInt8]
    ) -> [UInt8] {
      IPv4Header.make(
        payloadLength: payload.count, identification: 9, ttl: destination.isMulticast ? 1 : 64, protocolNumber: number,
        source: source, destination: destination) + payload
    }
  }
#endif

// Packets that a scenario derives from others: what the far end would answer to a packet that left the host.

import NetfilterModel
import Simulator

extension ScenarioPacket {
  /// Whether the packet is still to be derived from an earlier step.
  var isDerived: Bool { replyTo != nil || icmpErrorTo != nil }

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
    var message: [UInt8] = [UInt8(clamping: type ?? 3), UInt8(clamping: code ?? 0), 0, 0, 0, 0, 0, 0]
    message += subject.bytes.prefix(28)
    message.setUInt16(Checksum.compute(message, in: 0..<message.count), at: 2)
    return Self.datagram(from: source, to: header.source, .icmp, message)
  }

  private func replyBytes(to subject: Packet, _ header: IPHeader) -> [UInt8]? {
    let start = header.transportOffset
    let bytes = subject.bytes
    guard header.fragmentOffset == 0 else { return nil }
    var answer: [UInt8]
    let place: Int
    switch header.protocolNumber {
    case .tcp:
      guard bytes.count >= start + 20, bytes.byte(at: start + 13) & 0x02 != 0 else { return nil }
      answer = [UInt8](repeating: 0, count: 20)
      answer.setUInt32(UInt32(truncatingIfNeeded: seq ?? 0), at: 4)
      answer.setUInt32(UInt32(truncatingIfNeeded: ack ?? 0), at: 8)
      answer[12] = 0x50
      answer[13] = Self.flagBits(flags ?? "")
      answer.setUInt16(64240, at: 14)
      answer += Packet(hex: data ?? "")?.bytes ?? []
      place = 16
    case .udp:
      guard bytes.count >= start + 8 else { return nil }
      answer = [UInt8](repeating: 0, count: 8) + Array("answer".utf8)
      answer.setUInt16(UInt16(answer.count), at: 4)
      place = 6
    case .icmp:
      guard bytes.count >= start + 8, bytes.byte(at: start) == 8 else { return nil }
      answer = [0, 0, 0, 0] + bytes[start + 4..<start + 8] + Array("ping".utf8)
      answer.setUInt16(Checksum.compute(answer, in: 0..<answer.count), at: 2)
      return Self.datagram(from: header.destination, to: header.source, .icmp, answer)
    default: return nil
    }
    answer.setUInt16(bytes.uint16(at: start + 2), at: 0)
    answer.setUInt16(bytes.uint16(at: start), at: 2)
    let pseudo = Checksum.pseudoHeader(
      source: header.destination, destination: header.source, protocolNumber: header.protocolNumber,
      length: answer.count)
    let sum = Checksum.compute(answer, in: 0..<answer.count, initial: pseudo)
    answer.setUInt16(sum == 0 && header.protocolNumber == .udp ? 0xffff : sum, at: place)
    return Self.datagram(from: header.destination, to: header.source, header.protocolNumber, answer)
  }

  private static func flagBits(_ letters: String) -> UInt8 {
    let order = Array("FSRPAUEC")
    return letters.uppercased().reduce(0) { bits, letter in
      order.firstIndex(of: letter).map { bits | 1 << UInt8($0) } ?? bits
    }
  }

  /// The far end's datagram: TTL 64, identification 9.
  private static func datagram(
    from source: IPAddress, to destination: IPAddress, _ number: ProtocolNumber, _ payload: [UInt8]
  ) -> [UInt8] {
    var bytes = AnswersHeader.packet(
      tos: 0, dontFragment: false, ttl: 64, protocolNumber: number, source: source, destination: destination,
      payload: payload)
    bytes.setUInt16(9, at: 4)
    bytes.setIPv4Checksum(length: 20)
    return bytes
  }
}

// What `reply` and `again` build on: the last packet, where it went, and the sequence numbers of both ends.

import NetfilterModel
import Simulator

/// Why a packet that follows another cannot be made.
public struct ConversationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in lower case.
  public var message: String
  /// The message.
  public var description: String { message }
}

/// The packets of two ends so far. TCP sequence numbers continue as the ends would count them.
public struct Conversation: Hashable, Sendable {
  /// The last packet as it was given to the host.
  private var last: FlowPacket?
  /// The last packet as its far end saw it, and where that end is; nil when it did not arrive.
  private var seen: Arrival?

  private struct Arrival: Hashable {
    var packet: Packet
    var origin: FlowOrigin
  }

  /// Makes a conversation without packets.
  public init() {}

  /// Remembers a packet and what came of it.
  public mutating func record(_ flow: FlowPacket, _ walk: Walk) {
    last = flow
    seen = nil
    switch walk.disposition {
    case .forwarded(let output), .sent(let output):
      // What left on loopback was delivered to the host itself.
      guard output != .loopback else {
        if let packet = Conversation.delivered(walk) { seen = Arrival(packet: packet, origin: .local) }
        return
      }
      // The first packet that left is this one; answers follow it.
      if let packet = walk.emitted.first(where: { $0.output == output })?.packet {
        seen = Arrival(packet: packet, origin: .arrival(output))
      }
    case .delivered:
      if let packet = Conversation.delivered(walk) { seen = Arrival(packet: packet, origin: .local) }
    default: break
    }
  }

  private static func delivered(_ walk: Walk) -> Packet? {
    for event in walk.events { if case .delivered(let packet) = event { return packet } }
    return nil
  }

  /// The packet that an action starts; nil for one that starts none.
  ///
  /// - Throws: `ConversationError` when it follows a packet and cannot be made.
  public func packet(of action: FlowAction) throws(ConversationError) -> FlowPacket? {
    switch action {
    case .packet(let packet): packet
    case .reply(let followUp): try reply(followUp)
    case .again(let followUp): try again(followUp)
    case .wait, .flushConntrack, .loadRules: nil
    }
  }

  /// The answer to the last packet, from where it arrived.
  ///
  /// - Throws: `ConversationError` when there is no packet to answer, it did not arrive, or has no answer.
  public func reply(_ followUp: FollowUp) throws(ConversationError) -> FlowPacket {
    guard last != nil else { throw ConversationError(message: "there is no packet yet that `reply` could answer") }
    guard let seen, let header = IPHeader(seen.packet.bytes) else {
      throw ConversationError(message: "the last packet did not arrive anywhere, so nothing answers it")
    }
    let bytes = seen.packet.bytes
    let start = header.transportOffset
    guard header.fragmentOffset == 0 else {
      throw ConversationError(message: "the last packet is a fragment, which nothing answers")
    }
    var packet = PacketDescription(header.protocolNumber, from: header.destination, to: header.source)
    if let ports = PacketSummary.ports(bytes, header) {
      packet.sourcePort = ports.destination
      packet.destinationPort = ports.source
    }
    switch header.protocolNumber {
    case .tcp:
      let flags = bytes.byte(at: start + 13)
      let isSYN = flags & 0x02 != 0
      packet.flags = flags & 0x12 == 0x02 ? 0x12 : 0x10
      let expected = bytes.uint32(at: start + 8)
      packet.sequence = flags & 0x10 != 0 ? expected : 5000
      let end = max(start, min(bytes.count, start + Int(bytes.byte(at: start + 12) >> 4) * 4))
      let length = UInt32(truncatingIfNeeded: bytes.count - end) &+ (isSYN ? 1 : 0) &+ UInt32(flags & 1)
      packet.acknowledgement = bytes.uint32(at: start + 4) &+ length
    case .icmp, .icmpv6:
      let answers: [UInt8: UInt8] =
        header.protocolNumber == .icmp ? [8: 0, 0: 8, 13: 14, 14: 13, 17: 18, 18: 17] : [128: 129, 129: 128]
      guard let type = answers[bytes.byte(at: start)] else {
        throw ConversationError(message: "an ICMP message of type \(bytes.byte(at: start)) has no answer")
      }
      packet.icmpType = type
      packet.identifier = bytes.uint16(at: start + 4)
      packet.sequence = UInt32(bytes.uint16(at: start + 6))
    default: break
    }
    apply(followUp, to: &packet)
    if header.protocolNumber == .tcp, packet.flags & 0x10 == 0, !followUp.options.contains(where: \.isAcknowledgement) {
      packet.acknowledgement = 0
    }
    return FlowPacket(origin: seen.origin, packet: packet)
  }

  /// The next packet in the direction of the last one. A SYN that was not answered is sent again as it was.
  ///
  /// - Throws: `ConversationError` when there is no packet yet.
  public func again(_ followUp: FollowUp) throws(ConversationError) -> FlowPacket {
    guard var flow = last else { throw ConversationError(message: "there is no packet yet that `again` could follow") }
    switch flow.packet.protocolNumber {
    case .tcp:
      let flags = flow.packet.flags
      let repeats = flags & 0x12 == 0x02 && (followUp.flags ?? flags) == flags
      if !repeats {
        let length =
          UInt32(truncatingIfNeeded: payloadLength(flow.packet)) &+ UInt32(flags >> 1 & 1) &+ UInt32(flags & 1)
        flow.packet.sequence = flow.packet.sequence &+ length
        if flags & 0x02 != 0 { flow.packet.flags = 0x10 }
        flow.packet.maximumSegmentSize = nil
        if flow.packet.flags & 0x10 == 0, (followUp.flags ?? 0) & 0x10 != 0 { flow.packet.acknowledgement = 1 }
      }
    case .icmp, .icmpv6: flow.packet.sequence = flow.packet.sequence &+ 1
    default: break
    }
    flow.packet.length = nil
    flow.packet.payload = []
    flow.hint = nil
    apply(followUp, to: &flow.packet)
    return flow
  }

  private func payloadLength(_ packet: PacketDescription) -> Int {
    max(packet.length ?? 0, packet.minimumLength) - (packet.minimumLength - packet.payload.count)
  }

  private func apply(_ followUp: FollowUp, to packet: inout PacketDescription) {
    if let flags = followUp.flags, packet.protocolNumber == .tcp { packet.flags = flags }
    for option in followUp.options { packet.apply(option) }
    if let length = packet.length { packet.length = max(length, packet.minimumLength) }
  }
}

extension PacketOption {
  var isAcknowledgement: Bool { if case .acknowledgement = self { true } else { false } }
}

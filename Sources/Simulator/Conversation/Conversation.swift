// What `reply` and `again` build on: the last packet, where it went, and the sequence numbers of both ends.

import NetfilterModel

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
    /// The interface that it came in on, when the host itself took it.
    var input: InterfaceName?
  }

  /// Makes a conversation without packets.
  public init() {}

  /// Remembers a packet and what came of it.
  public mutating func record(_ flow: FlowPacket, _ walk: Walk) {
    var sightings = PacketSightings()
    for step in walk.steps { sightings.take(step.event, of: step.packet) }
    record(flow, walk.disposition, sightings)
  }

  /// Remembers a packet, how it ended, and where it was seen on its walk.
  package mutating func record(_ flow: FlowPacket, _ end: Disposition, _ sightings: PacketSightings) {
    last = flow
    seen = nil
    var input: InterfaceName?
    if case .arrival(let name) = flow.origin { input = name }
    switch end {
    case .forwarded(let output), .sent(let output):
      // What left on loopback was delivered to the host itself.
      guard output != .loopback else {
        if let packet = sightings.delivered { seen = Arrival(packet: packet, origin: .local, input: .loopback) }
        return
      }
      // The first packet that left is this one; answers follow it.
      if let packet = sightings.emitted.first(where: { $0.output == output })?.packet {
        seen = Arrival(packet: packet, origin: .arrival(output))
      }
    case .delivered:
      if let packet = sightings.delivered { seen = Arrival(packet: packet, origin: .local, input: input) }
    default: break
    }
  }

  /// A packet that is given, with the last one in it where it quotes that.
  ///
  /// - Throws: `ConversationError` when it quotes a packet and there is none, or none that arrived anywhere.
  public func filled(_ flow: FlowPacket) throws(ConversationError) -> FlowPacket {
    guard flow.packet.quotesLast else { return flow }
    guard last != nil else { throw ConversationError(message: "there is no packet yet that the error could quote") }
    guard let seen else {
      throw ConversationError(message: "the last packet did not arrive anywhere, so no error quotes it")
    }
    guard seen.packet.family == flow.packet.source.family else {
      throw ConversationError(message: "the last packet is of the other family, so this error does not quote it")
    }
    var flow = flow
    // As much as errors hold: all of IPv6's least MTU (RFC 4443 §2.4), 576 bytes of IPv4 (RFC 1812 §4.3.2.3).
    let room = seen.packet.family == .ipv6 ? IPv6Header.minimumMTU - 48 : 576 - 28
    flow.packet.payload = Array(seen.packet.bytes.prefix(room))
    return flow
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
    guard header.isProtocolKnown else {
      throw ConversationError(message: "an extension header of the last packet is cut off, so nothing answers it")
    }
    var packet = PacketDescription(header.protocolNumber, from: header.destination, to: header.source)
    if let ports = TransportPorts.ends(in: bytes, header) {
      packet.sourcePort = ports.destination
      packet.destinationPort = ports.source
    }
    switch header.protocolNumber {
    case .tcp:
      let flags = TCPHeader.flags(in: bytes, at: start)
      packet.flags = flags.isFirst ? [.syn, .ack] : .ack
      packet.sequence = flags.contains(.ack) ? TCPHeader.acknowledgement(in: bytes, at: start) : 5000
      let data = max(0, bytes.count - start - TCPHeader.length(in: bytes, at: start))
      let length = UInt32(truncatingIfNeeded: data) &+ flags.sequenceLength
      packet.acknowledgement = TCPHeader.sequence(in: bytes, at: start) &+ length
    case .icmpv6 where ICMPv6Message.type(in: bytes, at: start) == .neighbourSolicitation:
      guard let target = ICMPv6Message.target(in: bytes, at: start) else {
        throw ConversationError(message: "the last packet asks for no address, so nothing answers it")
      }
      packet.source = target
      packet.icmpType = ICMPv6Type.neighbourAdvertisement.rawValue
      packet.takeUsualHopLimit()
    case .icmp, .icmpv6:
      let asked = ICMPMessage.type(in: bytes, at: start).rawValue
      guard let type = Conversation.answer(to: asked, header.protocolNumber) else {
        throw ConversationError(message: "an ICMP message of type \(asked) has no answer")
      }
      packet.icmpType = type
      packet.identifier = ICMPMessage.identifier(in: bytes, at: start)
      packet.sequence = UInt32(ICMPMessage.sequence(in: bytes, at: start))
    default: break
    }
    try apply(followUp, to: &packet)
    if header.protocolNumber == .tcp, !packet.flags.contains(.ack),
      !followUp.options.contains(where: { $0.isAcknowledgement })
    {
      packet.acknowledgement = 0
    }
    var flow = FlowPacket(origin: seen.origin, packet: packet)
    if seen.origin == .local, packet.destination.isLinkLocal { flow.output = seen.input }
    return flow
  }

  /// The next packet in the direction of the last one. A SYN that was not answered is sent again as it was.
  ///
  /// - Throws: `ConversationError` when there is no packet yet.
  public func again(_ followUp: FollowUp) throws(ConversationError) -> FlowPacket {
    guard var flow = last else { throw ConversationError(message: "there is no packet yet that `again` could follow") }
    switch flow.packet.protocolNumber {
    case .tcp:
      let flags = flow.packet.flags
      let repeats = flags.isFirst && (followUp.flags ?? flags) == flags
      if !repeats {
        let length = UInt32(truncatingIfNeeded: payloadLength(flow.packet)) &+ flags.sequenceLength
        flow.packet.sequence = flow.packet.sequence &+ length
        if flags.contains(.syn) { flow.packet.flags = .ack }
        flow.packet.maximumSegmentSize = nil
        if !flow.packet.flags.contains(.ack), followUp.flags?.contains(.ack) ?? false {
          flow.packet.acknowledgement = 1
        }
      }
    case .icmp, .icmpv6: flow.packet.sequence = flow.packet.sequence &+ 1
    default: break
    }
    flow.packet.length = nil
    flow.packet.payload = []
    flow.hint = nil
    let saysHeaders = followUp.options.contains { if case .extensionHeader = $0 { true } else { false } }
    if saysHeaders { flow.packet.extensions.removeAll { $0 != .fragment } }
    try apply(followUp, to: &flow.packet)
    return flow
  }

  /// The type of the answer to an ICMP message, or nil; nobody uses information requests any more (RFC 6918).
  private static func answer(to type: UInt8, _ number: ProtocolNumber) -> UInt8? {
    if number == .icmpv6 {
      let type = ICMPv6Type(type)
      return type.isEcho ? type.counterpart?.rawValue : nil
    }
    let type = ICMPType(type)
    return type == .informationRequest || type == .informationReply ? nil : type.counterpart?.rawValue
  }

  private func payloadLength(_ packet: PacketDescription) -> Int {
    max(packet.length ?? 0, packet.minimumLength) - (packet.minimumLength - packet.payload.count)
  }

  private func apply(_ followUp: FollowUp, to packet: inout PacketDescription) throws(ConversationError) {
    if let flags = followUp.flags, packet.protocolNumber == .tcp { packet.flags = flags }
    for option in followUp.options {
      if let refusal = option.refusal(packet) { throw ConversationError(message: refusal.message) }
      packet.apply(option)
    }
    if let missing = packet.complete() { throw ConversationError(message: missing.message) }
    if let length = packet.length { packet.length = max(length, packet.minimumLength) }
  }
}

extension PacketOption {
  fileprivate var isAcknowledgement: Bool { if case .acknowledgement = self { true } else { false } }
}

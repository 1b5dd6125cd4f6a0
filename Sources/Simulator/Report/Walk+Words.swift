// The words for what happens in a walk, shared by the reports.

import NetfilterModel

extension ConnectionState {
  /// The name that `--ctstate` uses.
  public var name: String {
    switch self {
    case .established, .establishedReply: "ESTABLISHED"
    case .related, .relatedReply: "RELATED"
    case .new: "NEW"
    case .untracked: "UNTRACKED"
    case .none: "INVALID"
    }
  }
}

extension RejectKind {
  /// The name that `--reject-with` uses.
  public var name: String {
    switch self {
    case .tcpReset: "tcp-reset"
    case .unreachable(let code):
      RejectAnswer.all.first { $0.kind == .unreachable(code: code) }?.name ?? "icmp code \(code)"
    }
  }
}

extension DropCause {
  /// What the cause means, as a half sentence.
  public var explanation: String {
    switch self {
    case .noRoute: "no route leads to the destination"
    case .blackhole: "a blackhole route takes it"
    case .unreachable: "an unreachable route refuses it"
    case .prohibit: "a prohibit route refuses it"
    case .forwardingOff: "it is not for this host, and forwarding is off (net.ipv4.ip_forward = 0)"
    case .reversePathFilter: "the way back to its source leads elsewhere (rp_filter)"
    case .martian: "its addresses cannot be right on this interface"
    case .ttl: "its TTL has run out"
    case .mtu: "it is too large and must not be fragmented"
    case .malformed: "its header is malformed or the header checksum is wrong"
    case .noListener: "nothing listens at the port"
    case .ipOptions: "its IP options are malformed, or ask for a source route that is not allowed"
    case .conntrack: "connection tracking refuses it"
    case .nat: "NAT finds no way to translate it"
    case .fragment: "its fragments cannot be put together"
    case .hotDrop: "a match found it broken and dropped it at once"
    case .linkLayer: "it is for another link-layer address"
    case .interfaceDown: "the interface does not exist or is down"
    case .notPermitted: "the socket may not send it"
    case .tooDeep: "jumps nest too deep"
    }
  }
}

extension Disposition: CustomStringConvertible {
  /// The end in a few words: `forwarded out lan`, `dropped by filter/INPUT#3`.
  public var description: String {
    switch self {
    case .delivered: "delivered"
    case .forwarded(let output): "forwarded out \(output)"
    case .sent(let output): "sent out \(output)"
    case .dropped(let place): "dropped by \(place.shortText)"
    case .rejected(let place, let kind): "rejected by \(place.shortText) with \(kind.name)"
    case .discarded(let cause): "discarded: \(cause.rawValue)"
    case .queued(let number, let place): "queued to \(number) by \(place.shortText)"
    case .held: "held until the other fragments arrive"
    case .unknown(let place, let reason): "unknown\(place.map { " at \($0.shortText)" } ?? ""): \(reason)"
    }
  }
}

extension RoutingDecision {
  /// The decision in a few words.
  public var text: String {
    func out(_ output: InterfaceName, _ gateway: IPAddress?) -> String {
      "out \(output)" + (gateway.map { " via \($0)" } ?? "")
    }
    switch self {
    case .local: return "for this host"
    case .forward(let output, let gateway): return "forward " + out(output, gateway)
    case .output(let output, let gateway): return out(output, gateway)
    case .dropped(let cause): return "dropped: \(cause.explanation)"
    }
  }
}

extension ConnectionTuple {
  /// `TCP 192.0.2.1:5000 > 192.0.2.2:80`.
  public var text: String {
    let name =
      protocolNumber == .icmpv6 ? "ICMPv6" : protocolNumber.name?.uppercased() ?? "proto \(protocolNumber.rawValue)"
    guard protocolNumber.hasPorts else {
      let suffix = protocolNumber == .icmp || protocolNumber == .icmpv6 ? " id \(sourceKey)" : ""
      return "\(name) \(source) > \(destination)\(suffix)"
    }
    return
      "\(name) \(PacketSummary.endpoint(source, sourceKey)) > \(PacketSummary.endpoint(destination, destinationKey))"
  }
}

extension Walk: CustomStringConvertible {
  /// One line for each packet and rule, in compact form; rule texts need a `TextReport`.
  public var description: String {
    var lines: [String] = []
    for event in events {
      switch event {
      case .packetStarts(let packet, let input, let reason):
        let from: String =
          switch reason {
          case .received: "in on \(input)"
          case .sent: "local"
          case .looped: "back through lo"
          case .answer: "answer"
          }
        lines.append("\(from): \(PacketSummary.text(packet))")
      case .ruleHit(let place, _, _, _, _): lines.append("  \(place)")
      case .translated(_, _, let packet), .packetChanged(_, let packet), .changedByHost(_, let packet):
        lines.append("  now \(PacketSummary.text(packet))")
      case .routed(let decision): lines.append("  routed \(decision.text)")
      case .tracked(let state, _): lines.append("  state \(state.name)")
      case .ended(let disposition): lines.append("  => \(disposition)")
      default: break
      }
    }
    return lines.joined(separator: "\n")
  }
}

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
  /// The name that `--reject-with` uses in a family.
  public func name(_ family: AddressFamily) -> String {
    if let answer = RejectAnswer.all(family).first(where: { $0.kind == self }) { return answer.name }
    guard case .unreachable(let code) = self else { return "tcp-reset" }
    return "\(family == .ipv4 ? "icmp" : "icmp6") code \(code)"
  }
}

extension DropCause {
  /// What the cause means for a packet of a family, as a half sentence.
  public func explanation(_ family: AddressFamily) -> String {
    switch self {
    case .noRoute: return "no route leads to the destination"
    case .blackhole: return "a blackhole route takes it"
    case .unreachable: return "an unreachable route refuses it"
    case .prohibit: return "a prohibit route refuses it"
    case .forwardingOff:
      let setting = family == .ipv4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding"
      return "it is not for this host, and forwarding is off (\(setting) = 0)"
    case .reversePathFilter: return "the way back to its source leads elsewhere (rp_filter)"
    case .martian:
      return family == .ipv4
        ? "its addresses cannot be right on this interface"
        : "its addresses cannot be right on this interface, or may not leave their link"
    case .ttl: return family == .ipv4 ? "its TTL has run out" : "its hop limit has run out"
    case .mtu:
      return family == .ipv4
        ? "it is too large and must not be fragmented"
        : "it is larger than the MTU, and only its sender may fragment it"
    case .malformed:
      return family == .ipv4
        ? "its header is malformed or the header checksum is wrong" : "its headers are malformed or cut off"
    case .noListener: return "nothing listens at the port"
    case .ipOptions:
      return family == .ipv4
        ? "its IP options are malformed, or ask for a source route that is not allowed"
        : "its extension headers are malformed, unknown or not allowed, or nothing follows them"
    case .conntrack: return "connection tracking refuses it"
    case .nat: return "NAT finds no way to translate it"
    case .fragment: return "its fragments cannot be put together"
    case .hotDrop: return "a match found it broken and dropped it at once"
    case .linkLayer: return "it is for another link-layer address"
    case .interfaceDown: return "the interface does not exist or is down"
    case .noNeighbour: return "its next hop on the link is not found (neighbour discovery)"
    case .notPermitted: return "the socket may not send it"
    case .tooDeep: return "jumps nest too deep"
    }
  }
}

extension NeighbourOutcome {
  /// What came of it: `fe80::1 on lan answers`, `fe80::1 on lan is not found: filter/INPUT#3 keeps its advertisement out`.
  public var text: String {
    let who = "\(address) on \(device)"
    let times = solicitations == 1 ? "asked once" : "asked \(solicitations) times"
    switch failure {
    case nil: return "\(who) answers: the packet goes on"
    case .noSource: return "\(who) is not found: \(device) has no link-local address to ask with"
    case .noAnswer: return "\(who) is not found: nobody answers (\(times))"
    case .solicitation(let end): return "\(who) is not found (\(times)): its solicitation was \(end)"
    case .advertisement(.delivered):
      return "\(who) is not found (\(times)): its advertisement reached the host, but was not taken"
    case .advertisement(let end): return "\(who) is not found (\(times)): its advertisement was \(end)"
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
    case .rejected(let place, let kind): "rejected by \(place.shortText) with \(kind.name(place.family))"
    case .discarded(let cause): "discarded: \(cause.rawValue)"
    case .queued(let number, let place): "queued to \(number) by \(place.shortText)"
    case .held: "held until the other fragments arrive"
    case .unknown(let place, let reason): "unknown\(place.map { " at \($0.shortText)" } ?? ""): \(reason)"
    }
  }
}

extension RoutingDecision {
  /// The decision about a packet of a family, in a few words.
  public func text(_ family: AddressFamily) -> String {
    func out(_ output: InterfaceName, _ gateway: IPAddress?) -> String {
      "out \(output)" + (gateway.map { " via \($0)" } ?? "")
    }
    switch self {
    case .local: return "for this host"
    case .forward(let output, let gateway): return "forward " + out(output, gateway)
    case .output(let output, let gateway): return out(output, gateway)
    case .dropped(let cause): return "dropped: \(cause.explanation(family))"
    }
  }
}

extension ConnectionTuple {
  /// `TCP 192.0.2.1:5000 > 192.0.2.2:80`.
  public var text: String {
    var text = ReportText()
    write(into: &text)
    return text.string
  }

  /// Appends the tuple.
  func write(into text: inout ReportText) {
    PacketSummary.write(protocolNumber, into: &text)
    text.add(" ")
    let hasPorts = protocolNumber.hasPorts
    PacketSummary.write(source, hasPorts ? sourceKey : nil, into: &text)
    text.add(" > ")
    PacketSummary.write(destination, hasPorts ? destinationKey : nil, into: &text)
    if protocolNumber == .icmp || protocolNumber == .icmpv6 {
      text.add(" id ")
      text.add(sourceKey)
    }
  }
}

extension Walk {
  /// What a report says of lines that it does not show, and of steps that were not kept; nothing where it shows all.
  func remainder(hiddenLines hidden: Int) -> [String] {
    var lines: [String] = []
    if hidden > 0 {
      lines.append(
        "… and \(hidden) more line\(hidden == 1 ? "" : "s") of this walk \(hidden == 1 ? "is" : "are") not shown")
    }
    if omitted > 0 {
      lines.append(
        "… and \(omitted) step\(omitted == 1 ? "" : "s") of this walk \(omitted == 1 ? "was" : "were") not kept")
    }
    return lines
  }
}

extension Walk: CustomStringConvertible {
  /// One line for each packet and rule, in compact form, at most 1,000, with a count of the rest; rule texts need a
  /// `TextReport`.
  public var description: String {
    var lines: [String] = []
    var hidden = 0
    for step in steps {
      guard let line = step.event.line else { continue }
      if lines.count < Walk.mostLines { lines.append(line) } else { hidden += 1 }
    }
    if hidden > 0 { lines.append("  … and \(hidden) more, then => \(disposition)") }
    return lines.joined(separator: "\n")
  }

  /// How many lines a walk prints of itself.
  static let mostLines = 1000
}

extension WalkEvent {
  /// The step in compact form; nil where it is left out.
  fileprivate var line: String? {
    switch self {
    case .packetStarts(let packet, let input, let reason):
      let from: String =
        switch reason {
        case .received: "in on \(input)"
        case .sent: "local"
        case .looped: "back through lo"
        case .answer: "answer"
        case .duplicate: "copy"
        case .discovery: "neighbour wanted"
        }
      return "\(from): \(PacketSummary.text(packet))"
    case .ruleHit(let place, _, _, _, _): return "  \(place)"
    case .translated(_, _, let packet), .packetChanged(_, let packet), .changedByHost(_, let packet):
      return "  now \(PacketSummary.text(packet))"
    case .neighbour(let outcome): return "  neighbour \(outcome.text)"
    case .routed(let decision):
      // Without the packet the cause says no more than its word.
      if case .dropped(let cause) = decision { return "  routed dropped: \(cause.rawValue)" }
      return "  routed \(decision.text(.ipv4))"
    case .tracked(let state, _): return "  state \(state.name)"
    case .ended(let disposition): return "  => \(disposition)"
    default: return nil
    }
  }
}

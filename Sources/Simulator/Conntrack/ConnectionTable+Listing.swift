// The connections as `conntrack -L -o extended` lists them.

import NetfilterModel

extension ConnectionTable {
  /// The lines of `conntrack -L -o extended` at `now` (nanoseconds), sorted by their text.
  ///
  /// The kernel lists in the order of its hash table, which is different in every boot.
  public func listing(now: UInt64) -> [String] {
    connections.filter { !$0.isExpired(now) && !$0.status.contains(.natClash) }.map { $0.line(now: now) }.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }
}

extension Connection {
  /// One line of `conntrack -L -o extended` (libnetfilter_conntrack: `__snprintf_conntrack_default`).
  func line(now: UInt64) -> String {
    var fields = [original.family == .ipv4 ? "ipv4     2" : "ipv6     10"]
    let number = original.protocolNumber
    fields.append(Self.padded(Self.name(of: number), to: 8) + " \(number.rawValue)")
    fields.append(String(remaining(now) / 1_000_000_000))
    switch tracking {
    case .tcp(let tcp): fields.append(tcp.state.name)
    case .sctp(let sctp): fields.append(sctp.state.name)
    default: break
    }
    fields += original.fields
    if hasCounters { fields.append("packets=\(originalCounters.packets) bytes=\(originalCounters.bytes)") }
    if !status.contains(.seenReply) { fields.append("[UNREPLIED]") }
    fields += reply.fields
    if hasCounters { fields.append("packets=\(replyCounters.packets) bytes=\(replyCounters.bytes)") }
    if status.contains(.assured) { fields.append("[ASSURED]") }
    fields.append("mark=\(mark)")
    if let helper { fields.append("helper=\(helper)") }
    fields.append("use=1")
    return fields.joined(separator: " ")
  }

  /// The protocol name of a listing (libnetfilter_conntrack: `proto2str`).
  private static func name(of number: ProtocolNumber) -> String {
    switch number {
    case .icmp: "icmp"
    case .tcp: "tcp"
    case .udp: "udp"
    case .dccp: "dccp"
    case .gre: "gre"
    case .icmpv6: "icmpv6"
    case .sctp: "sctp"
    case .udplite: "udplite"
    default: "unknown"
    }
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.utf8.count))
  }
}

extension ConnectionTuple {
  /// The fields of one direction.
  fileprivate var fields: [String] {
    var fields = ["src=\(source) dst=\(destination)"]
    switch protocolNumber {
    case .icmp, .icmpv6: fields.append("type=\(icmpType) code=\(icmpCode) id=\(sourceKey)")
    case _ where protocolNumber.hasPorts: fields.append("sport=\(sourceKey) dport=\(destinationKey)")
    case .gre:
      let keys = (String(sourceKey, radix: 16), String(destinationKey, radix: 16))
      fields.append("srckey=0x\(keys.0) dstkey=0x\(keys.1)")
    default: break
    }
    return fields
  }
}

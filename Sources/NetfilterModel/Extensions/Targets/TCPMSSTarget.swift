// -j TCPMSS: lowers or adds the maximum segment size of a TCP SYN.

/// Changes the MSS option (kernel: `tcpmss_tg4`, `tcpmss_tg6`; man page: iptables-extensions, TCPMSS; RFC 9293 §3.7.1).
public struct TCPMSSTarget: TargetExtension {
  /// Where the segment size comes from.
  public enum Size: Hashable, Sendable {
    /// `--set-mss`, 0...65515.
    case fixed(UInt16)
    /// `--clamp-mss-to-pmtu`.
    case pathMTU
  }

  /// The size; nil before an option said it.
  public var size: Size?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "TCPMSS", protocols: [.tcp], summary: "lowers or adds the maximum segment size of TCP")

  /// The option table; of both options the last one counts.
  public static let options: [OptionSpec<TCPMSSTarget>] = [
    OptionSpec(
      "clamp-mss-to-pmtu", arity: .none,
      parse: { (owner, _) throws(OptionError) in owner.size = .pathMTU },
      save: { owner, writer in if owner.size == .pathMTU { writer.option("clamp-mss-to-pmtu") } }),
    OptionSpec(
      "set-mss", placeholder: "bytes",
      parse: { (owner, argument) throws(OptionError) in
        owner.size = .fixed(try ValueCodec<UInt16>.number(0...65515).parse(argument))
      },
      save: { owner, writer in if case .fixed(let size) = owner.size { writer.option("set-mss", "\(size)") } }),
  ]

  /// Refuses the target without a size.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if size == nil { throw OptionError("TCPMSS needs --set-mss or --clamp-mss-to-pmtu") }
  }

  /// Clamping needs a route; and the rule must ask for SYN (kernel: `tcpmss_tg4_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if size == .pathMTU, !rule.hooks.isSubset(of: [.forward, .output, .postrouting]) {
      return OptionError("--clamp-mss-to-pmtu works in FORWARD, OUTPUT and POSTROUTING only")
    }
    let asksForSYN = rule.matches.contains {
      guard case .tcp(let match) = $0, let flags = match.flags else { return false }
      return !flags.inverted && flags.value.set & 0x02 != 0
    }
    return asksForSYN ? nil : OptionError("TCPMSS works on TCP SYN packets only", help: "add `--syn` to the rule")
  }

  /// Changes the packet (kernel: `tcpmss_tg4`): lowers the option, or adds it to a segment without data; drops what has no whole header.
  public func apply(_ packet: inout PacketContext) -> TargetResult {
    if packet.header.fragmentOffset != 0 { return .next }
    packet.pull(.max)
    let start = packet.transportOffset
    let length = packet.transportLength
    let headerLength = Int(packet.packet.bytes.byte(at: start &+ 12) >> 4) &* 4
    guard length >= 20, headerLength >= 20, length >= headerLength, let size = newSize(packet) else { return .drop }
    var index = 20
    while index <= headerLength &- 4 {
      let kind = packet.packet.bytes.byte(at: start &+ index)
      let optionLength = packet.packet.bytes.byte(at: start &+ index &+ 1)
      if kind == 2, optionLength == 4 {
        let old = packet.packet.bytes.uint16(at: start &+ index &+ 2)
        guard old > size else { return .next }
        // At an odd offset the kernel mends the checksum as if the offset were even.
        packet.mendTCPChecksum(old: old, new: size)
        packet.packet.bytes.setUInt16(size, at: start &+ index &+ 2)
        return .next
      }
      index = index &+ (kind < 2 || optionLength == 0 ? 1 : Int(optionLength))
    }
    if length == headerLength, headerLength < 60 { add(min(size, defaultSize(packet)), to: &packet) }
    return .next
  }

  func defaultSize(_ packet: PacketContext) -> UInt16 { packet.header.family == .ipv4 ? 536 : 1220 }

  /// The size to set, or nil when the path's MTU leaves no room for data.
  func newSize(_ packet: PacketContext) -> UInt16? {
    switch size {
    case .fixed(let size): return size
    case .pathMTU:
      let headers = packet.header.family == .ipv4 ? 40 : 60
      let mtu = packet.services.pathMTU(for: packet)
      let smallest = min(mtu.forward ?? Int(UInt32.max), mtu.back ?? Int(UInt32.max))
      return smallest <= headers ? nil : UInt16(truncatingIfNeeded: smallest &- headers)
    case nil: return nil
    }
  }

  /// Puts the option first, and mends lengths and checksums in the kernel's order.
  func add(_ size: UInt16, to packet: inout PacketContext) {
    let start = packet.transportOffset
    let length = UInt16(truncatingIfNeeded: packet.transportLength)
    guard start >= 0, start &+ 20 <= packet.packet.bytes.count else { return }
    packet.mendTCPChecksum(old: length, new: length &+ 4)
    packet.packet.bytes.insert(
      contentsOf: [2, 4, UInt8(truncatingIfNeeded: size >> 8), UInt8(truncatingIfNeeded: size)], at: start &+ 20)
    packet.mendTCPChecksum(old: 0, new: 0x0204)
    packet.mendTCPChecksum(old: 0, new: size)
    packet.replaceTCPWord(at: 12, with: packet.packet.bytes.uint16(at: start &+ 12) &+ 0x1000)
    if packet.header.family == .ipv4 {
      packet.replaceHeaderWord(at: 2, with: packet.packet.bytes.uint16(at: 2) &+ 4)
    } else {
      packet.packet.bytes.setUInt16(packet.packet.bytes.uint16(at: 4) &+ 4, at: 4)
    }
    packet.refresh()
  }

  /// `TCPMSS set 1400`, `TCPMSS clamp to PMTU`.
  public func listing(_ style: ListStyle) -> String {
    if case .fixed(let size) = size { return "TCPMSS set \(size)" }
    return "TCPMSS clamp to PMTU"
  }

  static let syn = "-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS"

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same(syn + " --set-mss 1400", table: .mangle),
    .same(syn + " --clamp-mss-to-pmtu"),
    .accepted(syn + " --clamp-mss-to-pmtu --set-mss 10", saves: syn + " --set-mss 10", table: .mangle),
    .accepted(syn + " --set-mss 10 --clamp-mss-to-pmtu", saves: syn + " --clamp-mss-to-pmtu", table: .mangle),
    .same("-A FORWARD -p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK -j TCPMSS --set-mss 65515", table: .mangle),
    .same("-A PREROUTING -p tcp -m tcp --tcp-flags SYN SYN -j TCPMSS --set-mss 10", table: .mangle),
    .refused(syn + " --set-mss 65516", table: .mangle),
    .refused(syn, table: .mangle),
    .refused("-A FORWARD -p tcp -j TCPMSS --set-mss 1400", table: .mangle),
    .refused("-A FORWARD -p tcp ! --syn -j TCPMSS --set-mss 1400", table: .mangle),
    .refused("-A FORWARD -p tcp --tcp-flags SYN,ACK ACK -j TCPMSS --set-mss 1400", table: .mangle),
    .refused("-A PREROUTING -p tcp --syn -j TCPMSS --clamp-mss-to-pmtu", table: .mangle),
    .refused("-A FORWARD -j TCPMSS --set-mss 1400", table: .mangle),
  ]
}

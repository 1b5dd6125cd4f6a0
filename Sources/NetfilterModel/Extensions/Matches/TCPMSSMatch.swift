// -m tcpmss: the maximum segment size option of a TCP header.

/// Matches the value of the MSS option (kernel: `tcpmss_mt`; man page: iptables-extensions, tcpmss).
public struct TCPMSSMatch: MatchExtension {
  /// The sizes in bytes.
  public var size: Invertible<PortRange>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "tcpmss", protocols: [.tcp], summary: "the maximum segment size option of TCP", readsPacketAlone: true)

  /// The option table.
  public static let options: [OptionSpec<TCPMSSMatch>] = [
    .invertible("mss", .init({ $0.size }, { $0.size = $1 }), .numberRange, isMandatory: true)
  ]

  /// Refuses a range that starts after its end.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if let size, size.value.lower > size.value.upper {
      throw OptionError("the range `\(size.value)` starts after its end")
    }
  }

  /// Looks for the option and compares (kernel: `tcpmss_mt`): without the option, only `!` matches; what cannot be read is dropped at once.
  public func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    guard let size else { return .no }
    let start = packet.transportOffset
    let dataOffset = Int(packet.packet.bytes.byte(at: start &+ 12) >> 4) * 4
    guard packet.transportLength >= 20, dataOffset >= 20, packet.transportLength >= dataOffset else {
      packet.hotDrop = true
      return .no
    }
    var index = start + 20
    let end = start + dataOffset
    while index < end {
      let kind = packet.packet.bytes.byte(at: index)
      if kind == 2, end - index >= 4, packet.packet.bytes.byte(at: index + 1) == 4 {
        return MatchResult(size.value.contains(packet.packet.bytes.uint16(at: index + 2)) != size.inverted)
      }
      index += kind < 2 ? 1 : max(1, Int(packet.packet.bytes.byte(at: index + 1)))
    }
    return MatchResult(size.inverted)
  }

  /// `tcpmss match 100:1400`.
  public func listing(_ style: ListStyle) -> String {
    guard let size else { return "" }
    return "tcpmss match \(size.inverted ? "!" : "")\(size.value)"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -p tcp -m tcpmss --mss 100"),
    .same("-A INPUT -p tcp -m tcpmss ! --mss 100:1400"),
    .accepted("-A INPUT -p tcp -m tcpmss --mss 100:", saves: "-A INPUT -p tcp -m tcpmss --mss 100:65535"),
    .accepted("-A INPUT -p tcp -m tcpmss --mss :", saves: "-A INPUT -p tcp -m tcpmss --mss 0:65535"),
    .refused("-A INPUT -p tcp -m tcpmss --mss 200:100"),
    .refused("-A INPUT -p tcp -m tcpmss --mss 1:2:3"),
    .refused("-A INPUT -p tcp -m tcpmss"),
    .refused("-A INPUT -m tcpmss --mss 100"),
    .refused("-A INPUT -p udp -m tcpmss --mss 100"),
    .refused("-A INPUT ! -p tcp -m tcpmss --mss 4"),
  ]
}

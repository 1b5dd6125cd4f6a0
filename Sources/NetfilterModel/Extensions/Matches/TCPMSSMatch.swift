// -m tcpmss: the maximum segment size option of a TCP header.

/// Matches the value of the MSS option (kernel: `tcpmss_mt`; man page: iptables-extensions, tcpmss).
public struct TCPMSSMatch: MatchExtension {
  /// The sizes in bytes.
  public var size: Invertible<PortRange>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "tcpmss", protocols: [.tcp], summary: "the maximum segment size option of TCP")

  /// The option table.
  public static let options: [OptionSpec<TCPMSSMatch>] = [
    .invertible("mss", .init({ $0.size }, { $0.size = $1 }), .numberRange, isMandatory: true)
  ]

  /// Refuses a range that starts after its end.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if let size, size.value.lower > size.value.upper {
      throw OptionError("the range `\(size.value)` starts after its end", tool: "tcpmss: invalid range given")
    }
  }

  /// Compares the option; a segment without one fulfils only what is negated, a broken header is dropped (kernel: `tcpmss_mt`).
  public var conditions: [Condition] {
    [
      .demand(.tcpHeaderIsWhole, .equals(1), drops: true),
      size.map {
        Condition(
          "mss", .maximumSegmentSize, .between($0.value.lower, $0.value.upper), inverted: $0.inverted,
          holdsWhenAbsent: $0.inverted)
      },
    ].compactMap { $0 }
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

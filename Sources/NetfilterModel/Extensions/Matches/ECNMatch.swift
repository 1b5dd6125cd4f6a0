// -m ecn: the explicit congestion notification bits of IP and TCP (RFC 3168).

/// Matches the ECN bits of the TOS byte and of the TCP header (kernel: `ecn_mt4`, `ecn_mt6`; man page: iptables-extensions, ecn).
public struct ECNMatch: MatchExtension {
  /// Whether ECE must be set (true) or clear (false).
  public var ece: Bool?
  /// Whether CWR must be set (true) or clear (false).
  public var cwr: Bool?
  /// The two bits of the IP header, 0...3.
  public var ect: Invertible<UInt8>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "ecn", summary: "the congestion notification bits of IP and TCP")

  /// The option table.
  public static let options: [OptionSpec<ECNMatch>] = [
    .invertibleFlag("ecn-tcp-ece", .init({ $0.ece }, { $0.ece = $1 })),
    .invertibleFlag("ecn-tcp-cwr", .init({ $0.cwr }, { $0.cwr = $1 })),
    .invertible("ecn-ip-ect", .init({ $0.ect }, { $0.ect = $1 }), .unsigned(0...3)),
  ]

  /// Refuses the match without an option.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if ece == nil, cwr == nil, ect == nil {
      throw OptionError(
        "ecn needs one of --ecn-tcp-ece, --ecn-tcp-cwr and --ecn-ip-ect", tool: "ECN match: some option required")
    }
  }

  /// The TCP bits need `-p tcp` (kernel: `ecn_mt_check4`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    guard ece != nil || cwr != nil, !rule.requiresProtocol(.tcp) else { return nil }
    return OptionError("the kernel refuses --ecn-tcp-ece and --ecn-tcp-cwr without `-p tcp`")
  }

  /// Compares the bits of IP, then those of TCP, of which a cut-off header has none (kernel: `ecn_mt4`).
  public var conditions: [Condition] {
    var result: [Condition] = []
    if let ect { result.append(Condition("ecn-ip-ect", .ecn, .equals(ect.value), inverted: ect.inverted)) }
    if let ece { result.append(Condition("ecn-tcp-ece", .tcpFlags, .anyBit(0x40), inverted: !ece)) }
    if let cwr { result.append(Condition("ecn-tcp-cwr", .tcpFlags, .anyBit(0x80), inverted: !cwr)) }
    return result
  }

  /// `ECN match ECE !CWR ECT=2`.
  public func listing(_ style: ListStyle) -> String {
    var words = ["ECN match"]
    if let ece { words.append(ece ? "ECE" : "!ECE") }
    if let cwr { words.append(cwr ? "CWR" : "!CWR") }
    if let ect { words.append("\(ect.inverted ? "!" : "")ECT=\(ect.value)") }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -p tcp -m ecn --ecn-tcp-cwr"),
    .same("-A INPUT -p tcp -m ecn ! --ecn-tcp-ece ! --ecn-ip-ect 0"),
    .accepted(
      "-A INPUT -p tcp -m ecn --ecn-ip-ect 2 --ecn-tcp-ece",
      saves: "-A INPUT -p tcp -m ecn --ecn-tcp-ece --ecn-ip-ect 2"
    ),
    .accepted("-A INPUT -m ecn --ecn-ip-ect 0x3", saves: "-A INPUT -m ecn --ecn-ip-ect 3"),
    .refused("-A INPUT -m ecn"),
    .refused("-A INPUT -m ecn --ecn-ip-ect 4"),
    .refused("-A INPUT -m ecn --ecn-tcp-cwr"),
    .refused("-A INPUT -p udp -m ecn --ecn-tcp-ece"),
    .refused("-A INPUT ! -p tcp -m ecn --ecn-tcp-ece"),
  ]
}

// -j SYNPROXY: answers the handshake of TCP in the place of a server.

/// Answers a SYN with a cookie, and opens the connection to the server when the client proves that it is there (kernel:
/// `synproxy_tg4`, `synproxy_tg6`; man page: iptables-extensions, SYNPROXY).
public struct SYNPROXYTarget: TargetExtension {
  /// `--sack-perm`.
  public var allowsSelectiveAcknowledgement = false
  /// `--timestamp`.
  public var hasTimestamp = false
  /// `--wscale`; only the low eight bits count.
  public var windowScale: UInt8?
  /// `--mss`; only the low sixteen bits count.
  public var segmentSize: UInt16?
  /// `--ecn`.
  public var hasECN = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "SYNPROXY", hooks: [.input, .forward], protocols: [.tcp],
    summary: "answers the handshake of TCP in the place of a server",
    outside: "the secret of the cookies, so that the answers are not known")

  /// The option table.
  public static let options: [OptionSpec<SYNPROXYTarget>] = [
    .flag("sack-perm", .init({ $0.allowsSelectiveAcknowledgement }, { $0.allowsSelectiveAcknowledgement = $1 })),
    .flag("timestamp", .init({ $0.hasTimestamp }, { $0.hasTimestamp = $1 })),
    OptionSpec(
      "wscale", placeholder: "value",
      parse: { (owner, argument) throws(OptionError) in
        owner.windowScale = UInt8(truncatingIfNeeded: try ValueCodec<UInt32>.number().parse(argument))
      }, save: { owner, writer in if let scale = owner.windowScale { writer.option("wscale", "\(scale)") } }),
    OptionSpec(
      "mss", placeholder: "value",
      parse: { (owner, argument) throws(OptionError) in
        owner.segmentSize = UInt16(truncatingIfNeeded: try ValueCodec<UInt32>.number().parse(argument))
      }, save: { owner, writer in if let size = owner.segmentSize { writer.option("mss", "\(size)") } }),
    .flag("ecn", .init({ $0.hasECN }, { $0.hasECN = $1 })),
  ]

  /// It works on connections (kernel: `synproxy_tg4_check`).
  public var enablesConntrack: Bool { true }

  /// Takes the packets of a handshake (kernel: `synproxy_tg4`).
  public var effects: [Effect] { [.synProxy] }

  /// `SYNPROXY sack-perm mss 1460 `, with a blank behind each word.
  public func listing(_ style: ListStyle) -> String {
    var text = "SYNPROXY "
    if allowsSelectiveAcknowledgement { text += "sack-perm " }
    if hasTimestamp { text += "timestamp " }
    if let windowScale { text += "wscale \(windowScale) " }
    if let segmentSize { text += "mss \(segmentSize) " }
    if hasECN { text += "ecn " }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -p tcp -j SYNPROXY"),
    .accepted(
      "-A FORWARD -p tcp -j SYNPROXY --ecn --mss 70000 --wscale 300 --timestamp --sack-perm",
      saves: "-A FORWARD -p tcp -j SYNPROXY --sack-perm --timestamp --wscale 44 --mss 4464 --ecn", family: .ipv6),
    .refused("-A INPUT -p udp -j SYNPROXY"), .refused("-A INPUT -j SYNPROXY"),
    .refused("-A INPUT ! -p tcp -j SYNPROXY"), .refused("-A OUTPUT -p tcp -j SYNPROXY"),
    .refused("-A PREROUTING -p tcp -j SYNPROXY", table: .raw), .refused("-A INPUT -p tcp -j SYNPROXY --mss 5 --mss 6"),
  ]
}

// -m osf: the operating system that a SYN tells of.

/// Matches the system by the fingerprint of a SYN (kernel: `nf_osf_match`; man page: iptables-extensions, osf).
public struct OSFMatch: MatchExtension {
  /// The system, at most 31 bytes.
  public var genre: Invertible<String>?
  /// How the TTL is compared, 0...2.
  public var ttl: UInt32?
  /// What is logged, 0...2.
  public var log: UInt32?
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "osf", families: [.ipv4], hooks: [.prerouting, .input, .forward], protocols: [.tcp],
    summary: "the operating system that a SYN tells of", outside: "the fingerprints that the kernel was given")

  /// The option table.
  public static let options: [OptionSpec<OSFMatch>] = [
    .invertible("genre", .init({ $0.genre }, { $0.genre = $1 }), .copied(maximum: 31), isMandatory: true),
    .value("ttl", .init({ $0.ttl }, { $0.ttl = $1 }), .number(0...2)),
    .value("log", .init({ $0.log }, { $0.log = $1 }), .number(0...2)),
  ]

  /// Only a SYN has a fingerprint; what the kernel knows of fingerprints is not known here (kernel: `nf_osf_match`).
  public var conditions: [Condition] {
    [
      .demand(.transportLength, .between(TCPHeader.minimumLength, Int.max)),
      .demand(.tcpFlags, .anyBit(UInt64(TCPFlags.syn.rawValue))),
      .opaque("genre", OpaqueTest.unknown("the fingerprints of the host are not known")),
    ]
  }

  /// `OS fingerprint match ! Windows XP`.
  public func listing(_ style: ListStyle) -> String {
    guard let genre else { return "" }
    return "OS fingerprint match \(genre.inverted ? "! " : "")\(genre.value)"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -p tcp -m osf --genre Linux --ttl 0 --log 0"),
    .accepted(
      "-A INPUT -p tcp -m osf ! --genre \"Windows XP\" --log 1 --ttl 2",
      saves: "-A INPUT -p tcp -m osf ! --genre Windows XP --ttl 2 --log 1"),
    .accepted(
      "-A FORWARD -p tcp -m osf --genre 12345678901234567890123456789012",
      saves: "-A FORWARD -p tcp -m osf --genre 1234567890123456789012345678901"),
    .refused("-A INPUT -p tcp -m osf --genre Linux --ttl 3"), .refused("-A INPUT -p tcp -m osf"),
    .refused("-A INPUT -m osf --genre Linux"), .refused("-A INPUT -p udp -m osf --genre Linux"),
    .refused("-A OUTPUT -p tcp -m osf --genre Linux"), .refused("-A INPUT -p tcp -m osf --genre Linux", family: .ipv6),
  ]
}

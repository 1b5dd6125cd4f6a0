// -m eui64: whether an address was made of the sender's Ethernet address.

/// Matches packets whose source address ends in the EUI-64 of their Ethernet source (kernel: `eui64_mt6`; man page:
/// iptables-extensions, eui64; RFC 4291 §2.5.1).
public struct EUI64Match: MatchExtension {
  /// Makes the match.
  public init() {}

  /// The facts.
  public static let spec = {
    var spec = ExtensionSpec(
      "eui64", families: [.ipv6], hooks: [.prerouting, .input, .forward],
      summary: "whether the address was made of the Ethernet address")
    spec.isListedWithoutBlank = true
    return spec
  }()

  /// No options.
  public static let options: [OptionSpec<EUI64Match>] = []

  /// Compares the lower half of the source address; a packet without an Ethernet address never matches (kernel:
  /// `eui64_mt6`). What came back through loopback has an Ethernet header of zeros.
  public var conditions: [Condition] {
    [
      .opaque(
        "",
        OpaqueTest(
          reads: [.source, .sourceMAC], keepsState: false,
          saw: { packet, _, _ in
            guard let identifier = Self.identifier(packet) else { return "the packet has no Ethernet address" }
            return "the Ethernet address would make \(IPAddress.v6(packet.header.source.high, identifier))"
          },
          evaluate: { packet, _, _ in ConditionResult(Self.identifier(packet) == packet.header.source.low) }))
    ]
  }

  /// The EUI-64 of the packet's Ethernet source address, or nil without one.
  private static func identifier(_ packet: borrowing PacketContext) -> UInt64? {
    guard let address = packet.packet.sourceMACNumber ?? (packet.input == .loopback ? 0 : nil) else { return nil }
    let upper = address >> 24 ^ 0x02_0000
    return upper << 40 | 0xff_fe00_0000 | address & 0xff_ffff
  }

  /// `eui64`, with the blank behind it that stands before others.
  public func listing(_ style: ListStyle) -> String { "eui64 " }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m eui64", family: .ipv6),
    .same("-A FORWARD -m eui64", table: .mangle, family: .ipv6),
    .refused("-A OUTPUT -m eui64", family: .ipv6),
    .refused("-A POSTROUTING -m eui64", table: .mangle, family: .ipv6),
    .refused("-A INPUT -m eui64"),
  ]
}

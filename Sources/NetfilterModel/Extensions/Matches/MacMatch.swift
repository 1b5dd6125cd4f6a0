// -m mac: the Ethernet source address of a received packet.

/// Matches the source hardware address (kernel: `mac_mt`; man page: iptables-extensions, mac).
public struct MacMatch: MatchExtension {
  /// The address, in the low 48 bits.
  public var source: Invertible<UInt64>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "mac", hooks: [.prerouting, .input, .forward], summary: "the Ethernet source address")

  /// The option table.
  public static let options: [OptionSpec<MacMatch>] = [
    .invertible(
      "mac-source", .init({ $0.source }, { $0.source = $1 }),
      ValueCodec("XX:XX:XX:XX:XX:XX") { (argument) throws(OptionError) in
        let parts = argument.text.split(separator: ":", omittingEmptySubsequences: false)
        var address: UInt64 = 0
        for part in parts {
          // An empty part counts as zero (iptables: `xtopt_parse_ethermac`).
          guard parts.count == 6, part.utf8.count <= 2, part.allSatisfy({ $0.isHexDigit }),
            let byte = UInt64(part.isEmpty ? "0" : part, radix: 16)
          else {
            throw OptionError(
              "`\(argument.text)` is not an Ethernet address: six hexadecimal bytes with colons",
              tool: "Invalid MAC address specified.")
          }
          address = address << 8 | byte
        }
        return address
      } print: { address in
        (0..<6).map { index in
          let byte = address >> UInt64(40 - 8 * index) & 0xff
          return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined(separator: ":")
      }, isMandatory: true)
  ]

  /// Compares the address, which packets without a link layer do not have (kernel: `mac_mt`).
  public var conditions: [Condition] {
    [source.map { Condition("mac-source", .sourceMAC, .equals($0.value), inverted: $0.inverted) }].compactMap { $0 }
  }

  /// `MAC 00:11:22:aa:bb:cc`.
  public func listing(_ style: ListStyle) -> String {
    guard let source else { return "" }
    var writer = SaveWriter()
    MacMatch.options[0].save(self, &writer)
    return "MAC \(source.inverted ? "! " : "")" + (writer.text.split(separator: " ").last ?? "")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m mac --mac-source 00:11:22:aa:bb:cc"),
    .accepted(
      "-A FORWARD -m mac ! --mac-source 00:11:22:AA:BB:CC", saves: "-A FORWARD -m mac ! --mac-source 00:11:22:aa:bb:cc"),
    .accepted("-A INPUT -m mac --mac-source 0:1:2:a:b:", saves: "-A INPUT -m mac --mac-source 00:01:02:0a:0b:00"),
    .refused("-A INPUT -m mac --mac-source 00:11:22:aa:bb"),
    .refused("-A INPUT -m mac --mac-source 000:1:2:3:4:5"),
    .refused("-A INPUT -m mac --mac-source 0:1:2:3:4:5:6"),
    .refused("-A INPUT -m mac --mac-source 00-11-22-aa-bb-cc"),
    .refused("-A OUTPUT -m mac --mac-source 00:11:22:aa:bb:cc"),
    .refused("-A POSTROUTING -m mac --mac-source 00:11:22:aa:bb:cc", table: .mangle),
    .refused("-A INPUT -m mac"),
  ]
}

// -m ah in ip6tables: index, length and reserved field of an authentication header, wherever it stands in the chain.

/// Matches the authentication header of IPv6 (kernel: `ah_mt6`; man page: iptables-extensions, ah).
public struct IPv6AHMatch: MatchExtension {
  /// The indexes; nil for every one.
  public var indexes: Invertible<SPIRange>?
  /// The length of the header in bytes; 0 fits every length, also when it is negated.
  public var length: Invertible<UInt32>?
  /// Whether the reserved field must be 0.
  public var checksReserved = false

  /// Makes the match before any option was read.
  public init() {}

  /// The facts. The match of this name for IPv4 is another one.
  public static let spec = ExtensionSpec("ah", families: [.ipv6], summary: "the authentication header of IPv6")

  /// The option table. Every index is not printed even when it is negated, as ip6tables 1.8.9 does.
  public static let options: [OptionSpec<IPv6AHMatch>] = [
    .invertible("ahspi", .init({ $0.indexes }, { $0.indexes = $1 }), .indexRange, omitting: { $0.value == .all }),
    .invertible(
      "ahlen", .init({ $0.length }, { $0.length = $1 }), .unsigned(placeholder: "length"),
      omitting: { $0.value == 0 && !$0.inverted }),
    .flag("ahres", .init({ $0.checksReserved }, { $0.checksReserved = $1 })),
  ]

  /// Compares the fields; a cut-off header, or one longer than the packet, is dropped (kernel: `ah_mt6`).
  public var conditions: [Condition] {
    [
      .demand(.ah, length: AHHeader.minimumLength), .wholeHeader(.ah),
      indexes.map { indexes in
        .field("ahspi", of: .ah) { bytes, start in
          "\(AHHeader.securityParameters(in: bytes, at: start))"
        } holds: { bytes, start in
          indexes.value.contains(AHHeader.securityParameters(in: bytes, at: start)) != indexes.inverted
        }
      },
      length.flatMap { length in
        length.value == 0
          ? nil
          : .field("ahlen", of: .ah) { bytes, start in
            "\(AHHeader.length(in: bytes, at: start)) bytes"
          } holds: { bytes, start in
            (AHHeader.length(in: bytes, at: start) == Int(length.value)) != length.inverted
          }
      },
      checksReserved
        ? .field("ahres", of: .ah) { bytes, start in
          "\(AHHeader.reserved(in: bytes, at: start))"
        } holds: { bytes, start in
          AHHeader.reserved(in: bytes, at: start) == 0
        } : nil,
    ].compactMap { $0 }
  }

  /// `ah spi:500length:24 reserved`, without a blank before the length, as ip6tables 1.8.9 prints it.
  public func listing(_ style: ListStyle) -> String {
    var text = "ah" + (indexes?.listing ?? "")
    if text == "ah" { text += " " }
    if let length, length.value != 0 || length.inverted {
      text += "length:\(length.inverted ? "!" : "")\(length.value)"
    }
    if checksReserved { text += " reserved" }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m ah", family: .ipv6),
    .same("-A INPUT -m ah --ahspi 500 --ahlen 24 --ahres", family: .ipv6),
    .same("-A INPUT -p tcp -m ah ! --ahspi 5:7 ! --ahlen 0", family: .ipv6),
    .accepted("-A INPUT -m ah ! --ahspi :", saves: "-A INPUT -m ah", family: .ipv6),
    .accepted("-A INPUT -m ah --ahlen 0", saves: "-A INPUT -m ah", family: .ipv6),
    .accepted("-A INPUT -p ah --ahspi 5", saves: "-A INPUT -p ah -m ah --ahspi 5", family: .ipv6),
    .refused("-A INPUT -m ah ! --ahres", family: .ipv6),
    .refused("-A INPUT -m ah --ahlen x", family: .ipv6),
    .refused("-A INPUT -p ah -m ah --ahlen 5"),
  ]
}

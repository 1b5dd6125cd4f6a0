// -m hbh: the length and the options of a header with hop-by-hop options.

/// Matches the hop-by-hop options of IPv6 (kernel: `hbh_mt6`; man page: iptables-extensions, hbh).
public struct HBHMatch: MatchExtension {
  /// The length of the header in bytes.
  public var length: Invertible<UInt32>?
  /// The options that the header begins with.
  public var list: IPv6OptionList?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "hbh", families: [.ipv6], summary: "the hop-by-hop options of IPv6")

  /// The option table.
  public static let options: [OptionSpec<HBHMatch>] = [
    .invertible("hbh-len", .init({ $0.length }, { $0.length = $1 }), .unsigned(placeholder: "length")),
    .value("hbh-opts", .init({ $0.list }, { $0.list = $1 }), .ipv6Options),
  ]

  /// Compares the length, then the options one by one; a cut-off header, or one longer than the packet,
  /// is dropped (kernel: `hbh_mt6`).
  public var conditions: [Condition] {
    let header = ProtocolNumber.ipv6HopByHop
    return [
      .demand(header, length: IPv6OptionsHeader.minimumLength), .wholeHeader(header),
      length.map { length in
        .field("hbh-len", of: header) { bytes, start in
          "\(IPv6OptionsHeader.length(in: bytes, at: start)) bytes"
        } holds: { bytes, start in
          (IPv6OptionsHeader.length(in: bytes, at: start) == Int(length.value)) != length.inverted
        }
      },
      list.map { list in
        .field("hbh-opts", of: header) { _, _ in
          "other options"
        } holds: { bytes, start in
          IPv6OptionsHeader.begins(with: list.wanted, in: bytes, at: start)
        }
      },
    ].compactMap { $0 }
  }

  /// `hbh length:8 opts 1:4,5`.
  public func listing(_ style: ListStyle) -> String {
    var text = "hbh"
    if let length { text += " length:\(length.inverted ? "!" : "")\(length.value)" }
    if let list { text += " opts " + ValueCodec.ipv6Options.print(list) }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m hbh", family: .ipv6),
    .same("-A INPUT -m hbh --hbh-len 16 --hbh-opts 1:4,5:2,0,3", family: .ipv6),
    .same("-A INPUT -m hbh ! --hbh-len 8", family: .ipv6),
    .accepted(
      "-A INPUT -m hbh --hbh-opts 0x101,1:255", saves: "-A INPUT -m hbh --hbh-opts 1,1", family: .ipv6),
    .accepted("-A INPUT -m hbh --hbh-opts -1", saves: "-A INPUT -m hbh --hbh-opts 255", family: .ipv6),
    .same("-A INPUT -m hbh --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", family: .ipv6),
    .refused("-A INPUT -m hbh --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16:2", family: .ipv6),
    .refused("-A INPUT -m hbh --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", family: .ipv6),
    .refused("-A INPUT -m hbh --hbh-opts 0:3", family: .ipv6),
    .refused("-A INPUT -m hbh --hbh-opts 1,", family: .ipv6),
    .refused("-A INPUT -m hbh ! --hbh-opts 3", family: .ipv6),
    .refused("-A INPUT -m hbh --hbh-len 4294967296", family: .ipv6),
    .refused("-A INPUT -m hbh"),
  ]
}

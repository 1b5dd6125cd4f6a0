// -m ipv6header: which extension headers a packet has.

extension ValueCodec where Value == IPv6Extensions.Kinds {
  /// The headers in the order of their bits, the highest first, with the name that is printed and the other names.
  static let kinds: [(kind: IPv6Extensions.Kinds, name: String, others: [String])] = [
    (.hopByHop, "hop-by-hop", ["hop", "0", "ip", "IP", "hopopt", "HOPOPT"]),
    (.destinationOptions, "ipv6-opts", ["dst", "60", "IPv6-Opts"]),
    (.routing, "ipv6-route", ["route", "43", "IPv6-Route"]),
    (.fragment, "ipv6-frag", ["frag", "44", "IPv6-Frag"]),
    (.ah, "ah", ["auth", "51", "IPSEC-AH"]),
    (.esp, "esp", ["50", "IPSEC-ESP"]),
    (.none, "ipv6-nonxt", ["none", "59", "IPv6-NoNxt"]),
    (.transport, "protocol", ["prot", "255"]),
  ]

  /// `hop-by-hop,ipv6-frag`; empty names are passed over, but one name must be there (iptables: `parse_header`).
  static let headerKinds = ValueCodec("header[,...]") { (argument) throws(OptionError) in
    var result: IPv6Extensions.Kinds = []
    for word in argument.text.split(separator: ",") {
      guard let kind = kinds.first(where: { $0.name == word || $0.others.contains { $0 == word } }) else {
        throw OptionError(
          "`\(word)` is not an extension header", help: "one of " + kinds.map { $0.name }.joined(separator: ", "))
      }
      result.insert(kind.kind)
    }
    guard !result.isEmpty else { throw OptionError("a header is missing") }
    return result
  } print: { result in
    kinds.filter { result.contains($0.kind) }.map { $0.name }.joined(separator: ",")
  }
}

/// Matches packets by the extension headers that they have (kernel: `ipv6header_mt6`; man page: iptables-extensions,
/// ipv6header).
public struct IPv6HeaderMatch: MatchExtension {
  /// The headers.
  public var headers: Invertible<IPv6Extensions.Kinds>?
  /// `--soft`: other headers may be there as well.
  public var isSoft = false

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("ipv6header", families: [.ipv6], summary: "the extension headers of IPv6")

  /// The option table.
  public static let options: [OptionSpec<IPv6HeaderMatch>] = [
    .invertible("header", .init({ $0.headers }, { $0.headers = $1 }), .headerKinds, isMandatory: true),
    .flag("soft", .init({ $0.isSoft }, { $0.isSoft = $1 })),
  ]

  /// Compares the set of headers: all that are named and no other, or with `--soft` all that are named; `!` before
  /// `--soft` asks for none of them. A cut-off chain never matches (kernel: `ipv6header_mt6`).
  public var conditions: [Condition] {
    guard let headers else { return [] }
    let isSoft = isSoft
    return [
      .opaque(
        "header",
        OpaqueTest(
          keepsState: false,
          saw: { packet, _, _ in
            guard let kinds = IPv6Extensions.kinds(in: packet.packet.bytes, at: 0) else {
              return "an extension header is cut off"
            }
            return "the packet has \(ValueCodec.headerKinds.print(kinds))"
          },
          evaluate: { packet, _, _ in
            guard let kinds = IPv6Extensions.kinds(in: packet.packet.bytes, at: 0) else { return .fails }
            if isSoft {
              return ConditionResult(
                headers.inverted ? kinds.isDisjoint(with: headers.value) : kinds.isSuperset(of: headers.value))
            }
            return ConditionResult((kinds == headers.value) != headers.inverted)
          }))
    ]
  }

  /// `ipv6header flags:ipv6-frag soft`, with `-n` `flags:0x10`.
  public func listing(_ style: ListStyle) -> String {
    guard let headers else { return "" }
    let names = style.numeric ? "0x" + hexadecimal(headers.value.rawValue) : ValueCodec.headerKinds.print(headers.value)
    return "ipv6header flags:\(headers.inverted ? "!" : "")\(names)" + (isSoft ? " soft" : "")
  }

  private func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16).uppercased()
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A INPUT -m ipv6header --header frag", saves: "-A INPUT -m ipv6header --header ipv6-frag", family: .ipv6),
    .accepted(
      "-A INPUT -m ipv6header --header hop,dst,route,frag,auth,esp,none,prot",
      saves:
        "-A INPUT -m ipv6header --header hop-by-hop,ipv6-opts,ipv6-route,ipv6-frag,ah,esp,ipv6-nonxt,protocol",
      family: .ipv6),
    .accepted(
      "-A INPUT -m ipv6header --soft ! --header 44,0,",
      saves:
        "-A INPUT -m ipv6header ! --header hop-by-hop,ipv6-frag --soft", family: .ipv6),
    .accepted(
      "-A INPUT -m ipv6header --header IPv6-Opts,255", saves: "-A INPUT -m ipv6header --header ipv6-opts,protocol",
      family: .ipv6),
    .refused("-A INPUT -m ipv6header", family: .ipv6),
    .refused("-A INPUT -m ipv6header --soft", family: .ipv6),
    .refused("-A INPUT -m ipv6header --header tcp", family: .ipv6),
    .refused("-A INPUT -m ipv6header --header HOP", family: .ipv6),
    .refused("-A INPUT -m ipv6header --header proto", family: .ipv6),
    .refused("-A INPUT -m ipv6header --header \"\"", family: .ipv6),
    .refused("-A INPUT -m ipv6header --header hop ! --soft", family: .ipv6),
    .refused("-A INPUT -m ipv6header --header hop"),
  ]
}

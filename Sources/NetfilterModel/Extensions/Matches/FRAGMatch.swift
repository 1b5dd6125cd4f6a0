// -m frag: the fragment header of IPv6.

/// Matches the fragment header (kernel: `frag_mt6`; man page: iptables-extensions, frag).
public struct FRAGMatch: MatchExtension {
  /// The identifications.
  public var identifications: Invertible<SPIRange>?
  /// The length of the header, which the kernel does not look at.
  public var length: Invertible<UInt32>?
  /// Whether the reserved bits must be 0.
  public var checksReserved = false
  /// Whether it must be a first fragment.
  public var isFirst = false
  /// Whether more fragments must follow.
  public var hasMore = false
  /// Whether it must be the last fragment.
  public var isLast = false

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("frag", families: [.ipv6], summary: "the fragment header of IPv6")

  /// The option table.
  public static let options: [OptionSpec<FRAGMatch>] = [
    .invertible(
      "fragid", .init({ $0.identifications }, { $0.identifications = $1 }), .indexRange,
      omitting: { $0.value == .all }),
    .invertible("fraglen", .init({ $0.length }, { $0.length = $1 }), .unsigned(placeholder: "length")),
    .flag("fragres", .init({ $0.checksReserved }, { $0.checksReserved = $1 })),
    .flag("fragfirst", .init({ $0.isFirst }, { $0.isFirst = $1 })),
    .flag("fragmore", .init({ $0.hasMore }, { $0.hasMore = $1 }), excludes: ["fraglast"]),
    .flag("fraglast", .init({ $0.isLast }, { $0.isLast = $1 }), excludes: ["fragmore"]),
  ]

  /// Compares the fields; a cut-off header is dropped (kernel: `frag_mt6`).
  public var conditions: [Condition] {
    let flag = { (isAsked: Bool, option: String, holds: @escaping @Sendable (IPv6Fragmentation) -> Bool) in
      isAsked
        ? Condition.field(option, of: .ipv6Fragment) { bytes, start in
          let bits = IPv6FragmentHeader.fragmentation(in: bytes, at: start)
          return "offset \(Int(bits.offset) * 8) and \(bits.moreFragments ? "more" : "no more") fragments"
        } holds: { bytes, start in
          holds(IPv6FragmentHeader.fragmentation(in: bytes, at: start))
        } : nil
    }
    return [
      .demand(.ipv6Fragment, length: IPv6FragmentHeader.length),
      identifications.map { range in
        .field("fragid", of: .ipv6Fragment) { bytes, start in
          "\(IPv6FragmentHeader.identification(in: bytes, at: start))"
        } holds: { bytes, start in
          range.value.contains(IPv6FragmentHeader.identification(in: bytes, at: start)) != range.inverted
        }
      },
      checksReserved
        ? .field("fragres", of: .ipv6Fragment) { _, _ in
          "reserved bits"
        } holds: { bytes, start in
          IPv6FragmentHeader.reserved(in: bytes, at: start) == 0
            && IPv6FragmentHeader.fragmentation(in: bytes, at: start).reserved == 0
        } : nil,
      flag(isFirst, "fragfirst") { $0.offset == 0 },
      flag(hasMore, "fragmore") { $0.moreFragments },
      flag(isLast, "fraglast") { !$0.moreFragments },
    ].compactMap { $0 }
  }

  /// `frag id:5 length:8 reserved first more`.
  public func listing(_ style: ListStyle) -> String {
    var text = "frag "
    if let range = identifications, range.inverted || range.value != .all {
      let plural = range.value.lower == range.value.upper ? "" : "s"
      text += "id\(plural):\(range.inverted ? "!" : "")\(ValueCodec.indexRange.print(range.value))"
    }
    if let length { text += " length:\(length.inverted ? "!" : "")\(length.value)" }
    if checksReserved { text += " reserved" }
    if isFirst { text += " first" }
    if hasMore { text += " more" }
    if isLast { text += " last" }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m frag", family: .ipv6),
    .same("-A INPUT -m frag --fragid 5 --fraglen 7 --fragres --fragfirst --fragmore", family: .ipv6),
    .same("-A INPUT -m frag ! --fragid 10:5 ! --fraglen 0 --fraglast", family: .ipv6),
    .accepted("-A INPUT -m frag ! --fragid : --fraglast", saves: "-A INPUT -m frag --fraglast", family: .ipv6),
    .refused("-A INPUT -m frag --fragmore --fraglast", family: .ipv6),
    .refused("-A INPUT -m frag ! --fragfirst", family: .ipv6),
    .refused("-A INPUT -m frag --fragid x", family: .ipv6),
    .refused("-A INPUT -m frag"),
  ]
}

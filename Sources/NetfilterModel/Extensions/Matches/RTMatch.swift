// -m rt: the routing header of IPv6, with the addresses of type 0.

extension ValueCodec where Value == [IPAddress] {
  /// The most addresses that a rule takes (kernel: `IP6T_RT_HOPS`).
  private static let maximumHops = 16

  /// `address[,address...]`.
  fileprivate static let hops = ValueCodec("address[,...]") { (argument) throws(OptionError) in
    var result: [IPAddress] = []
    for word in argument.text.split(separator: ",", omittingEmptySubsequences: false) {
      guard result.count < maximumHops else {
        throw OptionError("too many addresses: at most \(maximumHops) can be given")
      }
      guard let address = IPAddress(word, family: .ipv6) else { throw OptionError("`\(word)` is not an IPv6 address") }
      result.append(address)
    }
    return result
  } print: { addresses in
    addresses.map { $0.description }.joined(separator: ",")
  }
}

/// Matches the routing header (kernel: `rt_mt6`; man page: iptables-extensions, rt).
public struct RTMatch: MatchExtension {
  /// The type of the header.
  public var type: Invertible<UInt32>?
  /// How many hops are left.
  public var segmentsLeft: Invertible<SPIRange>?
  /// The length of the header in bytes.
  public var length: Invertible<UInt32>?
  /// Whether the reserved field of type 0 must be 0.
  public var checksReserved = false
  /// The addresses of type 0; nil for any.
  public var addresses: [IPAddress]?
  /// Whether others may stand before, between and behind the addresses.
  public var isLoose = false

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("rt", families: [.ipv6], summary: "the routing header of IPv6")

  /// The option table. Every number of hops is not printed even when it is negated, as ip6tables 1.8.9 does.
  public static let options: [OptionSpec<RTMatch>] = [
    .invertible("rt-type", .init({ $0.type }, { $0.type = $1 }), .unsigned(placeholder: "type")),
    .invertible(
      "rt-segsleft", .init({ $0.segmentsLeft }, { $0.segmentsLeft = $1 }), .indexRange, omitting: { $0.value == .all }),
    .invertible("rt-len", .init({ $0.length }, { $0.length = $1 }), .unsigned(placeholder: "length")),
    OptionSpec(
      "rt-0-res", arity: .none,
      parse: { (owner, _) throws(OptionError) in
        try owner.demandTypeZero("rt-0-res")
        owner.checksReserved = true
      },
      save: { owner, writer in if owner.checksReserved { writer.option("rt-0-res") } }),
    OptionSpec(
      "rt-0-addrs", placeholder: "address[,...]",
      parse: { (owner, argument) throws(OptionError) in
        try owner.demandTypeZero("rt-0-addrs")
        owner.addresses = try ValueCodec.hops.parse(argument)
      },
      save: { owner, writer in
        if let addresses = owner.addresses { writer.option("rt-0-addrs", ValueCodec.hops.print(addresses)) }
      }),
    OptionSpec(
      "rt-0-not-strict", arity: .none,
      parse: { (owner, _) throws(OptionError) in
        guard owner.addresses != nil else { throw OptionError("--rt-0-not-strict needs --rt-0-addrs before it") }
        owner.isLoose = true
      },
      save: { owner, writer in if owner.isLoose { writer.option("rt-0-not-strict") } }),
  ]

  private func demandTypeZero(_ option: String) throws(OptionError) {
    guard let type, type.value == 0, !type.inverted else {
      throw OptionError("--\(option) needs `--rt-type 0` before it")
    }
  }

  /// Compares the fields; a cut-off header, or one longer than the packet, is dropped (kernel: `rt_mt6`).
  public var conditions: [Condition] {
    let header = ProtocolNumber.ipv6Routing
    let isLoose = isLoose
    return [
      .demand(header, length: IPv6RoutingHeader.minimumLength), .wholeHeader(header),
      segmentsLeft.map { range in
        .field("rt-segsleft", of: header) { bytes, start in
          "\(IPv6RoutingHeader.segmentsLeft(in: bytes, at: start)) hops left"
        } holds: { bytes, start in
          range.value.contains(UInt32(IPv6RoutingHeader.segmentsLeft(in: bytes, at: start))) != range.inverted
        }
      },
      length.map { length in
        .field("rt-len", of: header) { bytes, start in
          "\(IPv6OptionsHeader.length(in: bytes, at: start)) bytes"
        } holds: { bytes, start in
          (IPv6OptionsHeader.length(in: bytes, at: start) == Int(length.value)) != length.inverted
        }
      },
      type.map { type in
        .field("rt-type", of: header) { bytes, start in
          "type \(IPv6RoutingHeader.type(in: bytes, at: start))"
        } holds: { bytes, start in
          (UInt32(IPv6RoutingHeader.type(in: bytes, at: start)) == type.value) != type.inverted
        }
      },
      checksReserved
        ? .field("rt-0-res", of: header) { bytes, start in
          "\(IPv6RoutingHeader.reserved(in: bytes, at: start))"
        } holds: { bytes, start in
          IPv6RoutingHeader.reserved(in: bytes, at: start) == 0
        } : nil,
      addresses.map { addresses in
        .field("rt-0-addrs", of: header) { bytes, start in
          let count = IPv6RoutingHeader.addressCount(in: bytes, at: start)
          let list = (0..<count).compactMap { IPv6RoutingHeader.address($0, in: bytes, at: start) }
          return "the addresses \(ValueCodec.hops.print(list))"
        } holds: { bytes, start in
          let count = IPv6RoutingHeader.addressCount(in: bytes, at: start)
          guard isLoose ? addresses.count <= count : addresses.count == count else { return false }
          var next = 0
          for index in 0..<count where next < addresses.count {
            if IPv6RoutingHeader.address(index, in: bytes, at: start) == addresses[next] {
              next += 1
            } else if !isLoose {
              return false
            }
          }
          return next == addresses.count
        }
      },
    ].compactMap { $0 }
  }

  /// `rt type:0 segslefts:1:2 length:24 reserved 0-addrs fd00::1 0-not-strict`; the type as a signed number, as
  /// ip6tables 1.8.9 prints it.
  public func listing(_ style: ListStyle) -> String {
    var text = "rt"
    if let type { text += " type:\(type.inverted ? "!" : "")\(Int32(truncatingIfNeeded: type.value))" }
    if let range = segmentsLeft, range.inverted || range.value != .all {
      let plural = range.value.lower == range.value.upper ? "" : "s"
      text += " segsleft\(plural):\(range.inverted ? "!" : "")\(ValueCodec.indexRange.print(range.value))"
    }
    if let length { text += " length:\(length.inverted ? "!" : "")\(length.value)" }
    if checksReserved { text += " reserved" }
    if let addresses { text += " 0-addrs " + ValueCodec.hops.print(addresses) }
    if isLoose { text += " 0-not-strict" }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m rt", family: .ipv6),
    .same(
      "-A INPUT -m rt --rt-type 0 --rt-segsleft 1:2 --rt-len 40 --rt-0-res --rt-0-addrs fd00::1,::2 --rt-0-not-strict",
      family: .ipv6),
    .same("-A INPUT -m rt --rt-type 0 --rt-0-addrs fd00::1,fd00::2", family: .ipv6),
    .same("-A INPUT -m rt ! --rt-type 4 ! --rt-segsleft 3 ! --rt-len 8", family: .ipv6),
    .same("-A INPUT -m rt --rt-type 4294967295", family: .ipv6),
    .accepted("-A INPUT -m rt ! --rt-segsleft :", saves: "-A INPUT -m rt", family: .ipv6),
    .refused("-A INPUT -m rt --rt-type 4 --rt-0-res", family: .ipv6),
    .refused("-A INPUT -m rt ! --rt-type 0 --rt-0-res", family: .ipv6),
    .refused("-A INPUT -m rt --rt-0-res --rt-type 0", family: .ipv6),
    .refused("-A INPUT -m rt --rt-type 0 --rt-0-not-strict", family: .ipv6),
    .refused("-A INPUT -m rt --rt-type 0 --rt-0-addrs fd00::g", family: .ipv6),
    .refused("-A INPUT -m rt --rt-type 0 --rt-0-addrs \"\"", family: .ipv6),
    .refused(
      "-A INPUT -m rt --rt-type 0 --rt-0-addrs ::1,::2,::3,::4,::5,::6,::7,::8,::9,::a,::b,::c,::d,::e,::f,::a1,::b1",
      family: .ipv6),
    .refused("-A INPUT -m rt"),
  ]
}

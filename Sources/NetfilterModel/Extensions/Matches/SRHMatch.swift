// -m srh: the routing header of segment routing.

/// A number of `-m srh` and how it is compared: the options for "equal", "greater" and "less" of a field share one number,
/// that of the last one (kernel: `struct ip6t_srh`).
public struct SRHComparison: Hashable, Sendable {
  /// The number.
  public var number: UInt8 = 0
  /// Whether "equal" is asked; true when it is negated, nil when not.
  public var equal: Bool?
  /// Whether "greater" is asked; true when it is negated, nil when not.
  public var greater: Bool?
  /// Whether "less" is asked; true when it is negated, nil when not.
  public var less: Bool?

  /// The options' last syllables with what is asked.
  static let kinds: [(name: String, field: OptionField<SRHComparison, Bool?>)] = [
    ("eq", .init({ $0.equal }, { $0.equal = $1 })), ("gt", .init({ $0.greater }, { $0.greater = $1 })),
    ("lt", .init({ $0.less }, { $0.less = $1 })),
  ]

  /// What is asked, by the options' last syllables.
  var asked: [(name: String, inverted: Bool)] {
    SRHComparison.kinds.compactMap { kind in kind.field.get(self).map { (kind.name, $0) } }
  }

  /// Whether a value fulfils one comparison.
  func holds(_ name: String, _ inverted: Bool, _ value: UInt8) -> Bool {
    (name == "eq" ? value == number : name == "gt" ? value > number : value < number) != inverted
  }
}

/// Matches the header of segment routing (kernel: `srh_mt6`; man page: iptables-extensions, srh; RFC 8754 §2).
public struct SRHMatch: MatchExtension {
  /// The next header.
  public var nextHeader: Invertible<UInt8>?
  /// The length as it stands in the header: in units of 8 bytes, without the first 8.
  public var length = SRHComparison()
  /// How many segments are left.
  public var segmentsLeft = SRHComparison()
  /// The index of the last entry.
  public var lastEntry = SRHComparison()
  /// The tag; the kernel compares it with the bytes of the header swapped.
  public var tag: Invertible<UInt16>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("srh", families: [.ipv6], summary: "the header of segment routing")

  /// The option table.
  public static let options: [OptionSpec<SRHMatch>] =
    [.invertible("srh-next-hdr", .init({ $0.nextHeader }, { $0.nextHeader = $1 }), .number())]
    + comparisons("srh-hdr-len", .init({ $0.length }, { $0.length = $1 }))
    + comparisons("srh-segs-left", .init({ $0.segmentsLeft }, { $0.segmentsLeft = $1 }))
    + comparisons("srh-last-entry", .init({ $0.lastEntry }, { $0.lastEntry = $1 }))
    + [.invertible("srh-tag", .init({ $0.tag }, { $0.tag = $1 }), .number())]

  private static func comparisons(
    _ name: String, _ field: OptionField<SRHMatch, SRHComparison>
  ) -> [OptionSpec<SRHMatch>] {
    SRHComparison.kinds.map { kind in
      OptionSpec(
        "\(name)-\(kind.name)", canInvert: true, placeholder: "value",
        parse: { (owner, argument) throws(OptionError) in
          var comparison = field.get(owner)
          comparison.number = try ValueCodec<UInt8>.number().parse(argument)
          kind.field.set(&comparison, argument.inverted)
          field.set(&owner, comparison)
        },
        save: { owner, writer in
          let comparison = field.get(owner)
          if let inverted = kind.field.get(comparison) {
            writer.option("\(name)-\(kind.name)", "\(comparison.number)", inverted: inverted)
          }
        })
    }
  }

  /// Compares the fields; what is cut off or wrong never matches (kernel: `srh_mt6`).
  public var conditions: [Condition] {
    let header = ProtocolNumber.ipv6Routing
    var result: [Condition] = [
      .demand(header, length: IPv6RoutingHeader.segmentRoutingLength, drops: false), .wholeHeader(header, drops: false),
      .field("", of: header) { bytes, start in
        "a routing header of type \(IPv6RoutingHeader.type(in: bytes, at: start)) with "
          + "\(IPv6RoutingHeader.segmentsLeft(in: bytes, at: start)) segments left"
      } holds: { bytes, start in
        IPv6RoutingHeader.type(in: bytes, at: start) == IPv6RoutingHeader.segmentRouting
          && IPv6RoutingHeader.segmentsLeft(in: bytes, at: start) <= IPv6RoutingHeader.lastEntry(in: bytes, at: start)
      },
    ]
    if let nextHeader {
      result.append(
        .field("srh-next-hdr", of: header) { bytes, start in
          "\(IPv6OptionsHeader.nextHeader(in: bytes, at: start).rawValue)"
        } holds: { bytes, start in
          (IPv6OptionsHeader.nextHeader(in: bytes, at: start).rawValue == nextHeader.value) != nextHeader.inverted
        })
    }
    let fields: [(String, SRHComparison, @Sendable ([UInt8], Int) -> UInt8)] = [
      ("srh-hdr-len", length, { IPv6OptionsHeader.lengthField(in: $0, at: $1) }),
      ("srh-segs-left", segmentsLeft, { IPv6RoutingHeader.segmentsLeft(in: $0, at: $1) }),
      ("srh-last-entry", lastEntry, { IPv6RoutingHeader.lastEntry(in: $0, at: $1) }),
    ]
    for (name, comparison, read) in fields {
      for asked in comparison.asked {
        result.append(
          .field("\(name)-\(asked.name)", of: header) { bytes, start in
            "\(read(bytes, start))"
          } holds: { bytes, start in
            comparison.holds(asked.name, asked.inverted, read(bytes, start))
          })
      }
    }
    if let tag {
      result.append(
        .field("srh-tag", of: header) { bytes, start in
          "\(IPv6RoutingHeader.tag(in: bytes, at: start).byteSwapped)"
        } holds: { bytes, start in
          (IPv6RoutingHeader.tag(in: bytes, at: start).byteSwapped == tag.value) != tag.inverted
        })
    }
    return result
  }

  /// `srh next-hdr:17 hdr-len-eq:!8 tag:0`.
  public func listing(_ style: ListStyle) -> String {
    var text = "srh"
    if let nextHeader { text += " next-hdr:\(nextHeader.inverted ? "!" : "")\(nextHeader.value)" }
    for (name, comparison) in [("hdr-len", length), ("segs-left", segmentsLeft), ("last-entry", lastEntry)] {
      for asked in comparison.asked {
        text += " \(name)-\(asked.name):\(asked.inverted ? "!" : "")\(comparison.number)"
      }
    }
    if let tag { text += " tag:\(tag.inverted ? "!" : "")\(tag.value)" }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m srh", family: .ipv6),
    .same(
      "-A INPUT -m srh --srh-next-hdr 17 --srh-hdr-len-eq 8 --srh-segs-left-eq 4 --srh-last-entry-eq 4 --srh-tag 0",
      family: .ipv6),
    .accepted(
      "-A INPUT -m srh --srh-hdr-len-eq 8 --srh-hdr-len-gt 9 ! --srh-hdr-len-lt 10",
      saves: "-A INPUT -m srh --srh-hdr-len-eq 10 --srh-hdr-len-gt 10 ! --srh-hdr-len-lt 10", family: .ipv6),
    .same("-A INPUT -m srh ! --srh-segs-left-lt 5 ! --srh-tag 65535", family: .ipv6),
    .same("-A INPUT -m srh ! --srh-segs-left-gt 255 --srh-last-entry-gt 0", family: .ipv6),
    .refused("-A INPUT -m srh --srh-tag 65536", family: .ipv6),
    .refused("-A INPUT -m srh --srh-hdr-len-eq 256", family: .ipv6),
    .refused("-A INPUT -m srh --srh-next-hdr tcp", family: .ipv6),
    .refused("-A INPUT -m srh --srh-tag 1 --srh-tag 2", family: .ipv6),
    .refused("-A INPUT -m srh"),
  ]
}

// -m iprange: ranges of addresses that need not be networks.

/// A range of addresses; one that starts after its end contains nothing.
public struct AddressRange: Hashable, Sendable {
  /// The first address.
  public var lower: IPAddress
  /// The last address.
  public var upper: IPAddress

  /// Whether `address` lies inside (kernel: `iprange_mt4`, `iprange_mt6`).
  public func contains(_ address: IPAddress) -> Bool { address >= lower && address <= upper }
}

extension ValueCodec where Value == AddressRange {
  /// `address[-address]`.
  public static let addressRange = ValueCodec("address[-address]") { (argument) throws(OptionError) in
    let ends = argument.text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let address = { (text: Substring) throws(OptionError) -> IPAddress in
      guard let address = IPAddress(leading: text, family: argument.family) else {
        throw OptionError(
          "`\(text)` is not an address",
          tool: "iprange: Bad value for \"--\(OptionError.optionMark)\" option: \"\(text)\"")
      }
      return address
    }
    let lower = try address(ends.first ?? "")
    return AddressRange(lower: lower, upper: ends.count > 1 ? try address(ends[1]) : lower)
  } print: {
    "\($0.lower)-\($0.upper)"
  }
}

/// Matches the addresses against ranges (kernel: `iprange_mt4`; man page: iptables-extensions, iprange).
public struct IPRangeMatch: MatchExtension {
  /// The range of the source address.
  public var source: Invertible<AddressRange>?
  /// The range of the destination address.
  public var destination: Invertible<AddressRange>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("iprange", summary: "ranges of addresses")

  /// The option table.
  public static let options: [OptionSpec<IPRangeMatch>] = [
    .invertible("src-range", .init({ $0.source }, { $0.source = $1 }), .addressRange),
    .invertible("dst-range", .init({ $0.destination }, { $0.destination = $1 }), .addressRange),
  ]

  /// A range that starts after its end is taken, and contains nothing.
  public func warning(_ row: Int, _ argument: OptionArgument) -> String? {
    guard let range = (row == 0 ? source : destination)?.value, range.upper < range.lower else { return nil }
    return "xt_iprange: range \(argument.text) is reversed and will never match"
  }

  /// Refuses the match without a range.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if source == nil, destination == nil {
      throw OptionError(
        "iprange needs --src-range or --dst-range",
        tool: "iprange match: You must specify `--src-range' or `--dst-range'")
    }
  }

  /// Compares the addresses (kernel: `iprange_mt4`, `iprange_mt6`).
  public var conditions: [Condition] {
    [
      source.map {
        Condition("src-range", .source, .addresses($0.value.lower, $0.value.upper), inverted: $0.inverted)
      },
      destination.map {
        Condition("dst-range", .destination, .addresses($0.value.lower, $0.value.upper), inverted: $0.inverted)
      },
    ].compactMap { $0 }
  }

  /// `source IP range 10.0.0.1-10.0.0.9`.
  public func listing(_ style: ListStyle) -> String {
    var words: [String] = []
    for (name, range) in [("source", source), ("destination", destination)] {
      if let range {
        words.append("\(name) IP range \(range.inverted ? "! " : "")\(ValueCodec.addressRange.print(range.value))")
      }
    }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m iprange --src-range 10.0.0.1-10.0.0.9"),
    .accepted(
      "-A INPUT -m iprange ! --dst-range 1.1.1.1 ! --src-range 10.0.0.1-10.0.0.9",
      saves: "-A INPUT -m iprange ! --src-range 10.0.0.1-10.0.0.9 ! --dst-range 1.1.1.1-1.1.1.1"),
    .same("-A INPUT -m iprange --src-range 10.0.0.9-10.0.0.1"),
    .accepted(
      "-A INPUT -m iprange --src-range 10-11.2.3", saves: "-A INPUT -m iprange --src-range 10.0.0.0-11.2.3.0"),
    .accepted(
      "-A INPUT -m iprange --src-range 010.0.0.1-10.0.0.2", saves: "-A INPUT -m iprange --src-range 8.0.0.1-10.0.0.2"),
    .refused("-A INPUT -m iprange --src-range 10.0.0.1-"),
    .refused("-A INPUT -m iprange --src-range 10.0.0.1-10.0.0.2-10.0.0.3"),
    .refused("-A INPUT -m iprange --src-range 300.1.1.1"),
    .refused("-A INPUT -m iprange"),
  ]
}

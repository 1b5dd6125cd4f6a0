// -m connmark: compares the mark of the packet's connection.

/// Matches the connection's mark under a mask (kernel: `connmark_mt`; man page: iptables-extensions, connmark).
public struct ConnmarkMatch: MatchExtension {
  /// The value and mask to compare with.
  public var mark: Invertible<MaskedValue>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("connmark", summary: "the connection's mark")

  /// The option table.
  public static let options: [OptionSpec<ConnmarkMatch>] = [
    .invertible("mark", .init({ $0.mark }, { $0.mark = $1 }), .masked, isMandatory: true)
  ]

  /// Connection tracking is needed.
  public var enablesConntrack: Bool { true }

  /// Compares the mark of the connection (kernel: `connmark_mt`).
  public var conditions: [Condition] {
    [
      mark.map {
        Condition(
          "mark", .connectionMark, .masked(value: UInt64($0.value.value), mask: UInt64($0.value.mask)),
          inverted: $0.inverted)
      }
    ].compactMap { $0 }
  }

  /// `connmark match  0x1`.
  public func listing(_ style: ListStyle) -> String {
    guard let mark else { return "" }
    return "connmark match \(mark.inverted ? "!" : "") \(ValueCodec.masked.print(mark.value))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m connmark --mark 1", saves: "-A INPUT -m connmark --mark 0x1"),
    .accepted("-A INPUT -m connmark ! --mark 1/0xff", saves: "-A INPUT -m connmark ! --mark 0x1/0xff"),
    .same("-A INPUT -m connmark --mark 0x1ff/0xff"),
    .accepted("-A INPUT -m connmark --mark 1/0xffffffff", saves: "-A INPUT -m connmark --mark 0x1"),
    .refused("-A INPUT -m connmark"),
    .refused("-A INPUT -m connmark --mark red"),
  ]
}

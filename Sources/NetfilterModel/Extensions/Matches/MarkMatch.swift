// -m mark: compares the firewall mark of the packet.

/// Matches the packet's mark under a mask (kernel: `mark_mt`; man page: iptables-extensions, mark).
public struct MarkMatch: MatchExtension {
  /// The value and mask to compare with.
  public var mark: Invertible<MaskedValue>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("mark", summary: "the packet's firewall mark")

  /// The option table.
  public static let options: [OptionSpec<MarkMatch>] = [
    .invertible("mark", .init({ $0.mark }, { $0.mark = $1 }), .masked, isMandatory: true)
  ]

  /// Compares the mark (kernel: `mark_mt`).
  public var conditions: [Condition] {
    [
      mark.map {
        Condition(
          "mark", .mark, .masked(value: UInt64($0.value.value), mask: UInt64($0.value.mask)), inverted: $0.inverted)
      }
    ].compactMap { $0 }
  }

  /// `mark match 0x1`.
  public func listing(_ style: ListStyle) -> String {
    guard let mark else { return "" }
    return "mark match \(mark.inverted ? "! " : "")\(ValueCodec.masked.print(mark.value))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m mark --mark 0x1"),
    .accepted("-A INPUT -m mark ! --mark 10/255", saves: "-A INPUT -m mark ! --mark 0xa/0xff"),
    .accepted("-A INPUT -m mark --mark 010", saves: "-A INPUT -m mark --mark 0x8"),
    .accepted("-A INPUT -m mark --mark 1/0xffffffff", saves: "-A INPUT -m mark --mark 0x1"),
    .same("-A INPUT -m mark --mark 0x1ff/0xff"),
    .refused("-A INPUT -m mark"),
    .refused("-A INPUT -m mark --mark 1/"),
    .refused("-A INPUT -m mark --mark 4294967296"),
    .refused("-A INPUT -m mark --mark red"),
  ]
}

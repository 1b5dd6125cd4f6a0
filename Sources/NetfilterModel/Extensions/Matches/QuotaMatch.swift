// -m quota: a budget of bytes that matching packets use up.

/// Matches while the quota lasts (kernel: `quota_mt`; man page: iptables-extensions, quota).
///
/// The first word of the rule's state holds the bytes that are left.
public struct QuotaMatch: MatchExtension {
  /// The quota in bytes.
  public var quota: Invertible<UInt64>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("quota", summary: "a budget of bytes")

  /// The option table; what is printed is the quota as it was given, not what is left.
  public static let options: [OptionSpec<QuotaMatch>] = [
    .invertible("quota", .init({ $0.quota }, { $0.quota = $1 }), .unsigned(placeholder: "bytes"), isMandatory: true)
  ]

  /// Takes the packet's length from the budget (kernel: `quota_mt`).
  public var conditions: [Condition] {
    guard let quota else { return [] }
    return [
      .opaque(
        "quota",
        OpaqueTest(
          reads: [], keepsState: true, nature: .amount, initialState: { _ in MatchState(first: quota.value) },
          saw: { _, state, _ in "\(state.first) bytes are left" },
          evaluate: { packet, state, _ in
            let length = UInt64(packet.length)
            guard state.first >= length else {
              state.first = 0
              return ConditionResult(quota.inverted)
            }
            state.first -= length
            return ConditionResult(!quota.inverted)
          }))
    ]
  }

  /// `quota: 1000 bytes`, without a sign of `!`.
  public func listing(_ style: ListStyle) -> String {
    guard let quota else { return "" }
    return "quota: \(quota.value) bytes"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m quota --quota 1000"),
    .same("-A INPUT -m quota ! --quota 1000"),
    .same("-A INPUT -m quota --quota 0"),
    .same("-A INPUT -m quota --quota 18446744073709551615"),
    .accepted("-A INPUT -m quota --quota 0x10", saves: "-A INPUT -m quota --quota 16"),
    .refused("-A INPUT -m quota --quota 18446744073709551616"),
    .refused("-A INPUT -m quota --quota 1k"),
    .refused("-A INPUT -m quota"),
  ]
}

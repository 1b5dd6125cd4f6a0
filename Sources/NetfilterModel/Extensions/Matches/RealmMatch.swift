// -m realm: the realm of the packet's route.

/// Matches the realm of the route (kernel: `realm_mt`; man page: iptables-extensions, realm).
public struct RealmMatch: MatchExtension {
  /// The realm under a mask.
  public var realm: Invertible<MaskedValue>?
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "realm", families: [.ipv4], hooks: [.input, .forward, .output, .postrouting], summary: "the realm of the route",
    outside: "the realms of routes that have one, and names of realms but `cosmos`")

  /// The option table.
  public static let options: [OptionSpec<RealmMatch>] = [
    .invertible("realm", .init({ $0.realm }, { $0.realm = $1 }), NamedGroup.realm.codec, isMandatory: true)
  ]

  /// Compares the realm, which is 0 where no route has one (kernel: `realm_mt`).
  public var conditions: [Condition] {
    guard let realm else { return [] }
    return [
      .opaque(
        "realm",
        OpaqueTest(
          reads: [], keepsState: false, mayBeUnknown: true,
          saw: { _, _, memory in
            memory.facts.hasRealms ? "realms of routes are not looked up" : "the route has realm 0"
          },
          evaluate: { _, _, memory in
            memory.facts.hasRealms ? .unknown : ConditionResult((realm.value.value == 0) != realm.inverted)
          }))
    ]
  }

  /// `! realm 0x5/0xff`.
  public func listing(_ style: ListStyle) -> String {
    guard let realm else { return "" }
    return "\(realm.inverted ? "! " : "")realm \(NamedGroup.realm.text(realm.value, numeric: style.numeric))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m realm --realm 5/255", saves: "-A INPUT -m realm --realm 0x5/0xff"),
    .accepted("-A INPUT -m realm --realm 0", saves: "-A INPUT -m realm --realm cosmos"),
    .same("-A OUTPUT -m realm ! --realm 0x1234"), .same("-A POSTROUTING -m realm --realm 0x5", table: .mangle),
    .refused("-A INPUT -m realm --realm foo"), .refused("-A INPUT -m realm --realm 5/"),
    .refused("-A INPUT -m realm --realm 4294967296"), .refused("-A INPUT -m realm --realm \"\""),
    .refused("-A INPUT -m realm"), .refused("-A PREROUTING -m realm --realm 5", table: .mangle),
    .refused("-A INPUT -m realm --realm 5", family: .ipv6),
  ]
}

// -m owner: the socket that sent the packet.

/// A range of user or group ids.
public struct IDRange: Hashable, Sendable {
  /// The first id.
  public var lower: UInt32
  /// The last id.
  public var upper: UInt32

  /// Whether `id` lies inside.
  public func contains(_ id: UInt32) -> Bool { id >= lower && id <= upper }
}

extension ValueCodec where Value == IDRange {
  /// The users with a fixed number on Debian (Debian Policy §9.2, base-passwd), so that a file means the same on every machine.
  static let users: [(name: String, id: UInt32)] = [
    ("root", 0), ("daemon", 1), ("bin", 2), ("sys", 3), ("sync", 4), ("games", 5), ("man", 6), ("lp", 7), ("mail", 8),
    ("news", 9), ("uucp", 10), ("proxy", 13), ("www-data", 33), ("backup", 34), ("list", 38), ("irc", 39), ("_apt", 42),
    ("nobody", 65534),
  ]
  /// The groups with a fixed number on Debian.
  static let groups: [(name: String, id: UInt32)] = [
    ("root", 0), ("daemon", 1), ("bin", 2), ("sys", 3), ("adm", 4), ("tty", 5), ("disk", 6), ("lp", 7), ("mail", 8),
    ("news", 9), ("uucp", 10), ("man", 12), ("proxy", 13), ("kmem", 15), ("dialout", 20), ("fax", 21), ("voice", 22),
    ("cdrom", 24), ("floppy", 25), ("tape", 26), ("sudo", 27), ("audio", 29), ("dip", 30), ("www-data", 33),
    ("backup", 34), ("operator", 37), ("list", 38), ("irc", 39), ("src", 40), ("shadow", 42), ("utmp", 43),
    ("video", 44), ("sasl", 45), ("plugdev", 46), ("staff", 50), ("games", 60), ("users", 100), ("nogroup", 65534),
  ]

  /// `name` or `id[-id]`; ids go up to 4294967294.
  static func ids(_ names: [(name: String, id: UInt32)], what: String) -> ValueCodec {
    ValueCodec("\(what)id[-\(what)id]") { (argument) throws(OptionError) in
      if let entry = names.first(where: { $0.name == argument.text }) {
        return IDRange(lower: entry.id, upper: entry.id)
      }
      let parts = argument.text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      let limit: ClosedRange<UInt64> = 0...0xffff_fffe
      guard let lower = parseUnsigned(parts.first ?? "", in: limit),
        let upper = parts.count > 1 ? parseUnsigned(parts[1], in: limit) : lower
      else {
        throw OptionError(
          "`\(argument.text)` is not a \(what) id",
          help: "write a number, two with `-` between them, or a system's name",
          tool:
            "\(OptionError.extensionMark): Bad value for \"--\(OptionError.optionMark)\" option: \"\(argument.text)\"")
      }
      return IDRange(lower: UInt32(lower), upper: UInt32(upper))
    } print: {
      $0.lower == $0.upper ? "\($0.lower)" : "\($0.lower)-\($0.upper)"
    }
  }

  /// `--uid-owner`.
  public static let userIDs = ids(users, what: "user")
  /// `--gid-owner`.
  public static let groupIDs = ids(groups, what: "group")
}

/// Matches the owner of the sending socket (kernel: `owner_mt`; man page: iptables-extensions, owner).
public struct OwnerMatch: MatchExtension {
  /// Whether there must be a socket (true) or must be none (false).
  public var socketExists: Bool?
  /// The user ids.
  public var users: Invertible<IDRange>?
  /// The group ids.
  public var groups: Invertible<IDRange>?
  /// Whether supplementary groups count as well.
  public var includesSupplementaryGroups = false

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "owner", hooks: [.output, .postrouting], summary: "the user, group or presence of the sending socket")

  /// The option table.
  public static let options: [OptionSpec<OwnerMatch>] = [
    .invertibleFlag("socket-exists", .init({ $0.socketExists }, { $0.socketExists = $1 })),
    .invertible("uid-owner", .init({ $0.users }, { $0.users = $1 }), .userIDs),
    .invertible("gid-owner", .init({ $0.groups }, { $0.groups = $1 }), .groupIDs),
    OptionSpec(
      "suppl-groups", arity: .none,
      parse: { (owner, _) throws(OptionError) in
        guard owner.groups != nil else { throw OptionError("--suppl-groups needs --gid-owner before it") }
        owner.includesSupplementaryGroups = true
      },
      save: { owner, writer in if owner.includesSupplementaryGroups { writer.option("suppl-groups") } }),
  ]

  /// Refuses the match without a condition.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if socketExists == nil, users == nil, groups == nil {
      throw OptionError(
        "owner needs one of --uid-owner, --gid-owner and --socket-exists",
        tool: "owner: At least one of --uid-owner, --gid-owner or --socket-exists is required")
    }
  }

  /// Refuses ranges that end before they start (kernel: `owner_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    for range in [users, groups] {
      if let range, range.value.upper < range.value.lower {
        return OptionError("id range `\(range.value.lower)-\(range.value.upper)` ends before it starts")
      }
    }
    return nil
  }

  /// Compares the socket's owner; packets without a process's socket fulfil only what is negated (kernel: `owner_mt`).
  public var conditions: [Condition] {
    var result: [Condition] = []
    if let socketExists {
      result.append(
        Condition("socket-exists", .socket, .equals(1), inverted: !socketExists, holdsWhenAbsent: !socketExists))
    }
    if let users {
      result.append(
        Condition(
          "uid-owner", .userID, .between(users.value.lower, users.value.upper), inverted: users.inverted,
          holdsWhenAbsent: users.inverted))
    }
    if let groups {
      guard includesSupplementaryGroups else {
        result.append(
          Condition(
            "gid-owner", .groupID, .between(groups.value.lower, groups.value.upper), inverted: groups.inverted,
            holdsWhenAbsent: groups.inverted))
        return result
      }
      result.append(
        .opaque(
          "gid-owner",
          OpaqueTest(
            reads: [.groupID], keepsState: false,
            saw: { packet, _, _ in OwnerMatch.groupText(packet.packet.owner) },
            evaluate: { packet, _, _ in
              switch packet.packet.owner {
              case .none: return .fails
              case .kernel: return ConditionResult(groups.inverted)
              case .process(_, let group, let others):
                let isMember =
                  groups.value.contains(group) || others.contains { groups.value.contains($0) }
                return ConditionResult(isMember != groups.inverted)
              }
            })))
    }
    return result
  }

  private static func groupText(_ owner: SocketOwner) -> String {
    guard case .process(_, let group, let others) = owner else { return "no process sent the packet" }
    return "the process has the groups " + ([group] + others).map { "\($0)" }.joined(separator: ",")
  }

  /// `owner UID match root`.
  public func listing(_ style: ListStyle) -> String {
    var words: [String] = []
    if let socketExists { words.append("\(socketExists ? "" : "! ")owner socket exists") }
    let name = { (range: IDRange, names: [(name: String, id: UInt32)]) -> String in
      if !style.numeric, range.lower == range.upper, let entry = names.first(where: { $0.id == range.lower }) {
        return entry.name
      }
      return ValueCodec<IDRange>.userIDs.print(range)
    }
    if let users {
      words.append("\(users.inverted ? "! " : "")owner UID match \(name(users.value, ValueCodec<IDRange>.users))")
    }
    if let groups {
      words.append("\(groups.inverted ? "! " : "")owner GID match \(name(groups.value, ValueCodec<IDRange>.groups))")
    }
    if includesSupplementaryGroups { words.append("incl. suppl. groups") }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A OUTPUT -m owner --uid-owner root", saves: "-A OUTPUT -m owner --uid-owner 0"),
    .same("-A OUTPUT -m owner ! --uid-owner 5-10"),
    .accepted("-A OUTPUT -m owner --uid-owner 5-5", saves: "-A OUTPUT -m owner --uid-owner 5"),
    .accepted("-A OUTPUT -m owner --gid-owner adm", saves: "-A OUTPUT -m owner --gid-owner 4"),
    .same("-A OUTPUT -m owner ! --gid-owner 5-10 --suppl-groups"),
    .accepted(
      "-A OUTPUT -m owner --uid-owner 0 --gid-owner 0 ! --socket-exists",
      saves: "-A OUTPUT -m owner ! --socket-exists --uid-owner 0 --gid-owner 0"),
    .same("-A OUTPUT -m owner --uid-owner 4294967294"),
    .same("-A POSTROUTING -m owner --uid-owner 0", table: .mangle),
    .refused("-A OUTPUT -m owner --uid-owner 4294967295"),
    .refused("-A OUTPUT -m owner --uid-owner 10-5"),
    .refused("-A OUTPUT -m owner --uid-owner 0-daemon"),
    .refused("-A OUTPUT -m owner --uid-owner nosuchuser"),
    .refused("-A OUTPUT -m owner --suppl-groups --gid-owner 7"),
    .refused("-A OUTPUT -m owner"),
    .refused("-A INPUT -m owner --uid-owner 0"),
  ]
}

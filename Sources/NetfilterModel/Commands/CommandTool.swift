// Which of the command line tools a word names.

/// One of the tools that scripts call: iptables and its like, by name or path.
public struct CommandTool: Hashable, Sendable {
  /// What a tool does.
  public enum Kind: Hashable, Sendable {
    /// One command on a table: `iptables`.
    case command
    /// A rule file is loaded: `iptables-restore`.
    case restore
    /// The tables are printed: `iptables-save`.
    case save
  }

  /// What it does.
  public var kind: Kind
  /// Whether it is for IPv4 or IPv6.
  public var family: AddressFamily
  /// Whether the name says that nftables is behind it; it is read as the legacy tool.
  public var isNft: Bool

  /// The tool that a word names, such as `iptables` or `/sbin/ip6tables-legacy-restore`; nil for every other word.
  public init?(word: some StringProtocol) {
    let name = word.split(separator: "/", omittingEmptySubsequences: false).last.map { String($0) } ?? ""
    var rest = name[...]
    if rest.hasPrefix("iptables") {
      family = .ipv4
      rest = rest.dropFirst("iptables".count)
    } else if rest.hasPrefix("ip6tables") {
      family = .ipv6
      rest = rest.dropFirst("ip6tables".count)
    } else {
      return nil
    }
    isNft = false
    if rest.hasPrefix("-legacy") {
      rest = rest.dropFirst("-legacy".count)
    } else if rest.hasPrefix("-nft") {
      isNft = true
      rest = rest.dropFirst("-nft".count)
    }
    switch rest {
    case "": kind = .command
    case "-restore": kind = .restore
    case "-save": kind = .save
    default: return nil
    }
  }

  /// The name that the tool has for itself in messages.
  public var name: String {
    let name = family == .ipv4 ? "iptables" : "ip6tables"
    return switch kind {
    case .command: name
    case .restore: name + "-restore"
    case .save: name + "-save"
    }
  }
}

// What iptables says when it refuses a command, and the status that it leaves.

/// A refusal of the command line tools, in their own words.
public enum ToolRefusal: Hashable, Sendable {
  /// Something on the command line (iptables: `xtables_error(PARAMETER_PROBLEM)`).
  case parameter(String)
  /// The same, found only when the table is open, behind everything else on the command line.
  case late(String)
  /// A line that has no name of the tool before it.
  case plain(String)
  /// The line that leads to `-h`, and nothing else.
  case tryHelp
  /// `-t` with a table that the kernel does not have (iptables: `xtables_error(VERSION_PROBLEM)`).
  case unknownTable(String)
  /// What libiptc or the kernel refuses (libiptc: `iptc_strerror`).
  case system(String)
  /// A refusal by the kernel with EINVAL, for which the words say where to look.
  case invalid(String)
  /// What is said beside a command that succeeds.
  case warning(String)

  /// What is said about `DROP` in the nat table (iptables: `do_command4`).
  static let dropInNat = ToolRefusal.parameter(
    "\nThe \"nat\" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n")

  /// Whether the tool only sees it when it has opened the table.
  var isLate: Bool {
    switch self {
    case .late, .unknownTable, .system, .invalid: true
    case .parameter, .plain, .tryHelp, .warning: false
    }
  }

  /// The exit status: 1 a refusal of libiptc or the kernel, 2 the command line, 3 what the kernel lacks, 0 a warning.
  public var status: Int {
    switch self {
    case .parameter, .late, .plain, .tryHelp: 2
    case .unknownTable: 3
    case .system, .invalid: 1
    case .warning: 0
    }
  }

  /// The lines on standard error; `tool` is the name that the tool has for itself, `iptables` or `ip6tables`.
  public func text(tool: String) -> String {
    let help = "Try `\(tool) -h' or '\(tool) --help' for more information.\n"
    return switch self {
    case .parameter(let words), .late(let words): "\(tool) v\(ToolRefusal.version): \(words)\n\(help)"
    case .plain(let words): "\(words)\n\(help)"
    case .tryHelp: help
    case .unknownTable(let name):
      "\(tool) v\(ToolRefusal.version): can't initialize \(tool) table `\(name)': "
        + "Table does not exist (do you need to insmod?)\n"
        + "Perhaps \(tool) or your kernel needs to be upgraded.\n"
    case .system(let words): "\(tool): \(words).\n"
    case .invalid(let words): "\(tool): \(words). Run `dmesg' for more information.\n"
    case .warning(let words): "\(words)\n"
    }
  }

  /// The version of the tools that are followed.
  static let version = "1.8.9 (legacy)"
}

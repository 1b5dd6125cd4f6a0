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
  /// Words that stand for themselves, as with a policy that iptables-restore cannot set (iptables: `xtables_error(OTHER_PROBLEM)`).
  case failed(String)
  /// What is said beside a command that succeeds.
  case warning(String)

  /// What is said about `DROP` in the nat table (iptables: `do_command4`).
  static let dropInNat = ToolRefusal.parameter(
    "\nThe \"nat\" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n")

  /// Whether the tool only sees it when it has opened the table.
  var isLate: Bool {
    switch self {
    case .late, .unknownTable, .system, .invalid: true
    case .parameter, .plain, .tryHelp, .failed, .warning: false
    }
  }

  /// The exit status: 1 a refusal of libiptc or the kernel, 2 the command line, 3 what the kernel lacks, 0 a warning.
  public var status: Int {
    switch self {
    case .parameter, .late, .plain, .tryHelp: 2
    case .unknownTable: 3
    case .system, .invalid, .failed: 1
    case .warning: 0
    }
  }

  /// The lines on standard error.
  ///
  /// - Parameters:
  ///   - tool: the name that the tool has for itself, such as `iptables` or `ip6tables-restore`.
  ///   - line: the line of the rule file, from 1, where iptables-restore reads one.
  public func text(tool: String, line: Int? = nil) -> String {
    let place = line.map { "Error occurred at line: \($0)\n" } ?? ""
    let help = "\(place)Try `\(tool) -h' or '\(tool) --help' for more information.\n"
    if let line {
      switch self {
      case .system, .invalid: return "\(tool): line \(line) failed\n"
      default: break
      }
    }
    return switch self {
    case .failed(let words): "\(words)\n"
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

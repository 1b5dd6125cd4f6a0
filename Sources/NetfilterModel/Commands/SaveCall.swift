// How iptables-save is called: its options, read as getopt_long does.

/// A call of iptables-save or ip6tables-save (iptables: `do_iptables_save`).
public struct SaveCall: Sendable {
  /// Whether counters are printed (`-c`).
  public var counters = false
  /// The one table that is printed (`-t`), or nil.
  public var table: String?
  /// The file that is written (`-f`); nil for standard output.
  public var path: String?
  /// What is said about the options before anything is printed.
  public internal(set) var warnings = ""
  /// How the call ends where no table is printed: a wrong option, `-V`.
  public internal(set) var end: CommandOutcome?

  private static let flags: [(name: String, letter: Character, needs: Bool)] = [
    ("counters", "c", false), ("version", "V", false), ("dump", "d", false), ("table", "t", true),
    ("modprobe", "M", true), ("file", "f", true), ("", "b", false),
  ]

  /// Reads the words behind the tool's name.
  ///
  /// - Parameters:
  ///   - arguments: the words.
  ///   - word: the word by which the tool was called, which its messages about options name.
  ///   - family: whose tool it is.
  public init(_ arguments: [String], calledAs word: String, family: AddressFamily) {
    let tool = (family == .ipv4 ? "iptables" : "ip6tables") + "-save"
    var reader = ToolOptions(arguments, SaveCall.flags)
    while end == nil, let option = reader.next() {
      switch option {
      case .flag("c", _): counters = true
      case .flag("t", let value): table = value
      case .flag("f", let value): path = value
      case .flag("b", _): warnings += ToolOptions.binary
      case .flag("V", _): finish(0, output: "\(tool) v\(ToolRefusal.version)\n")
      case .flag: break
      case .wrong(let message):
        finish(1, "\(word): \(message)\nLook at manual page `\(tool).8' for more information.\n")
      }
    }
    if end == nil, !reader.operands.isEmpty { finish(1, "Unknown arguments found on commandline\n") }
    guard end == nil, let table, TableKind(name: table) == nil else { return }
    finish(
      1, "\(tool) v\(ToolRefusal.version): Cannot initialize: Table does not exist (do you need to insmod?)\n")
  }

  private mutating func finish(_ status: Int, _ message: String = "", output: String = "") {
    var outcome = CommandOutcome()
    outcome.status = status
    outcome.message = warnings + message
    outcome.output = output
    end = outcome
  }
}

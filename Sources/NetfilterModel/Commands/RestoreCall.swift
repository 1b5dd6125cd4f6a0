// How iptables-restore is called: its options, read as getopt_long does.

/// A call of iptables-restore or ip6tables-restore (iptables: `ip46tables_restore_main`).
public struct RestoreCall: Sendable {
  /// How the file is read.
  public var options = RestoreOptions()
  /// Whether what is done is printed (`-v`).
  public var isVerbose = false
  /// The file that is read; nil for standard input.
  public var path: String?
  /// What is said about the options before the file is read.
  public internal(set) var warnings = ""
  /// How the call ends where no file is read: a wrong option, `-h`, `-V`.
  public internal(set) var end: CommandOutcome?

  private static let flags: [(name: String, letter: Character, needs: Bool)] = [
    ("counters", "c", false), ("verbose", "v", false), ("version", "V", false), ("test", "t", false),
    ("help", "h", false), ("noflush", "n", false), ("modprobe", "M", true), ("table", "T", true),
    ("wait", "w", false), ("wait-interval", "W", false), ("", "b", false),
  ]

  /// Reads the words behind the tool's name.
  ///
  /// - Parameters:
  ///   - arguments: the words.
  ///   - word: the word by which the tool was called, which its messages about options name.
  ///   - family: whose tool it is.
  public init(_ arguments: [String] = [], calledAs word: String = "iptables-restore", family: AddressFamily = .ipv4) {
    let tool = RestoreSpeech(family: family).tool
    var reader = ToolOptions(arguments, RestoreCall.flags)
    var waits = false
    var hasInterval = false
    while end == nil, let option = reader.next() {
      switch option {
      case .flag("c", _): options.counters = true
      case .flag("n", _): options.keepsRules = true
      case .flag("t", _): options.isTest = true
      case .flag("v", _): isVerbose = true
      case .flag("T", let value): options.only = value
      case .flag("V", _): finish(0, output: "\(tool) v\(ToolRefusal.version)\n")
      case .flag("h", _): finish(0, output: nil)
      case .flag("w", let glued):
        waits = true
        guard let value = glued ?? reader.takeValue() else { break }
        if NumberReader.scanf(value)?.end != value.endIndex {
          finish(2, ToolRefusal.parameter("wait seconds not numeric").text(tool: tool, line: 0))
        }
      case .flag("W", let glued):
        hasInterval = true
        guard let value = glued ?? reader.takeValue() else {
          finish(2, ToolRefusal.parameter("wait interval value required").text(tool: tool, line: 0))
          break
        }
        if NumberReader.scanf(value)?.end != value.endIndex {
          finish(2, ToolRefusal.parameter("wait interval not numeric").text(tool: tool, line: 0))
        } else {
          warnings += "Ignoring deprecated --wait-interval option.\n"
        }
      case .flag("b", _): warnings += ToolOptions.binary
      case .flag: break
      case .wrong(let message):
        finish(1, "\(word): \(message)\nTry `\(tool) -h' for more information.\n")
      }
    }
    if end != nil { return }
    if reader.operands.count > 1 {
      finish(1, "Unknown arguments found on commandline\n")
    } else if hasInterval, !waits {
      finish(1, "Option --wait-interval requires option --wait\n")
    }
    path = reader.operands.first
  }

  private mutating func finish(_ status: Int, _ message: String = "", output: String? = "") {
    var outcome = CommandOutcome()
    outcome.status = status
    outcome.message = warnings + message
    outcome.output = output
    end = outcome
  }
}

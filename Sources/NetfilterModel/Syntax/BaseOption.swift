// The options that every rule and command has, and how a name is found among them as getopt_long finds it.

/// An option of iptables itself.
enum BaseOption: UInt8, CaseIterable {
  case append, check, delete, insert, replace, list, listRules, flush, zero, newChain, deleteChain, renameChain, policy
  case source, destination, protocolNumber, input, output, jump, goto, match, table, fragment, setCounters
  case numeric, verbose, exact, lineNumbers, wait, waitInterval, version, help, modprobe, ipv4, ipv6

  /// Whether it takes an argument.
  enum Argument { case none, required, optional }

  /// Long names, short letter, argument (iptables: `original_opts`, `OPTSTRING_COMMON`).
  var row: (names: [String], letter: Character?, argument: Argument) {
    switch self {
    case .append: (["append"], "A", .required)
    case .check: (["check"], "C", .required)
    case .delete: (["delete"], "D", .required)
    case .insert: (["insert"], "I", .required)
    case .replace: (["replace"], "R", .required)
    case .list: (["list"], "L", .optional)
    case .listRules: (["list-rules"], "S", .optional)
    case .flush: (["flush"], "F", .optional)
    case .zero: (["zero"], "Z", .optional)
    case .newChain: (["new-chain"], "N", .required)
    case .deleteChain: (["delete-chain"], "X", .optional)
    case .renameChain: (["rename-chain"], "E", .required)
    case .policy: (["policy"], "P", .required)
    case .source: (["source", "src"], "s", .required)
    case .destination: (["destination", "dst"], "d", .required)
    case .protocolNumber: (["protocol"], "p", .required)
    case .input: (["in-interface"], "i", .required)
    case .output: (["out-interface"], "o", .required)
    case .jump: (["jump"], "j", .required)
    case .goto: (["goto"], "g", .required)
    case .match: (["match"], "m", .required)
    case .table: (["table"], "t", .required)
    case .fragment: (["fragments"], "f", .none)
    case .setCounters: (["set-counters"], "c", .required)
    case .numeric: (["numeric"], "n", .none)
    case .verbose: (["verbose"], "v", .none)
    case .exact: (["exact"], "x", .none)
    case .lineNumbers: (["line-numbers"], nil, .none)
    case .wait: (["wait"], "w", .optional)
    case .waitInterval: (["wait-interval"], "W", .optional)
    case .version: (["version"], "V", .none)
    case .help: (["help"], "h", .optional)
    case .modprobe: (["modprobe"], "M", .required)
    case .ipv4: (["ipv4"], "4", .none)
    case .ipv6: (["ipv6"], "6", .none)
    }
  }

  static let byName: NameTable<BaseOption> = {
    var result = NameTable<BaseOption>()
    for option in allCases { for name in option.row.names { result.add(name, option) } }
    return result
  }()

  private static let letters: [BaseOption?] = {
    var result = [BaseOption?](repeating: nil, count: 256)
    for option in allCases { if let letter = option.row.letter?.asciiValue { result[Int(letter)] = option } }
    return result
  }()

  /// The option with a short letter, or nil.
  init?(letter: UInt8) {
    guard let option = BaseOption.letters[Int(letter)] else { return nil }
    self = option
  }

  private static let arguments: [Argument] = allCases.map { $0.row.argument }
  var argument: Argument { BaseOption.arguments[Int(rawValue)] }
  /// How iptables names the option where it has a letter for each (iptables: `optflags`).
  var letterDisplay: String { self == .lineNumbers ? "-0" : display }
  /// How the option is named in messages.
  var display: String { row.letter.map { "-\($0)" } ?? "--\(row.names[0])" }
}

/// The options that a command was given, and where the first of each stands.
struct GivenOptions {
  private var bits: UInt64 = 0
  private var words = InlineArray<64, UInt8>(repeating: 0)

  /// Notes an option of the word with an index, of which a line has fewer than 256.
  mutating func insert(_ option: BaseOption, word: Int) {
    bits |= 1 << UInt64(option.rawValue)
    words[Int(option.rawValue)] = UInt8(truncatingIfNeeded: word)
  }

  func contains(_ option: BaseOption) -> Bool { bits & 1 << UInt64(option.rawValue) != 0 }

  /// The index of an option's word, or nil when it was not given.
  func word(of option: BaseOption) -> Int? { contains(option) ? Int(words[Int(option.rawValue)]) : nil }

  /// The options in the order of their declaration.
  var options: [BaseOption] { BaseOption.allCases.filter(contains) }

  /// Whether an option was given that some commands on rules do not take.
  var hasDoubtfulOptions: Bool { bits & GivenOptions.doubtful != 0 }

  private static let doubtful = [BaseOption.numeric, .exact, .lineNumbers, .setCounters].reduce(0 as UInt64) {
    $0 | 1 << UInt64($1.rawValue)
  }
}

/// What a long option's name means.
enum OptionMeaning {
  case base(BaseOption)
  /// An option of the loaded extension with an index, by row.
  case ofExtension(Int, row: Int)
  /// An abbreviation of several options.
  case ambiguous([String])
  case none
}

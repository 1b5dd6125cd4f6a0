// The commands of a set file.

/// A command of `ipset`, of which any beginning is understood (libipset: `ipset_commands`).
enum SetCommand: UInt8, Hashable, Sendable, CaseIterable {
  // The order decides which of two commands a beginning stands for.
  case create, add, delete, test, destroy, list, save, restore, flush, rename, swap, help, version, quit

  /// The names, the one of messages first.
  var names: [String] {
    switch self {
    case .create: ["create", "new", "-N"]
    case .add: ["add", "-A"]
    case .delete: ["del", "-D"]
    case .test: ["test", "-T"]
    case .destroy: ["destroy", "x", "-X"]
    case .list: ["list", "-L"]
    case .save: ["save", "-S"]
    case .restore: ["restore", "-R"]
    case .flush: ["flush", "-F"]
    case .rename: ["rename", "e", "-E"]
    case .swap: ["swap", "w", "-W"]
    case .help: ["help", "-h", "-H"]
    case .version: ["version", "-v", "-V"]
    case .quit: ["quit"]
    }
  }

  /// How many words it needs, and whether one more may follow.
  var words: (needed: Int, optional: Bool) {
    switch self {
    case .create, .add, .delete, .test, .rename, .swap: (2, false)
    case .destroy, .list, .save, .flush, .help: (0, true)
    case .restore, .version, .quit: (0, false)
    }
  }

  /// The command that a word stands for: a name or its beginning, with or without two dashes (libipset:
  /// `ipset_match_cmd`).
  static func named(_ word: Substring) -> SetCommand? {
    let bare = word.hasPrefix("--") ? word.dropFirst(2) : word
    if bare.isEmpty || word == "-" { return nil }
    return allCases.first { $0.names.contains { $0.hasPrefix(bare) } }
  }
}

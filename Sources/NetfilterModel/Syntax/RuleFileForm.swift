// Files of another form that are given as rule files, and what to do with each.

/// What a file is that is no rule file.
enum RuleFileForm {
  /// A shell script that calls iptables.
  case script
  /// What `iptables -L` prints.
  case listing
  /// An nftables ruleset.
  case nftables
  /// A host or tests in the flow language.
  case flow

  /// The bytes that some editors put before a text.
  static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

  /// The form that the first line outside a table speaks of, or nil.
  init?(line: ArraySlice<UInt8>, firstOf file: [UInt8]) {
    let words = line.prefix(200).split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d })
      .map { String(decoding: $0, as: UTF8.self) }
    guard let first = words.first else { return nil }
    if RuleFileForm.startsAShell(file) || words.prefix(3).contains(where: RuleFileForm.isCommand) {
      self = .script
    } else if first == "Chain" {
      self = .listing
    } else if first == "table" && words.count > 1 || first == "flush" && words.count > 1 && words[1] == "ruleset" {
      self = .nftables
    } else if ["host", "iface", "rules", "include", "test", "import", "let", "assume", "sysctl"].contains(first) {
      self = .flow
    } else {
      return nil
    }
  }

  /// Whether the first line names a shell; a rule file may name iptables-restore there.
  private static func startsAShell(_ file: [UInt8]) -> Bool {
    guard file.starts(with: "#!".utf8) else { return false }
    let line = file.prefix(200).prefix { $0 != 0x0a && $0 != 0x0d }
    return line.split(whereSeparator: { $0 == 0x20 || $0 == 0x2f }).contains { $0.suffix(2).elementsEqual("sh".utf8) }
  }

  /// Whether a word calls iptables: by name or path, or through a variable.
  private static func isCommand(_ word: String) -> Bool {
    let name = word.split(separator: "/").last.map { String($0) } ?? word
    let isVariable = word.utf8.first == 0x24 || word.utf8.first == 0x22
    return ["iptables", "ip6tables", "iptables-legacy", "ip6tables-legacy", "iptables-nft"].contains(name)
      || isVariable && word.uppercased().utf8.split(separator: 0x49).contains { $0.starts(with: "PT".utf8) }
  }

  /// What is wrong.
  var message: String {
    switch self {
    case .script: "this is a shell script, not a rule file as iptables-save writes it"
    case .listing: "this is what `iptables -L` prints, which does not say all of a rule"
    case .nftables: "this is an nftables ruleset, not a rule file as iptables-save writes it"
    case .flow: "this is a host or tests in the flow language, not a rule file"
    }
  }

  /// What to do about a file of this name.
  func help(_ file: String) -> String {
    switch self {
    case .script:
      "run it where it changes nothing, and save what it made: unshare -rn sh -c 'sh \(RuleFileForm.isPlain(file) ? file : "SCRIPT") && iptables-save' >FILE"
    case .listing: "save the rules with iptables-save"
    case .nftables: "nftables is not read; rules that iptables-nft made are saved by iptables-nft-save"
    case .flow: "give it as `hookwalk trace --host \(file)` or `hookwalk test \(file)`"
    }
  }

  /// The command that mends a file in place, or in a pipe when it has no name.
  static func mend(_ file: String, sed: String, pipe: String, isBytes: Bool = false) -> String {
    file == "stdin"
      ? "put `\(pipe)` before it in the pipe" : "\(isBytes ? "LC_ALL=C " : "")sed -i '\(sed)' \(path(file))"
  }

  /// Whether a shell takes a path as it stands, and no command takes it for an option.
  private static func isPlain(_ file: String) -> Bool {
    !file.isEmpty && file.utf8.first != 0x2d
      && file.utf8.allSatisfy {
        $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x41 && $0 <= 0x5a || $0 >= 0x2b && $0 <= 0x39 || $0 == 0x5f
      }
  }

  /// A path as a shell takes it.
  private static func path(_ file: String) -> String {
    if isPlain(file) { return file }
    var quoted = "'"
    for character in file { quoted += character == "'" ? "'\\''" : String(character) }
    return quoted + "'"
  }
}

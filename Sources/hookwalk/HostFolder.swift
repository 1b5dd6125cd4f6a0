// A folder that the script of `hookwalk collect` filled, as a host.

/// Reads folders of a machine's saved output.
enum HostFolder {
  /// The lines of the flow language that read a folder's files, and the name of a file in it; nil for a path that is no folder.
  ///
  /// - Throws: when the folder has none of the files.
  static func text(_ path: String) throws(CommandError) -> (text: String, name: String)? {
    guard FileStatus(path: path)?.kind == .folder else { return nil }
    var lines: [String] = []
    let known = [
      ("addr", "import addr addr"), ("route", "import route route"), ("route6", "import route route6"),
      ("rule", "import rule rule"), ("rule6", "import rule rule6"), ("sysctl", "import sysctl sysctl"),
      ("ipset", "ipset ipset"), ("rules.v4", "rules v4 rules.v4"), ("rules.v6", "rules v6 rules.v6"),
    ]
    for (name, line) in known {
      if let status = FileStatus(path: "\(path)/\(name)"), status.kind == .regular, status.size > 0 {
        lines.append(line)
      }
    }
    guard !lines.isEmpty else {
      throw .input("`\(path)` has no file that `hookwalk collect` makes: addr, route, rule, sysctl, rules.v4")
    }
    return (lines.joined(separator: "\n") + "\n", "\(path)/host.flow")
  }
}

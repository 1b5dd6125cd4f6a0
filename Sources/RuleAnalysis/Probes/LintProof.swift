// The packets that show a finding, and the command that walks them again.

import NetfilterModel

/// The packets that show a finding, and what became of them.
public struct LintProof: Hashable, Sendable {
  /// The file that describes the host; empty for a host that was made to fit.
  public var hostFile: String
  /// The rule file that they walk through.
  public var file: String
  /// The family of the rules.
  public var family: AddressFamily
  /// The options by which `hookwalk trace` reads a script in the same way.
  public var scriptWords: [String] = []
  /// Lines that describe the host in the flow language; none where `hookwalk trace` makes one to fit, or for a described
  /// host.
  public var host: [String]
  /// The packets, as `hookwalk trace` takes them.
  public var steps: [String]
  /// How the last one ended, in words.
  public var ending: String
  /// The way of the last packet, step by step.
  public var trace: String

  /// The command that walks the packets again.
  public var command: String {
    if !hostFile.isEmpty {
      return "hookwalk trace --host \(LintProof.quoted(hostFile)) "
        + steps.map { LintProof.quoted($0) }.joined(separator: " ")
    }
    var words = ["hookwalk trace", family == .ipv4 ? "--rules" : "--rules6", LintProof.quoted(file)]
    words += scriptWords.map { LintProof.quoted($0) }
    for line in host {
      let parts = line.split(separator: " ", maxSplits: 1).map { String($0) }
      guard parts.count == 2 else { continue }
      words.append("--\(parts[0]) " + LintProof.quoted(parts[0] == "sysctl" ? parts[1].filter { $0 != " " } : parts[1]))
    }
    return (words + steps.map { LintProof.quoted($0) }).joined(separator: " ")
  }

  /// A word as a shell takes it.
  static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy {
        $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x41 && $0 <= 0x5a || $0 >= 0x2b && $0 <= 0x3a || $0 == 0x5f || $0 == 0x3d
      }
    if isPlain { return text }
    var quoted = "'"
    for character in text { quoted += character == "'" ? "'\\''" : String(character) }
    return quoted + "'"
  }
}

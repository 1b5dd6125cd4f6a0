// One finding: what is wrong and where, the packet that shows it, and what would mend it.

import NetfilterModel

/// The packets that show a finding, and what became of them.
public struct LintProof: Hashable, Sendable {
  /// The rule file that they walk through.
  public var file: String
  /// The family of the rules.
  public var family: AddressFamily
  /// Lines that describe the host in the flow language; none where `hookwalk trace` makes one to fit, or for a described one.
  public var host: [String]
  /// The packets, as `hookwalk trace` takes them.
  public var steps: [String]
  /// How the last one ended, in words.
  public var ending: String
  /// The way of the last packet, step by step.
  public var trace: String

  /// The command that walks the packets again.
  public var command: String {
    var words = ["hookwalk trace", family == .ipv4 ? "--rules" : "--rules6", LintProof.quoted(file)]
    for line in host {
      let parts = line.split(separator: " ", maxSplits: 1).map { String($0) }
      guard parts.count == 2 else { continue }
      words.append("--\(parts[0]) " + LintProof.quoted(parts[0] == "sysctl" ? parts[1].filter { $0 != " " } : parts[1]))
    }
    return (words + steps.map { LintProof.quoted($0) }).joined(separator: " ")
  }

  /// A word as a shell takes it.
  static func quoted(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.utf8.allSatisfy {
      $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x41 && $0 <= 0x5a || $0 >= 0x2b && $0 <= 0x3a || $0 == 0x5f || $0 == 0x3d
    }
    if isPlain { return text }
    var quoted = "'"
    for character in text { quoted += character == "'" ? "'\\''" : String(character) }
    return quoted + "'"
  }
}

/// A change of a file that mends a finding.
public struct LintEdit: Hashable, Sendable {
  /// The line, from 1.
  public var line: Int
  /// The columns that go, in characters from 1; nil for the whole line with its end.
  public var columns: Range<Int>?
  /// What comes in their place; nil takes the line away.
  public var text: String?
}

/// What would mend a finding for sure.
public struct LintFix: Hashable, Sendable {
  /// What it does, in a few words.
  public var summary: String
  /// The changes.
  public var edits: [LintEdit]
}

/// Another place that a finding speaks of.
public struct LintNote: Hashable, Sendable {
  /// The place.
  public var range: SourceRange
  /// What is there.
  public var message: String
}

/// A finding.
public struct LintFinding: Hashable, Sendable {
  /// What is wrong, how bad it is, and where.
  public var diagnostic: Diagnostic
  /// Other places that it speaks of.
  public var notes: [LintNote] = []
  /// The packet that shows it; nil where the rules alone do.
  public var proof: LintProof?
  /// What would mend it for sure; nil where a person must decide.
  public var fix: LintFix?
  /// The rule as `iptables-save` prints it, by which the finding is known again when lines move; empty for none.
  public var subject: String = ""

  /// Makes a finding.
  public init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}

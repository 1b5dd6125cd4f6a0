// One finding: what is wrong and where, the packet that shows it, and what would mend it.

import NetfilterModel

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

// Findings that a file says are meant: a comment line above a rule, or a remark in it.

import NetfilterModel

/// What a file says of findings.
struct LintDirectives {
  /// One directive.
  struct Directive: Hashable {
    /// Where it stands.
    var line: Int
    /// The lines that it is for; nil for the whole file.
    var target: Int?
    /// The codes, as they are written.
    var codes: [String]
    /// Whether it says why.
    var hasReason: Bool
  }

  private(set) var directives: [Directive] = []

  /// Reads `# hookwalk: ignore=4006,2003 reason` above a rule, `# hookwalk: ignore-file=...` anywhere, and the remark
  /// `hookwalk:ignore=4006` in a rule, as saved files keep no lines with `#`.
  init(_ source: SourceText, _ ruleset: Ruleset) {
    for (index, line) in source.lines.enumerated() {
      guard let line = source.comment(line) else { continue }
      let words = line.dropFirst().split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
      guard words.first == "hookwalk:", words.count >= 2 else { continue }
      if let codes = LintDirectives.codes(words[1], "ignore-file=") {
        directives.append(Directive(line: index + 1, target: nil, codes: codes, hasReason: words.count > 2))
      } else if let codes = LintDirectives.codes(words[1], "ignore=") {
        var next = index + 1
        while next < source.lines.count, source.comment(source.lines[next]) != nil || source.lines[next].isEmpty {
          next += 1
        }
        directives.append(Directive(line: index + 1, target: next + 1, codes: codes, hasReason: words.count > 2))
      }
    }
    for table in ruleset.tables {
      for chain in table.chains {
        for rule in chain.rules {
          guard let line = rule.location?.line else { continue }
          for remark in rule.matches.compactMap({ $0.remark }) {
            guard let start = remark.range(of: "hookwalk:ignore=") else { continue }
            let rest = remark[start...]
            let word = rest.prefix { $0 != " " }
            if let codes = LintDirectives.codes(word, "hookwalk:ignore=") {
              directives.append(Directive(line: line, target: line, codes: codes, hasReason: rest.count > word.count))
            }
          }
        }
      }
    }
  }

  private static func codes(_ word: Substring, _ beginning: String) -> [String]? {
    guard word.hasPrefix(beginning) else { return nil }
    return word.dropFirst(beginning.count).split(separator: ",").map { String($0) }
  }

  /// The findings that no directive names, how many are named, and the directives that name none.
  func apply(to findings: [LintFinding]) -> (kept: [LintFinding], ignored: Int, unused: [Directive]) {
    if directives.isEmpty { return (findings, 0, []) }
    var used: Set<Int> = []
    var byLine: [Int: [Int]] = [:]
    var global: [Int] = []
    for (index, directive) in directives.enumerated() {
      if let target = directive.target { byLine[target, default: []].append(index) } else { global.append(index) }
    }
    let kept = findings.filter { finding in
      let named = (global + (byLine[finding.diagnostic.range.line] ?? [])).filter { index in
        directives[index].codes.contains { LintSelection.names($0, finding.diagnostic.id) }
      }
      used.formUnion(named)
      return named.isEmpty
    }
    return (kept, findings.count - kept.count, directives.indices.filter { !used.contains($0) }.map { directives[$0] })
  }
}

extension LintDirectives.Directive {
  /// That the directive ignores nothing.
  func finding(_ source: SourceText) -> LintFinding {
    let range = SourceRange(file: source.name, line: line, column: 1, length: max(1, source.line(line).count))
    var finding = LintFinding(
      Diagnostic(
        UnusedDirective.code.id, at: range, "there is no finding \(codes.joined(separator: ", ")) here to be ignored",
        help: "take the directive away", sourceLine: source.line(line)))
    finding.subject = "directive \(codes.joined(separator: ","))"
    return finding
  }
}

extension String {
  /// Where a text begins in this one, or nil.
  fileprivate func range(of text: String) -> Index? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start }
      start = index(after: start)
    }
    return nil
  }
}

// Answers for matches that nothing here can decide: what is assumed of them, and the ways that a walk shall try.

import NetfilterModel

/// What is assumed of matches that nothing here can decide, wherever they stand.
package struct Assumptions: Hashable, Sendable {
  /// The answers by the match as `iptables-save` prints it.
  private var answers: [String: Bool] = [:]

  /// The matches that are settled, as `iptables-save` prints them.
  package var matches: [String] { answers.keys.sorted() }

  /// Settles a match; `text` is what is written behind `-m`.
  package mutating func assume(_ text: String, _ answer: Bool) { answers[Assumptions.canonical(text)] = answer }

  /// What is assumed of a match, or nil.
  func answer(for match: Match) -> Bool? { answers.isEmpty ? nil : answers[match.text] }

  /// A match as `iptables-save` prints it, when the text can be read as one; the text with single blanks otherwise.
  package static func canonical(_ text: String) -> String {
    var words = text.split(separator: " ")
    if words.first == "-m" || words.first == "--match" { words.removeFirst() }
    let text = words.joined(separator: " ")
    if text.utf8.contains(0x0a) { return text }
    let rule = RestoreParser.parse("*filter\n-A INPUT -m \(text)\nCOMMIT\n", file: "")
    guard let matches = rule.ruleset.tables.first?["INPUT"]?.rules.first?.matches, matches.count == 1 else {
      return text
    }
    return matches[0].text
  }
}

/// The answers that a walk shall give, in the order in which it comes to matches that nothing here can decide.
package struct ChosenAnswers: Hashable, Sendable {
  /// The answers.
  package var answers: [Bool]
  /// How many of them were given.
  package private(set) var given = 0
  /// Whether a match was left undecided because no answer was left.
  package private(set) var isLeftOpen = false
  /// The first match that was left undecided, as `iptables-save` prints it.
  package internal(set) var openMatch: String?

  /// Makes answers.
  package init(_ answers: [Bool] = []) { self.answers = answers }

  /// The next answer; nil when there is none, and then the walk ends there.
  mutating func next() -> Bool? {
    guard given < answers.count else {
      isLeftOpen = true
      return nil
    }
    given += 1
    return answers[given - 1]
  }
}

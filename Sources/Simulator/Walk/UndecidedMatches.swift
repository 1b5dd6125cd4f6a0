// Answers for matches that nothing here can decide: a walk that shall try a possibility is told what such a match says.

import NetfilterModel

/// The answers to give for matches that cannot be decided: those that are assumed for a match wherever it stands, and then one for each, in the
/// order in which packets come to them.
package struct UndecidedMatches {
  /// What is assumed, by the match as `iptables-save` prints it.
  package private(set) var assumed: [String: Bool] = [:]
  /// The answers.
  package var answers: [Bool] = []
  /// How many of them were given.
  package private(set) var given = 0
  /// Whether a match was left undecided because no answer was left.
  package private(set) var isLeftOpen = false

  /// Settles a match wherever it stands; `text` is what is written behind `-m`.
  package mutating func assume(_ text: String, _ answer: Bool) { assumed[UndecidedMatches.canonical(text)] = answer }

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

  /// The answer for the match that is asked now; nil when there is none, and then the walk ends there.
  package mutating func answer(for match: Match) -> Bool? {
    if !assumed.isEmpty, let answer = assumed[match.text] { return answer }
    guard given < answers.count else {
      isLeftOpen = true
      return nil
    }
    given += 1
    return answers[given - 1]
  }
}

extension Match {
  /// The match as `iptables-save` prints it, without `-m`.
  package var text: String {
    var writer = SaveWriter()
    save(into: &writer)
    return name + writer.text
  }
}

// What a trace is told to assume, and what it guesses.

import FlowTesting
import NetfilterModel
import Simulator

/// The assumptions and guesses of a trace.
enum TraceAssumption {
  /// What stands before the guesses.
  static let guessHead = "A guess: the rules name interfaces that this host lacks:"
  /// How many of them are named.
  static let mostNamed = 8

  /// The interfaces that the rules name and the host lacks.
  static func guesses(on host: LinuxHost) -> [String] {
    let missing = MissingInterface.all(on: host)
    let more = missing.count - mostNamed
    return missing.prefix(mostNamed).map(\.text) + (more > 0 ? ["and \(more) more"] : [])
  }

  /// Settles matches as `--assume 'MATCH yes'` says; one that no rule has is most likely misspelt.
  static func apply(_ texts: [String], to host: inout LinuxHost) throws(CommandError) {
    for text in texts where ScriptArguments.condition(text) == nil {
      var words = text.split(separator: " ")
      if words.first == "assume" { words.removeFirst() }
      guard words.count > 1, let answer = ["yes": true, "no": false][words.removeLast()] else {
        throw .usage("`--assume` needs a match and `yes` or `no`, as in `--assume 'geoip --src-cc KR yes'`")
      }
      let match = Assumptions.canonical(words.joined(separator: " "))
      host.configuration.assumptions.assume(match, answer)
      let known = [host.ruleset(.ipv4), host.ruleset(.ipv6)].lazy
        .flatMap { $0.tables }.flatMap { $0.chains }.flatMap { $0.rules }.flatMap { $0.matches }
      if !known.contains(where: { $0.text == match }) {
        Terminal.complain("hookwalk: warning: no rule has the match `\(match)`, so `--assume` settles nothing\n")
      }
    }
  }
}

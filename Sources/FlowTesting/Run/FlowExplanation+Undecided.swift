// What an explanation says of a match that nothing here can decide.

import NetfilterModel
import Simulator

extension FlowExplanation {
  /// Adds what the answers of the match lead to that left the packet of a step unknown; `before` is the run before it.
  mutating func settle(_ outcome: FlowBranches.Outcome, _ step: FlowStep, _ before: FlowExecution) {
    let undecided = UndecidedMatch { answers in
      var execution = before
      guard let done = try? execution.step(step, answers: outcome.answers + answers, explains: false),
        let passage = done.passage
      else { return nil }
      return (passage.end, done.openMatch)
    }
    if let undecided {
      bothWays = undecided.bothWays
      assumption = undecided.assumption
    } else if let split = outcome.split {
      bothWays =
        split.ends.map { $0.description }.sorted().joined(separator: " or ") + ", by an answer of an earlier step"
      assumption = "assume \(split.match) yes"
    }
  }
}

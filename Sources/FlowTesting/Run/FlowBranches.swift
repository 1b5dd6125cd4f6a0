// The ways that a test can go when matches in it cannot be decided: both answers are tried, and where the ways agree it did not matter.

import NetfilterModel
import Simulator

/// The ways that a test has gone so far.
///
/// A way splits where a match cannot be decided: the step is done again from the run as it was before that step. Ways that no
/// later packet can tell apart become one again, so that a test is bounded by its ways and not by its length.
struct FlowBranches {
  /// What one way says about a step.
  struct Outcome {
    var passage: FlowPassage
    var index: RuleIndex
    /// The run before the step; nil where it was not kept, as the steps before it can be done again.
    var before: Kept?
    /// The answers that were given in the step.
    var answers: [Bool]
    /// What an earlier step left undecided, where the ways since then end differently.
    var split: Split?
  }

  /// A run that was kept: in a place of its own, as a run is large and most outcomes have none.
  final class Kept {
    let execution: FlowExecution
    init(_ execution: FlowExecution) { self.execution = execution }
  }

  /// A match that an earlier step could not decide, and how the packet of this step ends in the ways since then.
  struct Split {
    var match: String
    var ends: [Disposition]
  }

  /// A run, and whether it once had to go on without an answer.
  private struct Way {
    var execution: FlowExecution
    var isOpen = false
  }

  /// A way through one step; without a passage where the step is none of a packet.
  private struct Branch {
    var way: Way
    var before: FlowExecution
    var answers: [Bool]
    var passage: FlowPassage?
  }

  /// The most ways that are followed; a match that would make more stays undecided.
  static let most = 64

  private let test: FlowTest
  /// Whether no match of the rules can be undecided, so that there is one way.
  private let isDecided: Bool
  private var ways: [Way]
  /// The first match that could not be decided: where a packet ended for want of an answer.
  private var firstUndecided: Disposition?
  /// That match.
  private var firstMatch: String?

  init(suite: FlowSuite, test: FlowTest) {
    self.test = test
    isDecided = suite.isDecided
    ways = [Way(execution: FlowExecution(suite: suite))]
  }

  /// The first way.
  var first: FlowExecution? { ways.first?.execution }

  /// Does a step in every way.
  ///
  /// - Returns: an outcome for each way when all have the same verdict, and one without a verdict when they have
  ///   not; none for a step without a packet or an expectation.
  /// - Throws: `ConversationError` when a packet that follows another cannot be made.
  mutating func step(_ number: Int) throws(ConversationError) -> [Outcome] {
    if isDecided { return try onlyStep(number) }
    var branches: [Branch] = []
    var undecided: Branch?
    for (index, way) in ways.enumerated() {
      let open = try explore(way, [], number, &branches, pending: ways.count - index - 1)
      if undecided == nil { undecided = open }
    }
    let hasSplit = branches.count > ways.count
    ways = branches.map { $0.way }
    if hasSplit { ways = FlowBranches.distinct(ways) }
    if test.steps[number].expectation == nil { return [] }
    let outcomes = branches.compactMap(outcome)
    guard let first = outcomes.first else { return [] }
    let verdict = FlowPassage.verdict(first.passage.end)
    if outcomes.allSatisfy({ FlowPassage.verdict($0.passage.end) == verdict }) { return outcomes }
    if let undecided, let outcome = outcome(undecided) { return [outcome] }
    var result = first
    if let firstUndecided { result.passage.end = firstUndecided }
    if let firstMatch {
      var ends: [Disposition] = []
      for outcome in outcomes where !ends.contains(outcome.passage.end) { ends.append(outcome.passage.end) }
      result.split = Split(match: firstMatch, ends: ends)
    }
    return [result]
  }

  /// Does a step where every match can be decided: nothing is kept of the run before it.
  private mutating func onlyStep(_ number: Int) throws(ConversationError) -> [Outcome] {
    let step = test.steps[number]
    guard let passage = try ways[0].execution.step(step, explains: false).passage, step.expectation != nil else {
      return []
    }
    return [Outcome(passage: passage, index: ways[0].execution.index, before: nil, answers: [])]
  }

  private func outcome(_ branch: Branch) -> Outcome? {
    branch.passage.map {
      Outcome(passage: $0, index: branch.way.execution.index, before: Kept(branch.before), answers: branch.answers)
    }
  }

  /// Does a step in one way, and where a match in it cannot be decided in both.
  ///
  /// - Parameters:
  ///   - answers: what to answer in this step.
  ///   - pending: how many ways are still to be gone beside this one and `branches`.
  /// - Returns: the way that ended at the match, when there was one.
  @discardableResult
  private mutating func explore(
    _ start: Way, _ answers: [Bool], _ number: Int, _ branches: inout [Branch], pending: Int
  ) throws(ConversationError) -> Branch? {
    var way = start
    let done = try way.execution.step(test.steps[number], answers: answers, explains: false)
    let ended = Branch(way: way, before: start.execution, answers: answers, passage: done.passage)
    guard done.isLeftOpen else {
      branches.append(ended)
      return nil
    }
    guard !start.isOpen, branches.count + pending + 2 <= FlowBranches.most else {
      way.isOpen = true
      branches.append(Branch(way: way, before: start.execution, answers: answers, passage: done.passage))
      return nil
    }
    if firstUndecided == nil {
      firstUndecided = done.passage?.firstEnd
      firstMatch = done.openMatch
    }
    for answer in [false, true] {
      try explore(start, answers + [answer], number, &branches, pending: answer ? pending : pending + 1)
    }
    return ended
  }

  /// One of each of those that no later packet can tell apart.
  private static func distinct(_ ways: [Way]) -> [Way] {
    var result: [Way] = []
    for way in ways
    where !result.contains(where: { $0.isOpen == way.isOpen && $0.execution.isLike(way.execution) }) {
      result.append(way)
    }
    return result
  }
}

// The ways that a test can go when matches in it cannot be decided: both answers are tried, and where the ways agree it did not matter.

import NetfilterModel
import Simulator

/// The ways that a test has gone so far.
struct FlowBranches {
  /// What one way says about a step.
  struct Outcome {
    var passage: FlowPassage
    var index: RuleIndex
    /// The answers that lead there.
    var answers: [Bool]
  }

  /// A way through one step; without a walk where the step is none of a packet.
  private struct Branch {
    var execution: FlowExecution
    var walk: Walk?
  }

  /// The most ways that are followed; a match that would make more stays undecided.
  static let most = 64
  /// The most steps that are done again to go both ways; beyond it a match stays undecided too.
  static let mostRepeated = 1_000_000

  private let suite: FlowSuite
  private let test: FlowTest
  private var executions: [FlowExecution]
  /// The first match that could not be decided: where a packet ended for want of an answer.
  private var firstUndecided: Disposition?
  /// How many steps were done again.
  private var repeated = 0

  init(suite: FlowSuite, test: FlowTest) {
    self.suite = suite
    self.test = test
    executions = [FlowExecution(suite: suite)]
  }

  /// The answers of the first way.
  var answers: [Bool] { executions.first?.host.undecided.answers ?? [] }

  /// Does a step in every way.
  ///
  /// - Returns: an outcome for each way when all have the same verdict, and one without a verdict when they have not; none for a step without a packet or an
  ///   expectation.
  /// - Throws: `ConversationError` when a packet that follows another cannot be made.
  mutating func step(_ number: Int) throws(ConversationError) -> [Outcome] {
    var branches: [Branch] = []
    var undecided: Branch?
    for (index, execution) in executions.enumerated() {
      let open = try explore(execution, number, &branches, pending: executions.count - index - 1)
      if undecided == nil { undecided = open }
    }
    let hasSplit = branches.count > executions.count
    executions = branches.map(\.execution)
    if hasSplit { executions = FlowBranches.distinct(executions) }
    if test.steps[number].expectation == nil { return [] }
    let outcomes = branches.compactMap { branch in branch.walk.map { outcome(branch.execution, FlowPassage($0)) } }
    guard let first = outcomes.first else { return [] }
    let verdict = FlowPassage.verdict(first.passage.end)
    if outcomes.allSatisfy({ FlowPassage.verdict($0.passage.end) == verdict }) { return outcomes }
    if let undecided, let walk = undecided.walk { return [outcome(undecided.execution, FlowPassage(walk))] }
    var result = first
    if let firstUndecided { result.passage.end = firstUndecided }
    return [result]
  }

  private func outcome(_ execution: FlowExecution, _ passage: FlowPassage) -> Outcome {
    Outcome(passage: passage, index: execution.index, answers: execution.host.undecided.answers)
  }

  /// Does a step in one way, and where a match in it cannot be decided in both.
  ///
  /// - Parameter pending: how many ways are still to be gone beside this one and `branches`.
  /// - Returns: the way that ended at the match, when there was one.
  @discardableResult
  private mutating func explore(
    _ start: FlowExecution, _ number: Int, _ branches: inout [Branch], pending: Int
  ) throws(ConversationError) -> Branch? {
    var execution = start
    let wasOpen = execution.host.undecided.isLeftOpen
    let walk = try execution.step(test.steps[number], explains: false)
    let ended = Branch(execution: execution, walk: walk)
    guard execution.host.undecided.isLeftOpen, !wasOpen,
      branches.count + pending + 2 <= FlowBranches.most, repeated <= FlowBranches.mostRepeated
    else {
      branches.append(ended)
      return nil
    }
    if firstUndecided == nil { firstUndecided = walk?.disposition }
    for answer in [false, true] {
      var other = FlowExecution(suite: suite, answers: execution.host.undecided.answers + [answer])
      repeated += number
      for step in test.steps[..<number] { _ = try other.step(step, explains: false) }
      try explore(other, number, &branches, pending: answer ? pending : pending + 1)
    }
    return ended
  }

  /// One of each of those that no later packet can tell apart.
  private static func distinct(_ executions: [FlowExecution]) -> [FlowExecution] {
    var result: [FlowExecution] = []
    for execution in executions where !result.contains(where: { $0.isLike(execution) }) { result.append(execution) }
    return result
  }
}

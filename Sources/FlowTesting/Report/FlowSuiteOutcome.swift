// How the tests of a file came out.

import NetfilterModel
import Simulator

/// The outcomes of one file of tests.
public struct FlowSuiteOutcome: Sendable {
  /// The file.
  public var file: String
  /// Its tests in order.
  public var outcomes: [FlowOutcome]
  /// Why its tests could not run; nil when they could.
  public var problem: String?

  /// Makes the outcomes of a file.
  public init(file: String, outcomes: [FlowOutcome], problem: String? = nil) {
    self.file = file
    self.outcomes = outcomes
    self.problem = problem
  }
}

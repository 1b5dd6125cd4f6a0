// What went wrong in a test.

import NetfilterModel
import Simulator

/// What went wrong in a test, at its first step that did not do as expected.
public struct FlowFailure: Hashable, Sendable {
  /// The test.
  public var test: String
  /// Where the step stands.
  public var range: SourceRange
  /// What was expected and what came, without place.
  public var message: String
  /// Why it came so.
  public var explanation: FlowExplanation
  /// Whether a match or target that nothing here can decide left the packet unknown.
  public var isUndecided = false
}

// A step of a test: something that happens, and what is expected of it.

import NetfilterModel
import Simulator

/// A step: something that happens, and what is expected of it.
public struct FlowStep: Hashable, Sendable {
  /// What happens.
  public var action: FlowAction
  /// What is expected, or nil.
  public var expectation: FlowExpectation?
  /// Where it stands.
  public var range: SourceRange
}

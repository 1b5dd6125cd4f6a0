// A statement of the flow language with its place.

import NetfilterModel
import Simulator

/// A statement with its place.
public enum FlowStatement: Hashable, Sendable {
  /// A line that describes the host.
  case setup(FlowSetup, SourceRange)
  /// A step.
  case step(FlowStep)
  /// A test.
  case test(FlowTest)
}

// A test as it is written.

import NetfilterModel
import Simulator

/// What a test says about being run.
public enum FlowTestMode: Hashable, Sendable {
  /// It runs.
  case run
  /// It does not run; why.
  case skip(String)
  /// It runs, but need not pass yet; why.
  case todo(String)
}

/// A test: steps on a host as it was set up, without connections.
public struct FlowTest: Hashable, Sendable {
  /// The name.
  public var name: String
  /// The tags, without `@`.
  public var tags: [String] = []
  /// Whether it runs.
  public var mode = FlowTestMode.run
  /// The steps in order.
  public var steps: [FlowStep] = []
  /// Where its first line stands.
  public var range: SourceRange
}

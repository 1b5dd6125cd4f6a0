// How a test came out.

import NetfilterModel
import Simulator

/// How a test came out.
public enum FlowResult: Sendable {
  /// Everything was as expected.
  case passed
  /// Something was not.
  case failed(FlowFailure)
  /// It did not run; why.
  case skipped(String)
  /// It need not pass yet; why, and the failure, if there was one.
  case todo(String, FlowFailure?)
}

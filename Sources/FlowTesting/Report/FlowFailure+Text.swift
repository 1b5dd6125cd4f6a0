// A failure as text.

import NetfilterModel
import Simulator

extension FlowFailure: CustomStringConvertible {
  /// The place, what was expected and what came, and why, as `hookwalk test` prints it.
  public var description: String { FlowReport().render(self) }
}

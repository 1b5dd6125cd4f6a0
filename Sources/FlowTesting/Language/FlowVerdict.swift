// How a packet is expected to end.

import NetfilterModel
import Simulator

/// How a packet is expected to end.
public enum FlowVerdict: Hashable, Sendable {
  /// The host itself takes it.
  case deliver
  /// It goes through, out on an interface; nil for any.
  case forward(InterfaceName?)
  /// The host sends it, out on an interface; nil for any.
  case send(InterfaceName?)
  /// A rule, a policy or the host drops it without an answer from a rule.
  case drop
  /// A rule rejects it; nil for any answer.
  case reject(ExpectedAnswer?)
  /// It goes to a user-space queue.
  case queue
  /// It is a fragment that waits for the others.
  case held
  /// Nothing here can decide it.
  case unknown
}

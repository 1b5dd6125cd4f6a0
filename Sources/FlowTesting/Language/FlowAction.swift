// Something that happens in a test.

import NetfilterModel
import Simulator

/// Something that happens.
public enum FlowAction: Hashable, Sendable {
  /// A packet starts.
  indirect case packet(FlowPacket)
  /// The far end answers the last packet.
  case reply(FollowUp)
  /// The same end sends the next packet.
  case again(FollowUp)
  /// Time passes, in nanoseconds.
  case wait(UInt64)
  /// Every connection is forgotten.
  case flushConntrack
  /// Chance starts from a number (`seed N`).
  case seed(UInt64)
  /// The wall clock is set, in seconds since 1970 (`at 2026-03-01T08:00`).
  case at(UInt64)
  /// A rule file, or a script with arguments, is loaded.
  case loadRules(AddressFamily, path: String, arguments: [String] = [])
}

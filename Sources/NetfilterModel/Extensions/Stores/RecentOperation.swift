// What -m recent does with an address.

/// What `-m recent` does with the address (kernel: `XT_RECENT_SET` and its siblings).
public enum RecentOperation: String, Hashable, Sendable, CaseIterable {
  /// Puts it on the list; always matches.
  case set
  /// Matches when it is on the list.
  case check = "rcheck"
  /// As `check`, and notes the time when it matches.
  case update
  /// Matches when it is on the list, and takes it off.
  case remove

  /// The word that `iptables -L` prints.
  var listing: String {
    switch self {
    case .set: "SET"
    case .check: "CHECK"
    case .update: "UPDATE"
    case .remove: "REMOVE"
    }
  }
}

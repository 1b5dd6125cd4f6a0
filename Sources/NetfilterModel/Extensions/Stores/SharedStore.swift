// What several rules share by name.

/// A list or table that several rules share by name; one case for each kind.
public enum SharedStore: Hashable, Sendable {
  /// Taken out while it is changed.
  case none
  /// A list of `-m recent`.
  case recent(RecentTable)
  /// A table of `-m hashlimit`.
  case hashlimit(HashlimitTable)
  /// The connections that a rule with `-m connlimit` counts; no other rule has them.
  case connections(ConnectionLists)
}

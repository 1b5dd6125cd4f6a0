// What it means for an exit code when nothing here can say how a packet ends.

/// What becomes of a packet whose end is unknown, where another end was expected.
public enum UnknownPolicy: String, Hashable, Sendable, CaseIterable {
  /// It is a failure.
  case fail
  /// It is said, and no failure.
  case warn
  /// It is as good as any end.
  case ok
}

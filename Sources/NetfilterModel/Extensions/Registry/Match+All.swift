// Every kind of match.

extension Match {
  /// One of each kind, as they are before any option was read.
  public static var all: [Match] { ExtensionRegistry.matches.map { Match($0) } }
}

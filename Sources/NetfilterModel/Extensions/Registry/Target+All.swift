// Every kind of target.

extension Target {
  /// One of each kind, as they are before any option was read.
  public static var all: [Target] { ExtensionRegistry.targets.map { Target($0) } }
}

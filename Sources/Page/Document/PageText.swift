// The texts that stand beside the sources: style and script of the pages.

/// Style and script, as the build put them into the program.
enum PageText {
  /// The style of pages that show walks.
  static var walkStyle: String { String(decoding: PackageResources.walk_css, as: UTF8.self) }
  /// The script that shows walks.
  static var walkScript: String { String(decoding: PackageResources.walk_js, as: UTF8.self) }
}

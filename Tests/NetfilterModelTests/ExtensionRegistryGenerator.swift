// Writes ExtensionRegistry.generated.swift: one line for each extension file.

import Foundation

enum ExtensionRegistryGenerator {
  /// The text of the registry for the extension files below `folder`.
  static func text(folder: URL) throws -> String {
    let matches = try types(in: folder.appendingPathComponent("Matches"), suffix: "Match")
    let targets = try types(in: folder.appendingPathComponent("Targets"), suffix: "Target")
    return """
      // Generated from the files in Matches/ and Targets/. Do not edit: run
      // HOOKWALK_RECORD=1 swift test --filter ExtensionRegistry
      // swift-format-ignore-file

      /// Every kind of match and target.
      public enum ExtensionRegistry {
        /// The matches, by the names of their types.
        public static let matches: [ExtensionKind] = [
      \(matches.map { "    .match(\($0).self)," }.joined(separator: "\n"))
        ]

        /// The targets, by the names of their types.
        public static let targets: [ExtensionKind] = [
      \(targets.map { "    .target(\($0).self)," }.joined(separator: "\n"))
        ]
      }

      """
  }

  /// The type names, which are the file names with the suffix and without a `+`.
  static func types(in folder: URL, suffix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix("\(suffix).swift") && !$0.contains("+") }
      .map { String($0.dropLast(".swift".count)) }
      .sorted { $0.lowercased() < $1.lowercased() }
  }
}

// The registry of extensions is generated from the file names below Extensions/Matches and Extensions/Targets.
// This test fails when it is stale; `HOOKWALK_RECORD=1 swift test --filter ExtensionRegistry` writes it anew.

import Foundation
import Testing

@Suite struct ExtensionRegistryTests {
  @Test func registryIsUpToDate() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/NetfilterModel/Extensions").standardizedFileURL
    let file = folder.appendingPathComponent("Registry/ExtensionRegistry.generated.swift")
    let fresh = try ExtensionRegistryGenerator.text(folder: folder)
    if ProcessInfo.processInfo.environment["HOOKWALK_RECORD"] != nil {
      try fresh.write(to: file, atomically: true, encoding: .utf8)
    }
    let stored = try String(contentsOf: file, encoding: .utf8)
    #expect(stored == fresh, "run: HOOKWALK_RECORD=1 swift test --filter ExtensionRegistry")
  }
}

// Rule files recorded from the real iptables: what it saved, and what it refused.

import Foundation
import NetfilterModel
import Testing

enum Fixtures {
  /// The folder Fixtures/`name` of the package.
  static func folder(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Fixtures/\(name)").standardizedFileURL
  }

  /// The rule files of a folder, by name.
  static func rules(in name: String) -> [URL] {
    let files = (try? FileManager.default.contentsOfDirectory(at: folder(name), includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "rules" }.sorted { $0.path < $1.path }
  }

  /// The text of a file; bytes that are not UTF-8 become replacement characters.
  static func text(_ file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }
}

@Suite struct FixtureTests {
  /// The family of a file: those of ip6tables have names that begin so.
  static func family(_ file: URL) -> AddressFamily { file.lastPathComponent.hasPrefix("v6-") ? .ipv6 : .ipv4 }

  @Test func recordingsAreThere() {
    #expect(Fixtures.rules(in: "save").count >= 80)
    #expect(Fixtures.rules(in: "refused").count >= 300)
  }

  @Test(arguments: Fixtures.rules(in: "save"))
  func savesAsTheRealToolDid(_ file: URL) throws {
    let counters = file.lastPathComponent.hasPrefix("counters-")
    let result = RestoreParser.parse(
      try Fixtures.text(file), file: file.lastPathComponent, family: Self.family(file),
      counters: counters ? .required : .ignored)
    let problems = result.diagnostics.filter { $0.severity == .error }
    #expect(problems.isEmpty, "\(DiagnosticRenderer().render(problems))")
    let saved = try Fixtures.text(file.deletingPathExtension().appendingPathExtension("saved"))
    #expect(SavePrinter(counters: counters).print(result.ruleset) == saved)
  }

  @Test(arguments: Fixtures.rules(in: "refused"))
  func refusesWhatTheRealToolRefused(_ file: URL) throws {
    let name = file.deletingPathExtension().lastPathComponent
    let result = RestoreParser.parse(
      try Fixtures.text(file), file: file.lastPathComponent, family: Self.family(file),
      counters: name.hasPrefix("counters-") ? .required : .ignored)
    let errors = result.diagnostics.filter { $0.severity == .error }
    // The real tool stops at the first problem. One mistake gives one diagnostic here, too; these files have more.
    let expected = ["generic-order-2": 3, "generic-abbreviations-6": 2][name] ?? 1
    #expect(errors.count == expected, "\(DiagnosticRenderer().render(errors))")
  }
}

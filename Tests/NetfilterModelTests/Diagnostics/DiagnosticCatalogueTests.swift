// The catalogue of problems: every entry once, every entry used, and every name and number as it was published.

import Foundation
import NetfilterModel
import Testing

@Suite struct DiagnosticCatalogueTests {
  static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../Sources").standardizedFileURL

  /// The text of every source file, by its path below Sources.
  static func texts() throws -> [String: String] {
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var result: [String: String] = [:]
    for case let file as URL in files where file.pathExtension == "swift" {
      let path = String(file.standardizedFileURL.path.dropFirst(sources.path.count + 1))
      result[path] = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
    return result
  }

  /// Name, number, text and summary of each static, with its comment, as the catalogue's files have them.
  static func statics() throws -> [(name: String, comment: String, number: Int, id: String)] {
    let pattern = /\/\/\/ (.+)\n *public static let (\w+) = DiagnosticID\(\s*(\d+), "([^"]+)"/
    return try texts().filter { $0.key.contains("DiagnosticCatalogue+") }.values.flatMap { text in
      text.matches(of: pattern).map { (String($0.2), String($0.1), Int($0.3) ?? 0, String($0.4)) }
    }
  }

  @Test func everyNumberAndNameIsGivenOnce() {
    let entries = DiagnosticCatalogue.entries
    #expect(Set(entries.map(\.number)).count == entries.count)
    #expect(Set(entries.map(\.rawValue)).count == entries.count)
    #expect(entries.map(\.number) == entries.map(\.number).sorted())
    for entry in entries {
      #expect(DiagnosticID(rawValue: entry.rawValue) == entry)
      #expect(DiagnosticCatalogue.entry(entry.number) == entry)
      #expect(entry.rawValue.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
      // 5005 is a mistake of the file that reading it finds.
      #expect((1001...1999).contains(entry.number) || entry == .hostnameInRule)
    }
    #expect(DiagnosticID(rawValue: "no-such-thing") == nil)
  }

  /// A number or name that once was given stays: scripts look for it.
  @Test func numbersStay() {
    let known = [
      1001: "missing-commit", 1023: "table-in-rule", 1101: "unknown-chain", 1113: "chain-loop", 1201: "stray-word",
      1222: "bad-target-name", 1301: "unknown-match", 1312: "kernel-refuses-target", 1401: "unknown-keyword",
      1450: "not-a-packet",
    ]
    for (number, name) in known { #expect(DiagnosticCatalogue.entry(number)?.rawValue == name) }
  }

  @Test func everyStaticIsInTheCatalogueAndSaysWhatItsCommentSays() throws {
    let statics = try Self.statics()
    #expect(statics.count == DiagnosticCatalogue.entries.count)
    for entry in statics {
      let listed = try #require(DiagnosticCatalogue.entry(entry.number), "\(entry.name) is not listed")
      #expect(listed.rawValue == entry.id)
      #expect(listed.summary + "." == entry.comment)
      // The static is called as the entry is.
      let words = entry.id.split(separator: "-")
      #expect(words[0] + words.dropFirst().map(\.capitalized).joined() == entry.name)
    }
  }

  @Test func everyEntryIsReportedSomewhere() throws {
    let text = try Self.texts().filter { !$0.key.contains("/Diagnostics/") }.values.joined()
    let names = Set(text.matches(of: /\.(\w+)/).map { String($0.1) })
    for entry in try Self.statics() { #expect(names.contains(entry.name), "\(entry.id) is never reported") }
  }

  /// No problem is reported under a name that stands where it is reported.
  @Test func noNameStandsElsewhere() throws {
    let calls =
      /(?:FlowProblem|complain|report|Diagnostic|DiagnosticID|Finding)\(\s*(?:id: |rawValue: )?"[a-z]+(?:-[a-z]+)*"/
    for (path, text) in try Self.texts() where !path.contains("DiagnosticCatalogue+") {
      // `complain` and `report` of other types take whole sentences.
      for match in text.matches(of: calls) { Issue.record("\(path): \(text[match.range])") }
    }
  }
}

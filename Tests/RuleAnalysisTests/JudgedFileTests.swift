// The findings on files of the kind that distributions, programs and people make, each judged by a person.

import Foundation
import NetfilterModel
import RuleAnalysis
import Testing

@Suite struct JudgedFileTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fixtures/lint").standardizedFileURL

  /// The findings of a file as `LINE: CODE`, from the table of Fixtures/lint/README.md.
  static func judged() throws -> [String: [String]] {
    let text = try String(contentsOf: folder.appendingPathComponent("README.md"), encoding: .utf8)
    var judged: [String: [String]] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let name = cells[0].trimmingCharacters(in: ["`"])
      judged[name, default: []] += cells[1].isEmpty || cells[1] == "none" ? [] : [cells[1]]
    }
    return judged
  }

  @Test func everyFindingWasJudged() throws {
    let judged = try Self.judged()
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0 != "README.md" }
    #expect(names.count == 20 && Set(names) == Set(judged.keys))
    for name in names {
      let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
      let input = LintInput(text, file: name, family: LintInput.family(ofFile: name))
      let findings = Linter().look(at: [input])[0].findings.map {
        "\($0.diagnostic.range.line): \($0.diagnostic.id.number)"
      }
      #expect(findings == judged[name], "\(name)")
    }
  }
}

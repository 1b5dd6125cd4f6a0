// Reports in every form, read by what reads them.

import Foundation
import NetfilterModel
import RuleAnalysis
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ReportTests {
  static let text = """
    *filter
    :INPUT ACCEPT [0:0]
    :"odd<&>" - [0:0]
    -A INPUT -s 10.0.0.2/24 -j DROP
    -A INPUT -j DROP
    -A INPUT -p tcp --dport 22 -m comment --comment "<a> & \\"b\\" %" -j ACCEPT
    COMMIT

    """

  static let clean = """
    *filter
    :INPUT DROP [0:0]
    :FORWARD DROP [0:0]
    :OUTPUT ACCEPT [0:0]
    -A INPUT -i lo -j ACCEPT
    -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    COMMIT

    """

  static let outcomes = Linter().look(at: [
    LintInput(text, file: "folder/a b#1.rules", family: .ipv4), LintInput(clean, file: "clean.rules", family: .ipv4),
  ])

  func render(_ format: LintFormat) -> String { LintReport(Self.outcomes, format: format).render() }

  @Test func thereIsSomethingToReport() {
    #expect(Self.outcomes[0].findings.map { $0.diagnostic.id.number }.contains(2001))
    #expect(Self.outcomes[0].findings.map { $0.diagnostic.id.number }.contains(5006))
    #expect(Self.outcomes[1].findings.isEmpty)
  }

  @Test func documentsAreJSON() throws {
    let document = try #require(JSONSerialization.jsonObject(with: Data(render(.json).utf8)) as? [String: Any])
    let files = try #require(document["files"] as? [[String: Any]])
    #expect(files.count == 2)
    let findings = try #require(files[0]["findings"] as? [[String: Any]])
    #expect(findings.count == Self.outcomes[0].findings.count)
    let lines = render(.jsonl).split(separator: "\n")
    #expect(lines.count == findings.count)
    for line in lines { #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any]) }
    let quality = try #require(JSONSerialization.jsonObject(with: Data(render(.gitlab).utf8)) as? [[String: Any]])
    #expect(Set(quality.compactMap { $0["fingerprint"] as? String }).count == findings.count)
    let sarif = try #require(JSONSerialization.jsonObject(with: Data(render(.sarif).utf8)) as? [String: Any])
    let runs = try #require(sarif["runs"] as? [[String: Any]])
    #expect((runs[0]["results"] as? [Any])?.count == findings.count)
    #expect(render(.sarif).contains("folder/a%20b%231.rules"))
  }

  @Test(arguments: [LintFormat.junit, .checkstyle])
  func documentsAreXML(_ format: LintFormat) {
    let parser = XMLParser(data: Data(render(format).utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
  }

  @Test func tapHasItsPlan() {
    let lines = render(.tap).split(separator: "\n")
    let count = Self.outcomes[0].findings.count + 1
    #expect(lines[0] == "TAP version 13")
    #expect(lines[1] == "1..\(count)")
    #expect(lines.filter { $0.hasPrefix("not ok ") }.count == count - 1)
    #expect(lines.contains("ok \(count) - clean.rules: no findings"))
    #expect(!lines.contains { $0.hasPrefix("not ok") && $0.contains("#") })
  }

  @Test func linesHaveNoLineEnds() {
    #expect(render(.gcc).split(separator: "\n").count == Self.outcomes[0].findings.count)
    #expect(render(.github).split(separator: "\n").allSatisfy { $0.hasPrefix("::") })
    #expect(render(.github).contains("file=folder/a b#1.rules,line="))
  }

  @Test func fingerprintsStayWhenLinesMove() {
    let moved = Linter().look(at: [LintInput("# moved\n\n" + Self.text, file: "folder/a b#1.rules", family: .ipv4)])
    var first = moved[0]
    LintBaseline(LintBaseline.text(Self.outcomes)).apply(to: &first)
    #expect(first.findings.isEmpty)
    #expect(first.ignored == Self.outcomes[0].findings.count)
  }

  @Test func fixesMend() {
    let (text, count) = LintFixer.fixed(Self.outcomes[0])
    #expect(count == 1)
    #expect(text.contains("-A INPUT -s 10.0.0.0/24 -j DROP\n"))
    let again = Linter().look(at: [LintInput(text, file: "a", family: .ipv4)])
    #expect(!again[0].findings.contains { $0.diagnostic.id.number == 5006 })
    #expect(
      LintFixer.diff(Self.outcomes[0]).contains("-A INPUT -s 10.0.0.2/24 -j DROP\n+-A INPUT -s 10.0.0.0/24 -j DROP\n"))
  }
}

// Findings that a file says are meant.

import NetfilterModel
import RuleAnalysis
import Testing

@Suite struct DirectiveTests {
  func numbers(_ lines: String) -> [Int] {
    let text = ReportTests.clean.replacing("COMMIT\n", with: lines + "\nCOMMIT\n")
    return Linter().look(at: [LintInput(text, file: "a", family: .ipv4)])[0].findings.map { $0.diagnostic.id.number }
  }

  static let rule = "-A INPUT -p udp -m udp --sport 53 -j ACCEPT"

  @Test func withoutOneItIsFound() { #expect(numbers(Self.rule) == [4006]) }
  @Test func aLineAboveIgnores() { #expect(numbers("# hookwalk: ignore=4006 old resolver\n\(Self.rule)") == []) }
  @Test func aNameIgnores() { #expect(numbers("# hookwalk: ignore=accept-by-sport,2006 why\n\(Self.rule)") == []) }
  @Test func otherRemarksMayStandBetween() {
    #expect(numbers("# hookwalk: ignore=4006 why\n# the resolver\n\n\(Self.rule)") == [])
  }
  @Test func aRemarkInTheRuleIgnores() {
    let rule = Self.rule.replacing("-j ACCEPT", with: "-m comment --comment \"hookwalk:ignore=4006 why\" -j ACCEPT")
    #expect(numbers(rule) == [])
  }
  @Test func theWholeFile() { #expect(numbers("\(Self.rule)\n# hookwalk: ignore-file=4006 why") == []) }
  @Test func anotherCodeIgnoresNothing() {
    #expect(numbers("# hookwalk: ignore=4005 why\n\(Self.rule)") == [9001, 4006])
  }
  @Test func itIsForTheNextRuleOnly() {
    #expect(
      numbers("# hookwalk: ignore=4006 why\n-A INPUT -p tcp --dport 443 -j ACCEPT\n\(Self.rule)") == [9001, 4006])
  }
}

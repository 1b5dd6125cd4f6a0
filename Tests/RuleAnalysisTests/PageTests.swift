// Every page is run: its problematic file has the finding, its correct one has not, and neither has an error besides.

import NetfilterModel
import RuleAnalysis
import Simulator
import FlowTesting
import Testing

@Suite struct PageTests {
  @Test(arguments: LintCatalogue.codes.map { $0.id.number })
  func problematicFileHasTheFinding(_ number: Int) throws {
    let code = try #require(LintCatalogue.code("\(number)"))
    let findings = look(at: code.page.problematic, of: code)
    #expect(
      findings.contains { $0.diagnostic.id == code.id },
      "\(findings.map { "\($0.diagnostic.id.number) \($0.diagnostic.message)" })")
  }

  @Test(arguments: LintCatalogue.codes.map { $0.id.number })
  func correctFileHasNoWarning(_ number: Int) throws {
    let code = try #require(LintCatalogue.code("\(number)"))
    let findings = look(at: code.page.correct, of: code).filter {
      $0.diagnostic.id == code.id || $0.diagnostic.severity == .error || $0.diagnostic.severity == .warning
    }
    #expect(findings.isEmpty, "\(findings.map { "\($0.diagnostic.id.number) \($0.diagnostic.message)" })")
  }

  @Test func numbersAndNamesAreGivenOnce() {
    let ids = LintCatalogue.codes.filter { $0.basis != .load }.map { $0.id } + DiagnosticCatalogue.entries
    #expect(Set(ids.map { $0.number }).count == ids.count)
    #expect(Set(ids.map { $0.rawValue }).count == ids.count)
  }

  @Test func packetFindingsCarryTheirPacket() {
    for code in LintCatalogue.codes where code.basis == .packet {
      for finding in look(at: code.page.problematic, of: code) where finding.diagnostic.id == code.id {
        #expect(finding.proof?.steps.isEmpty == false && finding.proof?.trace.isEmpty == false, "\(code.id.number)")
      }
    }
  }

  private func look(at text: String, of code: LintCode) -> [LintFinding] {
    var inputs = [LintInput(text, file: "page.rules", family: code.page.family)]
    if !code.page.otherFamily.isEmpty {
      inputs.append(
        LintInput(code.page.otherFamily, file: "other.rules", family: code.page.family == .ipv4 ? .ipv6 : .ipv4))
    }
    var host: LinuxHost?
    if !code.page.host.isEmpty {
      host =
        HostText.describe(
          code.page.host, file: "page.flow", loading: inputs.map { ($0.text, $0.file, $0.family) }, read: { _ in nil }
        ).host
      #expect(host != nil, "the host of page \(code.id.number) cannot be built")
    }
    let selection = LintSelection(selected: code.isOn ? [] : ["\(code.id.number)"])
    return Linter(selection: selection, host: host).look(at: inputs).first?.findings ?? []
  }
}

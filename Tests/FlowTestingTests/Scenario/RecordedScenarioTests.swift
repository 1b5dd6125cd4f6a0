// Random scenarios, chosen so that together they meet every branch, scenarios at the edges, and scenarios with the rarer
// matches and targets must give what the kernel gave when they were recorded.

import Foundation
@testable import FlowTesting
import Testing

@Suite struct RecordedScenarioTests {
  static let names = ["scenarios", "edges", "scenarios6", "edges6", "neighbours", "extensions", "copies", "sets"]
  static let files = Dictionary(uniqueKeysWithValues: names.map { ($0, RecordedScenario.lines($0)) })
  /// In parts, so that all cores have something to do.
  static let parts = 8

  @Test(arguments: [
    ("scenarios", 300), ("edges", 60), ("scenarios6", 200), ("edges6", 40), ("neighbours", 45),
    ("extensions", 60), ("copies", 15), ("sets", 60),
  ])
  func theyNameTheirKernel(
    _ file: String, _ least: Int
  ) throws {
    let lines = try #require(Self.files[file])
    let versions = try JSONDecoder().decode(RecordedScenario.Versions.self, from: #require(lines.first))
    #expect(versions.kernel.hasPrefix("6.18"))
    #expect(versions.iptables.contains("legacy"))
    #expect(lines.count > least)
  }

  @Test(arguments: names, 0..<parts) func theyAgreeWithTheKernel(_ file: String, _ part: Int) throws {
    let lines = try #require(Self.files[file])
    for number in stride(from: 1 + part, to: lines.count, by: Self.parts) {
      let recorded = try JSONDecoder().decode(RecordedScenario.self, from: lines[number])
      let simulator = try recorded.scenario.replay()
      let differences = AnswerComparison.differences(kernel: try recorded.answer(), simulator: simulator)
      #expect(differences.isEmpty, "\(file), \(recorded.name): \(differences.first ?? "")")
    }
  }
}

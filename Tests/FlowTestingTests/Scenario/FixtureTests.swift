// Every fixture, replayed, must give what the kernel gave when it was recorded.

import Foundation
@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("../../Fixtures").standardizedFileURL

@Suite struct FixtureTests {
  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? [])
    .filter { FileManager.default.fileExists(atPath: fixtures.appendingPathComponent("\($0)/kernel.json").path) }
    .sorted()

  @Test func thereAreFixtures() {
    #expect(FixtureTests.names.count >= 52)
  }

  @Test(arguments: names) func agreesWithTheKernel(_ name: String) throws {
    let folder = fixtures.appendingPathComponent(name)
    let decoder = JSONDecoder()
    var scenario = try decoder.decode(
      Scenario.self, from: Data(contentsOf: folder.appendingPathComponent("scenario.json")))
    let kernel = try decoder.decode(
      ScenarioAnswer.self, from: Data(contentsOf: folder.appendingPathComponent("kernel.json")))
    if let file = scenario.rulesFile {
      scenario.rules = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    }
    if let file = scenario.rules6File {
      scenario.rules6 = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    }
    // once with the packets as the kernel got them, once with the derived ones derived here
    for packets in [kernel.packets, scenario.packets] {
      scenario.packets = packets
      let differences = AnswerComparison.differences(kernel: kernel, simulator: try scenario.replay())
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }
  }

  /// A host with both families has both kinds of packets, and its owner tests both.
  @Test(arguments: names.filter { $0.hasPrefix("dual-") }) func meetsBothFamilies(_ name: String) throws {
    let kernel = try JSONDecoder().decode(
      ScenarioAnswer.self, from: Data(contentsOf: fixtures.appendingPathComponent("\(name)/kernel.json")))
    let versions = Set(kernel.packets.compactMap { $0.hex?.first })
    #expect(versions == ["4", "6"])
    #expect(!kernel.save.isEmpty && !kernel.save6.isEmpty)
    guard
      let text = try? String(
        contentsOf: fixtures.appendingPathComponent("\(name)/test.flow"), encoding: .utf8)
    else { return }
    #expect(text.contains("@ndp") && text.contains("packet-too-big") && text.contains(" > ["))
  }
}

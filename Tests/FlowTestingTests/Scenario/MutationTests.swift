// Hostile input: rule files and packets, mutated at random, must never trap and never hang. A short run is part of the
// tests; `HOOKWALK_MUTATIONS=1000000 swift test -c release --filter Mutation` makes a long one.

import Foundation
@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

/// A small generator that gives the same numbers for the same seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

@Suite struct MutationTests {
  static let count = Int(ProcessInfo.processInfo.environment["HOOKWALK_MUTATIONS"] ?? "") ?? 3000

  /// Every line of every fixture's rules, and packets that the fixtures send.
  struct Corpus {
    var lines: [String] = []
    var packets: [[UInt8]] = []

    init() throws {
      for name in FixtureTests.names {
        let folder = fixtures.appendingPathComponent(name)
        let rules = try String(contentsOf: folder.appendingPathComponent("rules.v4"), encoding: .utf8)
        lines += rules.split(separator: "\n").map(String.init)
        let answer = try JSONDecoder().decode(
          ScenarioAnswer.self, from: Data(contentsOf: folder.appendingPathComponent("kernel.json")))
        packets += answer.packets.compactMap { $0.hex.flatMap { Packet(hex: $0)?.bytes } }
      }
      for folder in ["save", "refused"] {
        let path = fixtures.appendingPathComponent(folder)
        for file in try FileManager.default.contentsOfDirectory(atPath: path.path) where file.hasSuffix(".rules") {
          let text = String(decoding: try Data(contentsOf: path.appendingPathComponent(file)), as: UTF8.self)
          lines += text.split(separator: "\n").map(String.init)
        }
      }
      lines.sort()
    }
  }

  static func mutate(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where !result.isEmpty {
      let position = Int.random(in: 0..<result.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: result[position] = UInt8.random(in: 0...255, using: &random)
      case 1: result[position] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 2: result.remove(at: position)
      case 3: result.insert(UInt8.random(in: 32...126, using: &random), at: position)
      case 4: result.removeSubrange(position..<min(result.count, position + Int.random(in: 1...12, using: &random)))
      default:
        let end = min(result.count, position + Int.random(in: 1...12, using: &random))
        result.insert(contentsOf: result[position..<end], at: position)
      }
    }
    return result
  }

  @Test func mutatedRuleFilesAndPacketsNeverTrap() throws {
    let corpus = try Corpus()
    #expect(corpus.lines.count > 1000)
    #expect(corpus.packets.count > 100)
    var random = SplitMix(state: 20)
    let tables = TableKind.allCases.map(\.name)
    var loaded = 0
    var walked = 0
    var refused = 0
    for _ in 0..<Self.count {
      var lines = ["*\(tables.randomElement(using: &random) ?? "filter")"]
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let line = corpus.lines.randomElement(using: &random) ?? ""
        let mutated =
          Int.random(in: 0..<3, using: &random) == 0
          ? String(decoding: Self.mutate(Array(line.utf8), &random), as: UTF8.self) : line
        lines.append(mutated)
      }
      lines.append("COMMIT")
      let result = RestoreParser.parse(lines.joined(separator: "\n") + "\n", file: "mutated", family: .ipv4)
      if result.diagnostics.contains(where: { $0.severity == .error }) { refused += 1 }
      var host = LinuxHost(name: "mutated", stack: .answers)
      host.addAddress(InterfaceAddress(.v4(0xcb00_7101), prefixLength: 24), to: "eth0")
      host.addAddress(InterfaceAddress(.v4(0xc0a8_0101), prefixLength: 24), to: "eth1")
      try host.addRoute("default via 203.0.113.254 dev eth0")
      try host.setSysctl("net.ipv4.ip_forward", "1")
      do { try host.load(result.ruleset) } catch { continue }
      loaded += 1
      _ = SavePrinter(counters: true).print(host.ruleset())
      var observer = SilentObserver()
      for _ in 0..<2 {
        let bytes = Self.mutate(corpus.packets.randomElement(using: &random) ?? [], &random)
        let input: InterfaceName? = [nil, "eth0", "eth1"].randomElement(using: &random) ?? nil
        host.walk(Packet(bytes: bytes), input: input, observer: &observer)
        walked += 1
      }
    }
    #expect(loaded > Self.count / 2, "loaded \(loaded), walked \(walked), refused \(refused)")
    #expect(refused > Self.count / 10)
    print("mutation: \(Self.count) rule files, \(refused) refused, \(loaded) loaded, \(walked) packets")
  }
}

// The scenarios of Fixtures/random, in the compact form that Tests/Kernel/compact.py writes: a line each.

import Foundation
@testable import FlowTesting

/// A scenario, and what a kernel answered.
struct RecordedScenario: Decodable, Sendable {
  /// A step: its trace records and the packets that left, each a line of words; nil where time passed.
  struct Step: Decodable, Sendable {
    var trace: [String]?
    var emitted: [String]?
    var wait: Double?
  }

  /// The first line of a file.
  struct Versions: Decodable {
    var kernel: String
    var iptables: String
  }

  /// A word or line that is none.
  struct Malformed: Error {
    var text: String
  }

  var name: String
  var scenario: Scenario
  var steps: [Step]
  var save: String
  var save6: String
  var conntrack: [String]
  var ipset: [String]?

  /// The lines of a file of Fixtures/random, the versions first.
  static func lines(_ name: String) -> [Data] {
    let path = fixtures.appendingPathComponent("random/\(name).jsonl")
    return ((try? Data(contentsOf: path)) ?? Data()).split(separator: UInt8(ascii: "\n"))
  }

  /// The kernel's answer in full, read as a recording of a fixture is.
  func answer() throws -> ScenarioAnswer {
    guard steps.count == scenario.packets.count else { throw Malformed(text: "\(steps.count) steps") }
    let written: [[String: Any]] = try zip(steps, scenario.packets).map { step, packet in
      if let seconds = step.wait { return ["wait": seconds] }
      // `=` is the packet before; the first stands behind the step's own.
      var last = packet.hex ?? ""
      let bytes = { (word: Substring) -> String in
        if word != "=" { last = String(word) }
        return last
      }
      let interface = { (word: Substring) in word == "-" ? "" : String(word) }
      let trace = try (step.trace ?? []).map { line -> [String: Any] in
        let words = line.split(separator: " ")
        let place = words.first.map { $0.split(separator: ":") } ?? []
        guard words.count == 5, place.count >= 4, let number = Int(place[place.count - 1]), let mark = UInt32(words[3])
        else { throw Malformed(text: line) }
        return [
          "table": String(place[0]), "chain": place[1..<(place.count - 2)].joined(separator: ":"),
          "kind": String(place[place.count - 2]), "number": number, "in": interface(words[1]),
          "out": interface(words[2]), "mark": mark, "packet": bytes(words[4]),
        ]
      }
      let emitted = try (step.emitted ?? []).map { line -> [String: Any] in
        let words = line.split(separator: " ")
        guard words.count == 2 else { throw Malformed(text: line) }
        return ["out": String(words[0]), "packet": bytes(words[1])]
      }
      return ["trace": trace, "emitted": emitted]
    }
    var document: [String: Any] = [
      "steps": written, "save": save, "save6": save6, "conntrack": conntrack, "packets": [Any](),
    ]
    document["ipset"] = ipset
    var answer = try JSONDecoder().decode(
      ScenarioAnswer.self, from: JSONSerialization.data(withJSONObject: document))
    answer.packets = scenario.packets
    return answer
  }
}

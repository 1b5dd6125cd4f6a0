// What a kernel's matches said of IPv6 packets with extension headers (Tests/Kernel/header_matches.py).

import Foundation
import Testing

@testable import NetfilterModel

@Suite struct IPv6KernelMatchTests {
  /// A rule with what the kernel said of each packet.
  struct Recorded: CustomTestStringConvertible, Sendable {
    let rule: String
    let answers: [Character]
    var testDescription: String { rule }
  }

  static let lines: [Substring] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Recorded/ipv6-matches.txt").standardizedFileURL
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n")
  }()

  static let packets: [Packet] = lines.compactMap { line in
    line.hasPrefix("packet ") ? Packet(hex: line.dropFirst(7)) : nil
  }

  static let rules: [Recorded] = zip(lines, lines.dropFirst()).compactMap { rule, said in
    rule.hasPrefix("rule ") ? Recorded(rule: String(rule.dropFirst(5)), answers: Array(said.dropFirst(5))) : nil
  }

  @Test func theRecordingIsThere() {
    #expect(Self.packets.count >= 100 && Self.rules.count >= 100)
    #expect(Set(Self.rules.flatMap { $0.answers }) == ["h", "f", "d", "-"])
  }

  @Test(arguments: rules)
  func conditionsSayWhatTheKernelSaid(_ recorded: Recorded) throws {
    try #require(recorded.answers.count == Self.packets.count)
    let result = RestoreParser.parse(
      "*raw\n-A PREROUTING \(recorded.rule)\nCOMMIT\n", file: "recorded", family: .ipv6)
    let rule = try #require(result.ruleset[.raw]?["PREROUTING"]?.rules.first)
    for (packet, answer) in zip(Self.packets, recorded.answers) where answer != "-" {
      let context = PacketContext(
        packet: packet, header: try #require(IPHeader(packet.bytes)), hook: .prerouting, table: .raw, input: "t0",
        output: .none, connection: nil, state: .none)
      var memory = HostMemory()
      var said = ConditionResult.holds
      for condition in rule.conditions {
        if case .opaque(let test) = condition.test {
          var state = test.initialState(&memory)
          said = test.evaluate(context, &state, &memory)
        } else if case .addressType = condition.field {
          // Only a host with routes can say.
          said = .unknown
        } else {
          said = condition.result(context.value(of: condition.field, connection: nil, now: 0))
        }
        if said != .holds { break }
      }
      if said == .unknown { continue }
      let letter: Character = said == .holds ? "h" : said == .drops ? "d" : "f"
      #expect(letter == answer, "\(recorded.rule) of \(packet.hex)")
    }
  }
}

// The fixtures' own tests: they pass, they agree with the kernel's records, and a wrong one among them fails and says why.

import Foundation
@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct FlowFixtureTests {
  static let names = [
    "docker-host", "dual-docker", "dual-firewalld", "dual-home-router", "dual-kubernetes", "dual-libvirt",
    "dual-mail-server", "dual-nat66-router", "dual-npt-router", "dual-ufw", "dual-vpn-gateway", "fail2ban", "firewalld",
    "hardened-server", "home-router", "kubernetes-node", "libvirt-host", "ufw", "vpn-gateway",
  ]

  static func suite(_ name: String) throws -> FlowSuite {
    let path = fixtures.appendingPathComponent("\(name)/test.flow").path
    let suite = FlowSuite(try String(contentsOfFile: path, encoding: .utf8), file: path) {
      try? String(contentsOfFile: $0, encoding: .utf8)
    }
    #expect(suite.isRunnable, "\(DiagnosticRenderer().render(suite.diagnostics))")
    return suite
  }

  @Test(arguments: names) func theyPass(_ name: String) throws {
    let suite = try Self.suite(name)
    #expect(suite.tests.count >= 6)
    for test in suite.tests {
      if case .failed(let failure) = suite.run(test) { Issue.record("\(FlowReport().render(failure))") }
    }
  }

  /// Every step that one of the recorded packets answers to has the verdict, and the addresses, that the kernel gave it.
  @Test(arguments: names) func theyAgreeWithTheKernel(_ name: String) throws {
    let suite = try Self.suite(name)
    let kernel = try JSONDecoder().decode(
      ScenarioAnswer.self, from: Data(contentsOf: fixtures.appendingPathComponent("\(name)/kernel.json")))
    var compared = 0
    for step in suite.tests.flatMap(\.steps) {
      guard case .packet(let flow) = step.action, let expectation = step.expectation else { continue }
      let isLocal = flow.origin == .local
      let records = zip(kernel.packets, kernel.steps).filter { given, _ in
        guard let hex = given.hex, let recorded = Packet(hex: hex), (given.local == true) == isLocal else {
          return false
        }
        if case .arrival(let input) = flow.origin, given.in != input.description { return false }
        return Self.key(recorded) == Self.key(flow.packet.packet(isLocal: isLocal))
      }
      if records.isEmpty { continue }
      compared += 1
      #expect(
        records.contains { Self.agrees($0.1, expectation, isLocal: isLocal) },
        "\(name) line \(step.range.line): \(expectation.text)")
    }
    #expect(compared >= 10)
  }

  /// What tells packets apart here: addresses, ports, flags or ICMP type.
  private static func key(_ packet: Packet) -> String {
    let bytes = packet.bytes
    guard let header = IPHeader(bytes) else { return "" }
    var key = "\(header.protocolNumber) \(PacketSummary.ends(packet))"
    if header.protocolNumber == .tcp { key += " \(bytes.byte(at: header.transportOffset + 13))" }
    if header.protocolNumber == .icmp || header.protocolNumber == .icmpv6 {
      key += " \(bytes.byte(at: header.transportOffset)) \(bytes.count / 100)"
    }
    return key
  }

  /// Whether a kernel's record of a packet shows what is expected.
  private static func agrees(_ record: ScenarioStep, _ expectation: FlowExpectation, isLocal: Bool) -> Bool {
    let isRedirect = { (hex: String) in
      guard let packet = Packet(hex: hex), let header = IPHeader(packet.bytes), header.protocolNumber == .icmpv6 else {
        return false
      }
      return header.ttl == 255 && packet.bytes.byte(at: header.transportOffset) == ICMPv6Type.redirect.rawValue
    }
    // A redirect of the host's own leaves before the packet that it is about.
    let redirects = record.emitted?.contains { isRedirect($0.packet) } ?? false
    let trace = (record.trace ?? []).filter { !redirects || !isRedirect($0.packet) }
    let emitted = (record.emitted ?? []).filter { !isRedirect($0.packet) }
    // Behind the first record of OUTPUT, an arriving packet's trace is about the host's answer.
    let own = isLocal ? trace[...] : trace.prefix { $0.chain != "OUTPUT" }
    let hasAnswer = own.count < trace.count
    let reached = { (chain: String) in own.contains { $0.chain == chain } }
    let given = trace.first.flatMap { Packet(hex: $0.packet) }.flatMap { IPHeader($0.bytes) }
    let isSaid = expectation.details.contains { if case .because = $0.detail { true } else { false } }
    let fits: Bool
    switch expectation.verdict {
    case .forward(let name?):
      fits = !hasAnswer && reached("FORWARD") && emitted.contains { $0.out == name.description }
    case .send(let name?): fits = isLocal && emitted.contains { $0.out == name.description }
    case .deliver: fits = !hasAnswer && emitted.isEmpty && (reached("INPUT") || isLocal)
    // Of the host's own reasons those are here that it tells the sender.
    case .drop: fits = isSaid ? hasAnswer : !hasAnswer && emitted.isEmpty
    // Nobody answers what was sent to a group.
    case .reject: fits = isLocal || given?.destination.isMulticast ?? false ? emitted.isEmpty : hasAnswer
    default: fits = false
    }
    guard fits else { return false }
    return expectation.details.allSatisfy { written in
      switch written.detail {
      case .ends(let source, let destination):
        let packets = emitted.map(\.packet) + [trace.last?.packet].compactMap { $0 }
        let ends =
          "\(PacketSummary.endpoint(source.address, source.port)) > "
          + PacketSummary.endpoint(destination.address, destination.port)
        return packets.contains { hex in Packet(hex: hex).map { PacketSummary.ends($0) == ends } ?? false }
      case .at(.rule(let table, let chain, let number)):
        return own.contains { $0.table == table.name && $0.chain == chain && $0.number == number }
      case .at(.policy(let table, let chain)):
        return own.contains { $0.table == table.name && $0.chain == chain && $0.kind == "policy" }
      default: return true
      }
    }
  }

  /// One step at a time is made to expect the opposite.
  @Test(arguments: names) func aWrongExpectationFailsAndSaysWho(_ name: String) throws {
    let suite = try Self.suite(name)
    var planted = 0
    for test in suite.tests {
      for (number, step) in test.steps.enumerated() {
        guard var expectation = step.expectation else { continue }
        var wrong = test
        switch expectation.verdict {
        case .drop, .reject: (expectation.verdict, expectation.verdictText) = (.deliver, "deliver")
        default: (expectation.verdict, expectation.verdictText) = (.drop, "drop")
        }
        wrong.steps[number].expectation = expectation
        planted += 1
        guard case .failed(let failure) = suite.run(wrong) else {
          Issue.record("\(name): \(test.name), step \(number + 1) passes though it expects \(expectation.text)")
          continue
        }
        #expect(failure.range == step.range)
        #expect(failure.message.hasPrefix("expected \(expectation.verdictText), got "))
        let decider = try #require(failure.explanation.decidedBy)
        // The place that the right expectation names is the one that the explanation names.
        for written in step.expectation?.details ?? []
        where written.text.hasPrefix("at ") && !written.text.hasPrefix("at comment ") {
          let place = written.text.dropFirst(3)
          // On a host with rules of both families the explanation says whose place it is.
          let named =
            decider.text.hasPrefix("v4 ") || decider.text.hasPrefix("v6 ")
            ? decider.text.dropFirst(3) : decider.text[...]
          #expect(named.hasPrefix("\(place) "), "\(test.name): \(decider.text)")
          #expect(decider.location != nil)
        }
        #expect(decider.text.contains("/") || decider.text.hasPrefix("routing") || decider.text.hasPrefix("the host"))
      }
    }
    #expect(planted >= 10)
  }
}

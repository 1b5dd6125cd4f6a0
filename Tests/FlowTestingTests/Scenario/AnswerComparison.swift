// Compares a simulator's answer with a kernel's. What a kernel chooses freely is masked: the identification and header
// checksum of packets that the host made itself, flow labels and the identification of fragments in IPv6, entry ids, and two
// seconds of a timeout.

@testable import FlowTesting
import NetfilterModel
import Simulator

enum AnswerComparison {
  /// Every difference, in words; empty when the answers agree.
  static func differences(kernel: ScenarioAnswer, simulator: ScenarioAnswer) -> [String] {
    var result: [String] = []
    if kernel.steps.count != simulator.steps.count {
      result.append("\(kernel.steps.count) steps against \(simulator.steps.count)")
    }
    for (index, (left, right)) in zip(kernel.steps, simulator.steps).enumerated() {
      let injected = index < kernel.packets.count ? kernel.packets[index].hex : nil
      let traceOf = { (step: ScenarioStep) in
        (step.trace ?? []).map { record in
          "\(record.table):\(record.chain):\(record.kind):\(record.number) in=\(record.in) out=\(record.out) "
            + "mark=\(record.mark) \(masked(record.packet, injected))"
        }
      }
      let emittedOf = { (step: ScenarioStep) in
        (step.emitted ?? []).map { "\($0.out) \(masked($0.packet, injected))" }
      }
      result += difference("step \(index) trace", traceOf(left), traceOf(right))
      result += difference("step \(index) emitted", emittedOf(left), emittedOf(right))
    }
    result += difference("save", rules(kernel.save), rules(simulator.save))
    result += difference("save6", rules(kernel.save6), rules(simulator.save6))
    result += difference("ipset", sets(kernel.ipset), sets(simulator.ipset))
    let (kernelLines, simulatorLines) = (connections(kernel.conntrack), connections(simulator.conntrack))
    result += difference("conntrack", kernelLines.keys.sorted(), simulatorLines.keys.sorted())
    for (line, seconds) in kernelLines {
      if let other = simulatorLines[line], abs(seconds - other) > 2 {
        result.append("timeout of \(line): kernel \(seconds), simulator \(other)")
      }
    }
    return result
  }

  /// The lines of `ipset save` without what a kernel draws, to which size it lets hashes grow, and how long entries have left.
  static func sets(_ lines: [String]?) -> [String] {
    (lines ?? []).map { line in
      var words = line.split(separator: " ")
      for (name, keeps) in [("initval", false), ("hashsize", false), ("bucketsize", false), ("timeout", true)] {
        guard let place = words.firstIndex(where: { $0 == name }), words.indices.contains(place + 1) else { continue }
        if !keeps {
          words.removeSubrange(place...place + 1)
        } else if line.hasPrefix("add"), words[place + 1] != "0" {
          words[place + 1] = "T"
        }
      }
      return words.joined(separator: " ")
    }.sorted()
  }

  private static func difference(_ what: String, _ kernel: [String], _ simulator: [String]) -> [String] {
    guard kernel != simulator else { return [] }
    let index =
      zip(kernel, simulator).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      ?? min(kernel.count, simulator.count)
    let line = { (lines: [String]) in index < lines.count ? lines[index] : "ends" }
    return ["\(what) \(index):\n  kernel    \(line(kernel))\n  simulator \(line(simulator))"]
  }

  private static func masked(_ hex: String, _ injected: String?) -> String {
    guard var packet = Packet(hex: hex) else { return hex }
    let given = injected.flatMap { Packet(hex: $0) }
    if packet.family == .ipv4, packet.bytes.count >= 20 {
      if given == nil || given?.bytes.uint16(at: 4) != packet.bytes.uint16(at: 4) {
        packet.bytes.setUInt16(0, at: 4)
        packet.bytes.setUInt16(0, at: 10)
      }
    } else if packet.family == .ipv6, packet.bytes.count >= 40 {
      packet.bytes[1] &= 0xf0
      packet.bytes.setUInt16(0, at: 2)
      maskQuotedLabel(in: &packet.bytes)
      let own = given.flatMap { identification(in: $0.bytes) }
      if let place = identification(in: packet.bytes),
        own.map({ given?.bytes[$0..<$0 + 4] != packet.bytes[place..<place + 4] }) ?? true
      {
        packet.bytes.setUInt16(0, at: place)
        packet.bytes.setUInt16(0, at: place + 2)
      }
    }
    return packet.hex
  }

  /// Clears the flow label of the packet that an ICMPv6 error quotes, and mends the error's checksum.
  private static func maskQuotedLabel(in bytes: inout [UInt8]) {
    guard bytes[6] == 58, bytes.count >= 88, bytes[40] < 128, bytes[48] >> 4 == 6 else { return }
    var sum = UInt32(~bytes.uint16(at: 42)) + UInt32(~bytes.uint16(at: 48)) + UInt32(~bytes.uint16(at: 50))
    bytes[49] &= 0xf0
    bytes.setUInt16(0, at: 50)
    sum += UInt32(bytes.uint16(at: 48))
    while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
    bytes.setUInt16(~UInt16(truncatingIfNeeded: sum), at: 42)
  }

  /// Where the identification of an IPv6 fragment stands, or nil.
  private static func identification(in bytes: [UInt8]) -> Int? {
    guard bytes.count >= 48, bytes[0] >> 4 == 6 else { return nil }
    var (number, place) = (bytes[6], 40)
    while [0, 43, 44, 51, 60].contains(number), place + 8 <= bytes.count {
      if number == 44 { return place + 4 }
      (number, place) = (
        bytes[place], place + (number == 51 ? (Int(bytes[place + 1]) + 2) * 4 : (Int(bytes[place + 1]) + 1) * 8)
      )
    }
    return nil
  }

  /// The lines of a save, tables in alphabetical order.
  private static func rules(_ save: String) -> [String] {
    var tables: [[String]] = []
    for line in save.split(separator: "\n") where !line.hasPrefix("#") {
      if line.hasPrefix("*") { tables.append([]) }
      if !tables.isEmpty { tables[tables.count - 1].append(String(line)) }
    }
    return tables.sorted { ($0.first ?? "") < ($1.first ?? "") }.flatMap { $0 }
  }

  /// The lines of `conntrack -L -o extended` without what may differ, and their seconds.
  private static func connections(_ lines: [String]) -> [String: Int] {
    var result: [String: Int] = [:]
    for line in lines {
      var words = line.split(separator: " ").filter {
        !$0.hasPrefix("use=") && !$0.hasPrefix("id=") && !$0.hasPrefix("secctx=")
      }
      guard words.count > 4, let seconds = Int(words[4]) else { continue }
      words.remove(at: 4)
      result[words.joined(separator: " ")] = seconds
    }
    return result
  }
}

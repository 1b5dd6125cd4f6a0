// What a kernel did with packets, recorded in files of lines; what the columns are stands at the top of each file.

import Foundation
import Testing

/// A packet, and what a kernel made of it; empty where nothing left.
struct RecordedPacket: Sendable {
  /// The interface that it came in on; empty where there is only one.
  var input = ""
  var packet: String
  var answer: String
}

/// A packet with IPv4 options on a fresh host.
struct RecordedOptions: Sendable {
  var name = ""
  /// `plain`, or that FORWARD rejects, without or with a rule that needs connection tracking.
  var rules = ""
  var acceptsSourceRoutes = false
  var isLocal = false
  var packet = ""
  /// Milliseconds since midnight UTC, where the kernel wrote them.
  var clock: UInt64?
  /// Each hook of the mangle table with the packet that it saw, `PREROUTING hex`, and what left, `eth1 hex`.
  var steps: [String] = []
}

/// The files in `Recorded`.
enum Recorded {
  static let nat = packets("nat")
  static let stack = packets("stack")
  static let reject = packets("reject")
  static let options = cases("ip-options")
  static let logs = logLines()
  /// The rules whose lines `logs` has, without `-A CHAIN`.
  static let logRules = allLines("log-lines").filter { $0.hasPrefix("# -j ") }.map { String($0.dropFirst(2)) }

  /// The lines of a file without those at its top, which name the kernel.
  private static func lines(_ name: String) -> [Substring] { allLines(name).filter { !$0.hasPrefix("#") } }

  private static func allLines(_ name: String) -> [Substring] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Recorded/\(name).txt").standardizedFileURL.path
    guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.hasPrefix("# Linux 6.18") else {
      Issue.record("\(path) cannot be read, or does not name its kernel")
      return []
    }
    return text.split(separator: "\n")
  }

  /// `packet WAY HEX` and, behind it, `line TEXT|` for each line of the kernel.
  private static func logLines() -> [RecordedLog] {
    var result: [RecordedLog] = []
    for line in lines("log-lines") {
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      if words.count == 3, words[0] == "packet" {
        result.append(RecordedLog(way: words[1], packet: words[2]))
      } else if line.hasPrefix("line "), line.hasSuffix("|"), var item = result.popLast() {
        item.lines.append(String(line.dropFirst(5).dropLast()))
        result.append(item)
      } else {
        Issue.record("log-lines: `\(line)` is no record")
      }
    }
    return result
  }

  private static func packets(_ name: String) -> [RecordedPacket] {
    lines(name).compactMap { line in
      let words = line.split(separator: " ").map { $0 == "-" ? "" : String($0) }
      switch words.count {
      case 2: return RecordedPacket(packet: words[0], answer: words[1])
      case 3: return RecordedPacket(input: words[0], packet: words[1], answer: words[2])
      default:
        Issue.record("\(name): `\(line)` is no record")
        return nil
      }
    }
  }

  private static func cases(_ name: String) -> [RecordedOptions] {
    var result: [RecordedOptions] = []
    for line in lines(name) {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2 else {
        Issue.record("\(name): `\(line)` is no record")
        continue
      }
      if words[0] == "case" {
        result.append(RecordedOptions(name: words[1]))
        continue
      }
      guard var item = result.popLast() else { continue }
      switch words[0] {
      case "rules": item.rules = words[1]
      case "source-routes": item.acceptsSourceRoutes = words[1] == "yes"
      case "from": item.isLocal = words[1] == "local"
      case "packet": item.packet = words[1]
      case "clock": item.clock = UInt64(words[1])
      default: item.steps.append(String(line))
      }
      result.append(item)
    }
    return result
  }
}

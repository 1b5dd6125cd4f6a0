// The one table of hooks and priorities, compared with what a kernel did, for both families.

import Foundation
import NetfilterModel
import Testing

@Suite struct HookOrderTests {
  /// A line of the record: a hook of a family, and what a packet met there in order.
  struct Measured: Sendable, CustomTestStringConvertible {
    var family: String
    var hook: Hook
    /// `raw`, or a priority, with `:fragment` before fragments are put together and `:tracked` behind connection tracking.
    var marks: [String]

    var testDescription: String { "\(family) \(hook.chainName)" }
  }

  static let measured: [Measured] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Recorded/hook-order.txt").standardizedFileURL.path
    guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.hasPrefix("# Linux 6.18") else {
      return []
    }
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard words.count > 2, let hook = Hook(chainName: words[1]) else { return nil }
      return Measured(family: words[0], hook: hook, marks: Array(words[2...]))
    }
  }()

  @Test func everyHookOfBothFamiliesIsRecorded() {
    #expect(Self.measured.map { "\($0.family) \($0.hook)" }.count == 10)
    #expect(Set(Self.measured.map { $0.family }) == ["ipv4", "ipv6"])
  }

  @Test(arguments: measured) func theTableIsTheKernels(_ measured: Measured) throws {
    let rows = HookOrder.rows(at: measured.hook)
    let tables = measured.marks.filter { TableKind(name: $0) != nil }
    #expect(
      tables
        == rows.compactMap { if case .table(let kind) = $0.function { kind.name } else { nil } })
    func mark(_ priority: HookPriority, _ step: Int32) throws -> String {
      let start = "\(priority.rawValue + step)"
      return try #require(measured.marks.first { $0 == start || $0.hasPrefix(start + ":") })
    }
    for row in rows {
      switch row.function {
      case .table(let kind):
        // It stands between the chain one below and the chain one above its priority.
        let place = try #require(measured.marks.firstIndex(of: kind.name))
        let around = [try mark(row.priority, -1), kind.name, try mark(row.priority, 1)]
        #expect(Array(measured.marks[max(0, place - 1)..<min(measured.marks.count, place + 2)]) == around)
      case .defragment:
        #expect(try mark(row.priority, -1).hasSuffix(":fragment"))
        #expect(!(try mark(row.priority, 1).hasSuffix(":fragment")))
      case .conntrack:
        #expect(!(try mark(row.priority, -1).hasSuffix(":tracked")))
        #expect(try mark(row.priority, 1).hasSuffix(":tracked"))
      case .conntrackHelper, .conntrackConfirm: break
      }
    }
  }
}

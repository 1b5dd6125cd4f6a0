// Random set files must be taken or refused as ipset did when they were recorded, and printed as `ipset save` did
// (Tests/Kernel/sets.py).

import Foundation
import NetfilterModel
import Testing

/// A recorded set file.
struct RecordedSetText: Sendable {
  var number: Int
  var text = ""
  /// The lines of `ipset save`, sorted; nil where it was refused.
  var saved: [String]?
  /// The line that ipset named; 0 for none.
  var line = 0

  static let all: [RecordedSetText] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Fixtures/sets/texts.txt").standardizedFileURL
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    var cases: [RecordedSetText] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("=== ") {
        cases.append(RecordedSetText(number: cases.count))
        if line.hasPrefix("=== refused ") { cases[cases.count - 1].line = Int(line.dropFirst(12)) ?? 0 }
      } else if line == "--- save" {
        cases[cases.count - 1].saved = []
      } else if cases.last?.saved != nil {
        if !line.isEmpty { cases[cases.count - 1].saved?.append(String(line)) }
      } else {
        cases[cases.count - 1].text += line + "\n"
      }
    }
    return cases
  }()
}

@Suite struct RecordedSetTests {
  /// A line without what a kernel draws and counts down.
  func masked(_ line: Substring) -> String {
    var words = line.split(separator: " ")
    if let place = words.firstIndex(of: "initval") { words.removeSubrange(place...place + 1) }
    if words.contains("hash:net,iface"), let place = words.firstIndex(of: "bucketsize") {
      words.removeSubrange(place...place + 1)
    }
    if line.hasPrefix("add"), let place = words.firstIndex(of: "timeout"), words[place + 1] != "0" {
      words[place + 1] = "T"
    }
    return words.joined(separator: " ")
  }

  @Test func thereAreMany() {
    #expect(RecordedSetText.all.count > 250)
    #expect(RecordedSetText.all.filter { $0.saved == nil }.count > 80)
    #expect(RecordedSetText.all.filter { $0.saved != nil }.count > 80)
  }

  @Test(arguments: 0..<8) func theyAreReadAsIpsetReadsThem(_ part: Int) {
    for recorded in RecordedSetText.all where recorded.number % 8 == part {
      let result = SetFileParser.parse(Array(recorded.text.utf8), file: "sets")
      let problems = DiagnosticRenderer().render(result.diagnostics)
      #expect(result.hasErrors == (recorded.saved == nil), "\(recorded.text)\(problems)")
      guard let saved = recorded.saved else {
        if recorded.line > 0 {
          #expect(result.diagnostics.contains { $0.range.line == recorded.line }, "\(recorded.text)\(problems)")
        }
        continue
      }
      let printed = String(decoding: SetPrinter.bytes(result.sets), as: UTF8.self).split(separator: "\n")
      #expect(printed.map(masked).sorted() == saved.sorted(), "\(recorded.text)")
    }
  }
}

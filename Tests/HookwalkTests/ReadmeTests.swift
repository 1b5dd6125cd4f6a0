// What the README shows must be true today: its first command's output, and its lists of matches and targets.
// `HOOKWALK_RECORD=1 swift test --filter ReadmeTests` writes them anew.

import Foundation
import NetfilterModel
import Testing

@Suite(.serialized) struct ReadmeTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    .standardizedFileURL

  static let isRecording = ProcessInfo.processInfo.environment["HOOKWALK_RECORD"] != nil

  /// Replaces a part of the README, when recording.
  func record(_ old: String, _ new: String) throws {
    guard Self.isRecording, old != new else { return }
    let text = try readme().replacingOccurrences(of: old, with: new)
    try text.write(to: Self.root.appendingPathComponent("README.md"), atomically: true, encoding: .utf8)
  }

  func readme() throws -> String {
    try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
  }

  /// The text between the fence after `start` and the next one.
  func block(after start: String, in text: String) throws -> String {
    let tail = try #require(text.range(of: start)).upperBound
    let open = try #require(text.range(of: "```\n", range: tail..<text.endIndex)).upperBound
    let close = try #require(text.range(of: "```\n", range: open..<text.endIndex)).lowerBound
    return String(text[open..<close])
  }

  /// The words of a command line, single quotes taken off.
  func words(_ line: Substring) -> [String] {
    line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
      index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
    }
  }

  @Test func theFirstCommandPrintsWhatItShows() throws {
    let text = try readme()
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("swift run hookwalk trace") })
    let process = Process()
    process.executableURL = CommandTests.command
    process.arguments = Array(words(line).dropFirst(3))
    process.currentDirectoryURL = Self.root
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: try #require(try pipe.fileHandleForReading.readToEnd()), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    try record(try block(after: "This is what the first one prints:", in: text), output)
    #expect(try block(after: "This is what the first one prints:", in: try readme()) == output)
    #expect(output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func theListsAreThoseOfTheRegistry() throws {
    let matches = Set(Match.all.compactMap(\.spec?.name)).sorted().joined(separator: " ")
    let targets = Target.all.compactMap(\.spec?.name).sorted().joined(separator: " ")
    for row in ["| matches | \(matches) |", "| targets | ACCEPT DROP QUEUE RETURN, user chains, goto, \(targets) |"] {
      let start = row.prefix { $0 != "s" }
      let written = try #require(try readme().split(separator: "\n").first { $0.hasPrefix(start) })
      try record(String(written), row)
      #expect(try readme().contains(row))
    }
  }
}

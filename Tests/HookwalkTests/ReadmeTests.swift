// What the README shows must be true today: its first command's output, and its lists of matches and targets.

import Foundation
import NetfilterModel
import Testing

@Suite struct ReadmeTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    .standardizedFileURL

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
    #expect(try block(after: "This is what the first one prints:", in: text) == output)
    #expect(output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func theListsAreThoseOfTheRegistry() throws {
    let rows = try readme().split(separator: "\n")
    let names = { (row: String) -> Set<String> in
      let line = rows.first { $0.hasPrefix("| \(row) |") } ?? ""
      let cell = line.split(separator: "|").dropFirst().first ?? ""
      return Set(cell.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init))
    }
    let matches = Set(Match.all.compactMap(\.spec?.name))
    #expect(names("matches").subtracting(["-"]) == matches)
    let targets = Set(Target.all.compactMap(\.spec?.name)).union(["ACCEPT", "DROP", "QUEUE", "RETURN"])
    #expect(names("targets").subtracting(["user", "chains", "goto"]) == targets)
  }
}

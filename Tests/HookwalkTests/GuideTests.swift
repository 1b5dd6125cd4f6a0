// The guide's commands and outputs, run as they stand. A block ```file NAME is written to a folder that starts empty; in a block
// ```console each line that begins with `$ ` is run there by sh, and what follows must be what it prints.
// `HOOKWALK_RECORD=1 swift test --filter GuideTests` writes the outputs anew.

import Foundation
import Testing

@Suite struct GuideTests {
  static let folder = ReadmeTests.root.appendingPathComponent("Docs/guide")
  static let chapters =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".md") }.sorted()

  @Test func thereIsAGuide() {
    #expect(!GuideTests.chapters.isEmpty)
  }

  @Test(arguments: chapters) func commandsPrintWhatTheGuideShows(_ chapter: String) throws {
    try commandsPrint(whatIsIn: Self.folder.appendingPathComponent(chapter), "GuideTests")
  }

  /// Runs the commands of a text; writes their outputs into it when that is asked for.
  func commandsPrint(whatIsIn file: URL, _ suite: String) throws {
    let written = try String(contentsOf: file, encoding: .utf8)
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("hookwalk-guide-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    var result: [String] = []
    var commands = 0
    var lines = written.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    while let line = lines.popFirst() {
      result.append(line)
      guard line.hasPrefix("```"), line != "```" else { continue }
      let words = line.dropFirst(3).split(separator: " ")
      let end = lines.firstIndex(of: "```") ?? lines.endIndex
      let block = Array(lines[lines.startIndex..<end])
      lines = lines[end...]
      if words.first == "file", words.count == 2 {
        let target = place.appendingPathComponent(String(words[1]))
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try (block.joined(separator: "\n") + "\n").write(to: target, atomically: true, encoding: .utf8)
        result += block
      } else if words.first == "console" {
        for command in block where command.hasPrefix("$ ") {
          result.append(command)
          result += try output(of: String(command.dropFirst(2)), in: place)
          commands += 1
        }
      } else {
        result += block
      }
    }
    #expect(commands > 0)
    let fresh = result.joined(separator: "\n")
    if ReadmeTests.isRecording { try fresh.write(to: file, atomically: true, encoding: .utf8) }
    #expect(written == fresh || ReadmeTests.isRecording, "run: HOOKWALK_RECORD=1 swift test --filter \(suite)")
  }

  /// The lines that a command prints on both streams.
  func output(of command: String, in place: URL) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = place
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    process.environment = CommandTests.clean([
      "PATH": CommandTests.command.deletingLastPathComponent().path + ":" + path, "NO_COLOR": "1",
    ])
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}

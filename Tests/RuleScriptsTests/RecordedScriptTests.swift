// Forty scripts in the style of those that people publish, three with refusals, snippets of the shell, and what the real shells and the real tools made of them.

import Foundation
import NetfilterModel
import RuleScripts
import Testing

@Suite struct RecordedScriptTests {
  struct Answer: Decodable {
    var status: Int
    var output: String
    var messages: String
    var save: String
    var save6: String
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fixtures/scripts").standardizedFileURL

  static func answers() throws -> [String: Answer] {
    try JSONDecoder().decode(
      [String: Answer].self, from: Data(contentsOf: folder.appendingPathComponent("real.json")))
  }

  /// The words behind `# read with:`.
  static func arguments(_ text: String) -> [String] {
    let mark = "# read with:"
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(mark) }) else { return [] }
    return line.dropFirst(mark.count).split(separator: " ").map(String.init)
  }

  static func read(_ name: String) throws -> RuleScript {
    let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    var options = ScriptOptions()
    options.arguments = arguments(String(decoding: bytes, as: UTF8.self))
    let folder = folder
    options.read = { path, _ in
      guard path.hasPrefix("Fixtures/scripts/") else { return nil }
      let file = folder.appendingPathComponent(String(path.dropFirst("Fixtures/scripts/".count)))
      return (try? Data(contentsOf: file)).map { Array($0) }
    }
    return RuleScript.read(bytes, file: "Fixtures/scripts/\(name)", options: options)
  }

  /// Every script is read whole, and comes to what the kernel had.
  @Test func everyScriptComesToWhatTheKernelHad() throws {
    let answers = try Self.answers()
    #expect(answers.count == 44)
    for (name, answer) in answers.sorted(by: { $0.key < $1.key }) {
      let script = try Self.read(name)
      #expect(!script.hasErrors, "\(name): \(script.diagnostics.filter { $0.severity == .error })")
      #expect(SavePrinter().print(script[.ipv4]) == answer.save, "\(name)")
      #expect(SavePrinter().print(script[.ipv6]) == answer.save6, "\(name)")
      #expect(script.status == answer.status, "\(name)")
      if script.isOutputWhole { #expect(script.output == answer.output, "\(name)") }
      // The shell's own complaints are left out.
      let messages = answer.messages.split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.hasPrefix("Fixtures/") }.joined(separator: "\n")
      #expect(script.errors == messages, "\(name)")
    }
  }

  struct Snippet: Decodable, Sendable, CustomTestStringConvertible {
    var title: String
    var shell: String
    var script: String
    var output: String
    var messages: String
    var status: Int
    var testDescription: String { "\(shell): \(title)" }
  }

  static let snippets: [Snippet] =
    (try? JSONDecoder().decode(
      [Snippet].self, from: Data(contentsOf: folder.appendingPathComponent("snippets.json")))) ?? []

  @Test func theSnippetsAreThere() {
    #expect(Self.snippets.count >= 69)
    #expect(Set(Self.snippets.map { $0.shell }) == ["sh", "bash"])
  }

  /// What is printed and how it ends, for each construct of the shell.
  @Test(arguments: snippets) func aSnippetPrintsWhatItsShellPrints(_ one: Snippet) {
    let script = RuleScript.read(Array("#!/bin/\(one.shell)\n\(one.script)".utf8), file: "snippet.sh")
    #expect(!script.hasErrors, "\(script.diagnostics)")
    #expect(script.output == one.output)
    #expect((script.status == 0) == (one.status == 0))
    if script.isOutputWhole { #expect(script.errors == one.messages) }
  }
}

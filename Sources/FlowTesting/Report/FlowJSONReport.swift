// How tests came out, as JSON: a document, or a line a test.

import NetfilterModel

/// Writes JSON.
public enum FlowJSONReport {
  /// The version of the documents' form; a member that is added does not change it.
  public static var version: Int { 1 }

  /// The document, with a newline at its end; `tool` is the name and the version of the program.
  public static func document(_ suites: [FlowSuiteOutcome], tool: String) -> String {
    let totals = FlowTotals(suites)
    return JSONWriter.document(
      .object([
        ("version", .number(version)), ("tool", .text(tool)), ("files", .list(suites.map(file))),
        (
          "totals",
          .object([
            ("passed", .number(totals.passed)), ("failed", .number(totals.failed)),
            ("skipped", .number(totals.skipped)), ("todo", .number(totals.todo)),
            ("unknown", .number(totals.unknown)), ("unreadable", .number(totals.unreadable)),
          ])
        ),
      ]))
  }

  /// A line a test, and one for a file whose tests could not run.
  public static func lines(_ suites: [FlowSuiteOutcome]) -> String {
    suites.map { suite in
      var values = suite.outcomes.map { test($0, of: suite.file) }
      if let problem = suite.problem {
        values.insert(
          [("version", .number(version)), ("file", .text(suite.file)), ("problem", .text(problem))], at: 0)
      }
      return values.map { JSONWriter.line(.object($0)) + "\n" }.joined()
    }.joined()
  }

  private static func file(_ suite: FlowSuiteOutcome) -> JSONWriter.Value {
    var members: [(String, JSONWriter.Value)] = [("file", .text(suite.file))]
    if let problem = suite.problem { members.append(("problem", .text(problem))) }
    members.append(("tests", .list(suite.outcomes.map { .object(test($0, of: suite.file)) })))
    return .object(members)
  }

  private static func test(_ outcome: FlowOutcome, of file: String) -> [(String, JSONWriter.Value)] {
    let time = outcome.duration.components
    var members: [(String, JSONWriter.Value)] = [
      ("version", .number(version)), ("file", .text(file)), ("name", .text(outcome.test.name)),
      ("tags", .list(outcome.test.tags.map { .text($0) })), ("line", .number(outcome.test.range.line)),
      ("microseconds", .number(Int(time.seconds) * 1_000_000 + Int(time.attoseconds / 1_000_000_000_000))),
    ]
    switch outcome.result {
    case .passed: members.append(("result", .text("passed")))
    case .failed(let failure):
      members.append(("result", .text(outcome.undecided == nil ? "failed" : "unknown")))
      members.append(("failure", self.failure(failure)))
    case .skipped(let reason): members += [("result", .text("skipped")), ("reason", .text(reason))]
    case .todo(let reason, let failure):
      members += [("result", .text("todo")), ("reason", .text(reason))]
      if let failure { members.append(("failure", self.failure(failure))) }
    }
    return members
  }

  private static func failure(_ failure: FlowFailure) -> JSONWriter.Value {
    .object([
      ("file", .text(failure.range.file)), ("line", .number(failure.range.line)),
      ("column", .number(failure.range.column)), ("message", .text(failure.message)),
      ("text", .text(FlowReport().render(failure))),
    ])
  }
}

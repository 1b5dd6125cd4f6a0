// One file of tests: read, run, and told.

import FlowTesting
import NetfilterModel
import Simulator

/// What is asked of each file.
struct TestRequest: Sendable {
  /// Parts of names, in lower case; none for all tests.
  var filters: [String]
  /// Tags; none for all tests.
  var tags: [String]
  /// Whether the tests are only listed.
  var lists: Bool
  /// After how many rules a walk ends; nil for the usual number.
  var maximumRules: Int?
  /// How results are written.
  var report: FlowReport
  /// What an end counts as that nothing here can say.
  var unknown: UnknownPolicy
  /// Whether the report is also made without colour, for a file.
  var needsPlain: Bool
  /// Set files that every host has.
  var sets: [(text: String, file: String)] = []
  /// The host that `--host` describes, whose lines stand above those of each file; nil without one.
  var base: FlowDocument?
  /// Whether settings, addresses and routes that scripts make are the host's, too.
  var appliesScripts: Bool

  /// Whether a test is to run.
  func chooses(_ test: FlowTest) -> Bool {
    let name = filters.isEmpty ? "" : test.name.lowercased()
    return (filters.isEmpty || filters.contains { $0.isEmpty || name.contains($0) })
      && (tags.isEmpty || tags.contains { test.tags.contains($0) })
  }
}

/// What came of a file of tests.
struct TestFileRun: Sendable {
  /// Its path.
  var file: String
  /// Why it could not be read, when that is so.
  var unreadable: String?
  /// What is to be said about it.
  var diagnostics: [Diagnostic] = []
  /// Whether it has no tests, and nothing else is wrong with it.
  var isOnlyAHost = false
  /// The files that it includes.
  var includes: [String] = []
  var outcomes: [FlowOutcome] = []
  /// The lines of its tests, coloured or not.
  var text = ""
  /// The same without colour, where it was asked for.
  var plain = ""

  /// Whether its tests could not run.
  var isBroken: Bool { unreadable != nil || (!isOnlyAHost && diagnostics.contains { $0.severity == .error }) }

  /// Reads a file.
  static func read(_ path: String, _ rules: SharedRules, _ request: TestRequest) -> (
    run: TestFileRun, suite: FlowSuite?
  ) {
    var run = TestFileRun(file: path)
    let text: String
    do throws(CommandError) { text = try Terminal.read(path) } catch {
      run.unreadable = error.message
      return (run, nil)
    }
    var suite = FlowSuite(
      text, file: path, sets: request.sets, readRules: { rules.read($0, $1) }, on: request.base,
      appliesScripts: request.appliesScripts
    ) { name in
      do throws(CommandError) { return try Terminal.read(name) } catch { return nil }
    }
    if let maximumRules = request.maximumRules { suite.limits.rules = maximumRules }
    run.diagnostics = suite.diagnostics
    run.includes = suite.includes
    run.isOnlyAHost = suite.isOnlyAHost
    return (run, suite.isRunnable ? suite : nil)
  }

  /// Takes how a test came out.
  mutating func take(_ outcome: FlowOutcome, _ request: TestRequest) {
    text += request.report.render(outcome)
    if request.needsPlain { plain += FlowReport().render(outcome) }
    // What it does is told; only its name and its place are asked for from now on.
    var outcome = outcome
    outcome.test.steps = []
    outcomes.append(outcome)
  }

  /// Takes a test for the list.
  mutating func list(_ test: FlowTest) {
    text +=
      "\(test.range.file):\(test.range.line): \(Style.printable(test.name))" + test.tags.map { " @\($0)" }.joined()
      + "\n"
  }

  /// Runs a test, and sees how long it takes.
  static func run(_ test: FlowTest, of suite: FlowSuite, _ unknown: UnknownPolicy) -> FlowOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let result = suite.run(test)
    return FlowOutcome(test: test, result: result, duration: clock.now - start, unknown: unknown)
  }
}

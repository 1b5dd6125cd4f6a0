// A file of tests, ready to run: read once, every rule file parsed and compiled once.

import NetfilterModel
import Simulator

/// How a test came out.
public enum FlowResult: Sendable {
  /// Everything was as expected.
  case passed
  /// Something was not.
  case failed(FlowFailure)
  /// It did not run; why.
  case skipped(String)
  /// It need not pass yet; why, and the failure, if there was one.
  case todo(String, FlowFailure?)
}

/// What went wrong in a test, at its first step that did not do as expected.
public struct FlowFailure: Hashable, Sendable {
  /// The test.
  public var test: String
  /// Where the step stands.
  public var range: SourceRange
  /// What was expected and what came, without place.
  public var message: String
  /// Why it came so.
  public var explanation: FlowExplanation
  /// Whether a match or target that nothing here can decide left the packet unknown.
  public var isUndecided = false
}

/// The tests of one file.
public struct FlowSuite {
  /// The name of the file.
  public let file: String
  /// The tests in order.
  public var tests: [FlowTest]
  /// Every problem of the file and of what it names; with an error among them, no test runs.
  public private(set) var diagnostics: [Diagnostic]
  /// The host as it is set up, never walked; nil when there are errors.
  let host: LinuxHost?
  /// Its rules.
  let index: RuleIndex?
  /// The rule files that steps load.
  private(set) var loads: [LoadKey: Ruleset] = [:]

  struct LoadKey: Hashable {
    var family: AddressFamily
    var path: String
  }

  /// Whether the tests can run.
  public var isRunnable: Bool { host != nil && !diagnostics.contains { $0.severity == .error } }

  /// Reads a file of tests.
  ///
  /// - Parameters:
  ///   - text: the contents.
  ///   - file: its path, for diagnostics; what it names is looked for beside it.
  ///   - read: gives the text of a file by its path, or nil when it cannot be read.
  public init(_ text: String, file: String, read: @escaping (String) -> String?) {
    let document = FlowParser.parse(text, file: file, read: read)
    var builder = HostBuilder(document: document, read: read)
    builder.build()
    self.file = file
    tests = document.tests
    let loads = FlowSuite.loads(&builder, document.tests)
    self.loads = loads
    for step in document.steps {
      builder.complain(
        .outsideATest, step.range, "this step stands outside a test",
        help: "put it between `test \"NAME\"` and `end`")
    }
    if tests.isEmpty, !document.hasErrors {
      builder.complain(
        .noTests, SourceRange(file: file, line: 1, column: 1), "there is no test in this file",
        help: "a test starts with `test \"NAME\"` and ends with `end`")
    }
    if let host = builder.host {
      FlowSuite.check(&builder, document.tests, host, Array(loads.values))
    }
    diagnostics = builder.diagnostics
    host = builder.diagnostics.contains { $0.severity == .error } ? nil : builder.host
    index = host.map { RuleIndex($0) }
  }

  /// Parses the rule files that steps load.
  private static func loads(_ builder: inout HostBuilder, _ tests: [FlowTest]) -> [LoadKey: Ruleset] {
    var result: [LoadKey: Ruleset] = [:]
    var seen: Set<LoadKey> = []
    for step in tests.flatMap({ $0.steps }) {
      guard case .loadRules(let family, let path) = step.action else { continue }
      let name = FlowPath.resolve(path, besides: step.range.file)
      let key = LoadKey(family: family, path: name)
      guard seen.insert(key).inserted, let text = builder.contents(path, step.range) else { continue }
      let parsed = RestoreParser.parse(text, file: name, family: family)
      builder.add(parsed.diagnostics)
      if parsed.hasErrors { continue }
      do throws(RulesetRefusal) {
        var host = LinuxHost(name: "check")
        try host.load(parsed.ruleset)
        result[key] = parsed.ruleset
      } catch {
        builder.complain(.notLoadable, step.range, error.description)
      }
    }
    return result
  }

  /// Finds interfaces and places that do not exist: an expectation about them would say nothing.
  private static func check(_ builder: inout HostBuilder, _ tests: [FlowTest], _ host: LinuxHost, _ loads: [Ruleset]) {
    let rulesets = [host.ruleset(.ipv4), host.ruleset(.ipv6)] + loads
    let names = host.interfaces.map { $0.name }
    let known = "the host has " + names.map { $0.description }.joined(separator: ", ")
    for step in tests.flatMap({ $0.steps }) {
      if case .packet(let flow) = step.action {
        if case .arrival(let name) = flow.origin, !names.contains(name) {
          builder.complain(.unknownInterface, step.range, "there is no interface `\(name)`", help: known)
        }
        if flow.hint != nil {
          builder.complain(
            .unexpectedWord, step.range, "the host's routes say where the packet goes",
            help: "write what is expected after `=>`")
        }
      }
      guard let expectation = step.expectation else { continue }
      switch expectation.verdict {
      case .forward(let name?), .send(let name?):
        if !names.contains(name) {
          builder.complain(.unknownInterface, expectation.range, "there is no interface `\(name)`", help: known)
        }
      default: break
      }
      for written in expectation.details {
        for place in written.detail.places {
          guard let problem = place.problem(in: rulesets) else { continue }
          builder.complain(.unknownPlace, written.range, problem.message, help: problem.help)
        }
      }
    }
  }

  /// Runs a test on a host of its own: no connections, clock zero, fresh counters, limits and lists.
  public func run(_ test: FlowTest) -> FlowResult {
    if case .skip(let reason) = test.mode { return .skipped(reason) }
    let failure = failure(of: test)
    if case .todo(let reason) = test.mode { return .todo(reason, failure) }
    return failure.map { .failed($0) } ?? .passed
  }

  private func failure(of test: FlowTest) -> FlowFailure? {
    var branches = FlowBranches(suite: self, test: test)
    for (number, step) in test.steps.enumerated() {
      let outcomes: [FlowBranches.Outcome]
      do throws(ConversationError) { outcomes = try branches.step(number) } catch {
        return FlowFailure(
          test: test.name, range: step.range, message: error.message,
          explanation: FlowExplanation())
      }
      guard let expectation = step.expectation else { continue }
      for outcome in outcomes {
        let mismatches = FlowCheck(index: outcome.index).mismatches(outcome.passage, expectation)
        if mismatches.isEmpty { continue }
        let words = mismatches.map { "expected \($0.expected), got \($0.got)" }.joined(separator: "; ")
        return FlowFailure(
          test: test.name, range: step.range, message: words,
          explanation: explanation(of: step, outcome, mismatches), isUndecided: outcome.passage.isUndecided)
      }
    }
    return nil
  }

  /// Does the step again in the way that failed, with every rule that did not match recorded: a host is deterministic.
  private func explanation(
    of step: FlowStep, _ outcome: FlowBranches.Outcome, _ mismatches: [FlowMismatch]
  ) -> FlowExplanation {
    var execution = outcome.before
    guard let done = try? execution.step(step, answers: outcome.answers, explains: true), let walk = done.walk else {
      return FlowExplanation()
    }
    var result = FailureExplainer(
      host: execution.host, index: execution.index, walk: walk, end: outcome.passage.end,
      expectation: step.expectation, mismatches: mismatches
    ).explanation()
    if outcome.passage.isUndecided { result.settle(outcome, step) }
    return result
  }
}

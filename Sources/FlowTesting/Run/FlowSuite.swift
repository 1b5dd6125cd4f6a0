// A file of tests, ready to run: read once, every rule file parsed and compiled once.

import NetfilterModel
import Simulator

/// The tests of one file.
public struct FlowSuite: Sendable {
  /// The name of the file.
  public let file: String
  /// The tests in order.
  public var tests: [FlowTest]
  /// Every problem of the file and of what it names; with an error among them, no test runs.
  public private(set) var diagnostics: [Diagnostic]
  /// The files that it includes, with those that they include, as they are resolved.
  public let includes: [String]
  /// The host as it is set up, never walked; nil when there are errors.
  public private(set) var host: LinuxHost?
  /// Its rules.
  let index: RuleIndex?
  /// The rule files that steps load.
  let loads: [RuleFileKey: CompiledRules]
  /// Whether no match of all these rules can be undecided.
  let isDecided: Bool

  /// What bounds the walk of each packet.
  public var limits: WalkLimits {
    get { host?.limits ?? WalkLimits() }
    set { host?.limits = newValue }
  }

  /// Whether the tests can run.
  public var isRunnable: Bool { host != nil && !diagnostics.contains { $0.severity == .error } }
  /// Whether nothing is wrong with the file but that it has no tests, as with a host that others include.
  public var isOnlyAHost: Bool {
    let errors = diagnostics.filter { $0.severity == .error }
    return !errors.isEmpty && errors.allSatisfy { $0.id == .noTests }
  }

  /// Reads a file of tests.
  ///
  /// - Parameters:
  ///   - text: the contents.
  ///   - file: its path, for diagnostics; what it names is looked for beside it.
  ///   - sets: set files that are loaded after those that the text names.
  ///   - readRules: makes something of a rule file's text, so that suites that load the same files may share it.
  ///   - base: the description of a host that stands above the file's own.
  ///   - appliesScripts: whether settings, addresses and routes that scripts of iptables commands make are the host's, too.
  ///   - read: gives the text of a file by its path, or nil when it cannot be read.
  public init(
    _ text: String, file: String, sets: [(text: String, file: String)] = [],
    readRules: @escaping (String, RuleFileKey) -> LoadableRules = { LoadableRules($0, $1) },
    on base: FlowDocument? = nil, appliesScripts: Bool = false,
    read: @escaping (String) -> String?
  ) {
    var document = FlowParser.parse(text, file: file, read: read)
    if let base { document.describe(on: base) }
    var builder = HostBuilder(document: document, read: read)
    builder.readRules = readRules
    builder.sets = sets
    builder.appliesScripts = appliesScripts
    builder.build()
    self.file = file
    includes = document.includes
    tests = document.tests
    let loads = FlowSuite.loads(&builder, tests)
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
    if let host = builder.host { FlowSuite.check(&builder, tests, host, loads.values.map { $0.ruleset }) }
    diagnostics = builder.diagnostics
    host = builder.diagnostics.contains { $0.severity == .error } ? nil : builder.host
    index = host.map { RuleIndex($0) }
    isDecided = !(host?.configuration.mayBeUndecided ?? false) && !loads.values.contains { $0.mayBeUndecided }
  }

  /// Reads the rule files that steps load.
  private static func loads(_ builder: inout HostBuilder, _ tests: [FlowTest]) -> [RuleFileKey: CompiledRules] {
    var result: [RuleFileKey: CompiledRules] = [:]
    var seen: Set<RuleFileKey> = []
    for test in tests {
      for step in test.steps {
        guard let key = RuleFileKey(step), seen.insert(key).inserted, case .loadRules(_, let path, _) = step.action,
          let text = builder.contents(path, step.range)
        else { continue }
        result[key] = builder.loadable(text, key, at: key.path).compiled
      }
    }
    return result
  }

  /// Finds interfaces and places that do not exist: an expectation about them would say nothing.
  private static func check(_ builder: inout HostBuilder, _ tests: [FlowTest], _ host: LinuxHost, _ loads: [Ruleset]) {
    var places = KnownPlaces([host.ruleset(.ipv4), host.ruleset(.ipv6)] + loads)
    let names = Set(host.interfaces.map { $0.name })
    let known = "the host has " + host.interfaces.map { $0.name.description }.joined(separator: ", ")
    for test in tests {
      for step in test.steps {
        if case .packet(let flow) = step.action {
          if case .arrival(let name) = flow.origin, !names.contains(name) {
            builder.complain(.unknownInterface, step.range, "there is no interface `\(name)`", help: known)
          }
          if let name = flow.output, flow.hint == nil, !names.contains(name) {
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
            guard let problem = places.problem(place) else { continue }
            builder.complain(.unknownPlace, written.range, problem.message, help: problem.help)
          }
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
    for number in test.steps.indices {
      let outcomes: [FlowBranches.Outcome]
      do throws(ConversationError) { outcomes = try branches.step(number) } catch {
        return FlowFailure(
          test: test.name, range: test.steps[number].range, message: error.message,
          explanation: FlowExplanation())
      }
      guard !outcomes.isEmpty, let expectation = test.steps[number].expectation else { continue }
      for place in outcomes.indices {
        let mismatches = FlowCheck(index: outcomes[place].index).mismatches(outcomes[place].passage, expectation)
        if mismatches.isEmpty { continue }
        let outcome = outcomes[place]
        let words = mismatches.map { "expected \($0.expected), got \($0.got)" }.joined(separator: "; ")
        return FlowFailure(
          test: test.name, range: test.steps[number].range, message: words,
          explanation: explanation(of: test, number, outcome, mismatches),
          isUndecided: outcome.passage.isUndecided)
      }
    }
    return nil
  }

  /// Does the step again in the way that failed, with every rule that did not match recorded: a host is deterministic.
  private func explanation(
    of test: FlowTest, _ number: Int, _ outcome: FlowBranches.Outcome, _ mismatches: [FlowMismatch]
  ) -> FlowExplanation {
    let step = test.steps[number]
    guard let before = outcome.before?.execution ?? execution(of: test, before: number) else {
      return FlowExplanation()
    }
    var execution = before
    guard let done = try? execution.step(step, answers: outcome.answers, explains: true), let walk = done.walk
    else { return FlowExplanation() }
    var result = FailureExplainer(
      host: execution.host, index: execution.index, walk: walk, end: outcome.passage.end,
      expectation: step.expectation, mismatches: mismatches
    ).explanation()
    if outcome.passage.isUndecided { result.settle(outcome, step, before) }
    return result
  }

  /// A test as it was before a step, where there is one way.
  private func execution(of test: FlowTest, before number: Int) -> FlowExecution? {
    var execution = FlowExecution(suite: self)
    for step in test.steps[..<number] {
      do throws(ConversationError) { _ = try execution.step(step, explains: false) } catch { return nil }
    }
    return execution
  }
}

// A test of a file with all that it needs, as one argument of a parameterised test.

import NetfilterModel
import Simulator

/// A test of a suite that runs by itself: `@Test(arguments: try suite.cases()) func flow(_ test: FlowCase)`.
public struct FlowCase: Sendable, Identifiable, CustomStringConvertible {
  /// The suite that it belongs to.
  public let suite: FlowSuite
  /// The test.
  public let test: FlowTest

  /// The file and the name of the test: names stand once in a file.
  public var id: String { "\(suite.file): \(test.name)" }
  /// The name of the test, with its tags.
  public var description: String { test.name + test.tags.map { " @\($0)" }.joined() }

  /// Runs the test on a host of its own.
  public func run() -> FlowResult { suite.run(test) }

  /// Runs the test: what went wrong, or nil when it passed, is skipped, or need not pass yet.
  public var firstFailure: FlowFailure? {
    if case .failed(let failure) = run() { failure } else { nil }
  }
}

extension FlowSuite {
  /// Reads a file of tests; `read` gives the text of a file by its path, or nil.
  ///
  /// - Throws: `FlowError` with every problem, when the tests cannot run.
  public init(path: String, read: @escaping (String) -> String?) throws(FlowError) {
    guard let text = read(path) else {
      throw FlowError([
        Diagnostic(.unreadableFile, at: SourceRange(file: path, line: 1, column: 1), "cannot read `\(path)`")
      ])
    }
    self.init(text, file: path, read: read)
    if !isRunnable { throw FlowError(diagnostics) }
  }

  /// Its tests, each with all that it needs.
  ///
  /// - Throws: `FlowError` with every problem, when the tests cannot run: a test without arguments would pass.
  public func cases() throws(FlowError) -> [FlowCase] {
    if !isRunnable { throw FlowError(diagnostics) }
    return tests.map { FlowCase(suite: self, test: $0) }
  }
}

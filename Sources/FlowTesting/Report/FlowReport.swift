// How tests came out, as text for a terminal: a line a test, failures with their explanation, and a summary.

import NetfilterModel
import Simulator

/// A test that was run, and how it came out.
public struct FlowOutcome: Sendable {
  /// The test.
  public var test: FlowTest
  /// How it came out.
  public var result: FlowResult
  /// How long it took.
  public var duration: Duration

  /// Makes an outcome.
  public init(test: FlowTest, result: FlowResult, duration: Duration = .zero) {
    self.test = test
    self.result = result
    self.duration = duration
  }
}

/// How many tests came out how.
public struct FlowTotals: Hashable, Sendable {
  /// As expected.
  public var passed = 0
  /// Not as expected.
  public var failed = 0
  /// Not run.
  public var skipped = 0
  /// Need not pass yet.
  public var todo = 0
  /// Need not pass yet, but do.
  public var passingTodo = 0
  /// Files that could not be read.
  public var unreadable = 0

  /// Counts the outcomes of files.
  public init(_ suites: [FlowSuiteOutcome]) {
    for suite in suites {
      count(suite.outcomes)
      if suite.problem != nil { unreadable += 1 }
    }
  }

  /// Counts outcomes.
  public init(_ outcomes: some Sequence<FlowOutcome>) { count(outcomes) }

  private mutating func count(_ outcomes: some Sequence<FlowOutcome>) {
    for outcome in outcomes {
      switch outcome.result {
      case .passed: passed += 1
      case .failed: failed += 1
      case .skipped: skipped += 1
      case .todo(_, let failure):
        todo += 1
        if failure == nil { passingTodo += 1 }
      }
    }
  }

  /// `3 passed, 0 failed, 1 skipped`, and where there are some `2 todo (1 passes now)` and `1 file unreadable`.
  public var text: String {
    var text = "\(passed) passed, \(failed) failed, \(skipped) skipped"
    if todo > 0 { text += ", \(todo) todo" }
    if passingTodo > 0 { text += passingTodo == 1 ? " (1 passes now)" : " (\(passingTodo) pass now)" }
    if unreadable > 0 { text += unreadable == 1 ? ", 1 file unreadable" : ", \(unreadable) files unreadable" }
    return text
  }
}

/// Writes how tests came out as text.
public struct FlowReport: Sendable {
  /// The look.
  public var style: Style

  /// Makes a report writer.
  public init(style: Style = Style()) { self.style = style }

  /// A line about a file whose tests did not run, with a newline at the end.
  public func error(_ file: String, _ message: String) -> String {
    style.paint("ERROR", .bad) + " \(Style.printable(file)): \(Style.printable(message))\n"
  }

  /// A line, and for a failure its explanation, with a newline at the end.
  public func render(_ outcome: FlowOutcome) -> String {
    let name = Style.printable(outcome.test.name)
    switch outcome.result {
    case .passed: return style.paint("ok", .good) + "    \(name)\n"
    case .failed(let failure): return style.paint("FAIL", .bad) + "  \(name)\n" + render(failure)
    case .skipped(let reason): return style.paint("skip", .change) + "  \(name): \(Style.printable(reason))\n"
    case .todo(let reason, let failure):
      return style.paint("todo", .change) + "  \(name): \(Style.printable(reason))"
        + (failure == nil ? " (it passes now)" : "") + "\n"
    }
  }

  /// `gw.flow:11:1: error: test "NAME": expected ..., got ... [flow]`, and why.
  public func render(_ failure: FlowFailure) -> String {
    let range = failure.range
    var text = style.paint("\(range.file):\(range.line):\(range.column): ", .title) + style.paint("error: ", .bad)
    text += Style.printable("test \"\(failure.test)\": \(failure.message) [flow]") + "\n"
    let explanation = failure.explanation
    if let packet = explanation.packet { text += row("packet", ExplanationRow(packet)) }
    if let decider = explanation.decidedBy { text += row("decided by", decider) }
    for (number, near) in explanation.nearest.enumerated() { text += row(number == 0 ? "nearest" : "", near) }
    for (number, rewrite) in explanation.rewritten.enumerated() {
      text += row(number == 0 ? "rewritten" : "", rewrite)
    }
    return text
  }

  private func row(_ label: String, _ row: ExplanationRow) -> String {
    var text = "  " + style.paint(label, .place) + Style.blanks(12 - label.count) + Style.printable(row.text)
    if let location = row.location { text += "   " + style.paint(Style.printable(location), .location) }
    text += "\n"
    if let note = row.note { text += Style.blanks(14) + Style.printable(note) + "\n" }
    return text
  }
}

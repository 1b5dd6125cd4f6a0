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
  /// What an unknown end counts as.
  public var unknown: UnknownPolicy

  /// Makes an outcome.
  public init(test: FlowTest, result: FlowResult, duration: Duration = .zero, unknown: UnknownPolicy = .fail) {
    self.test = test
    self.result = result
    self.duration = duration
    self.unknown = unknown
  }

  /// The failure that is none, as nothing here can say how a packet ends and that is allowed; nil otherwise.
  var undecided: FlowFailure? {
    guard unknown != .fail, case .failed(let failure) = result, failure.isUndecided else { return nil }
    return failure
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
  /// Neither, as nothing here can say how a packet ends, and that is no failure.
  public var unknown = 0
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
      case .failed: if outcome.undecided == nil { failed += 1 } else { unknown += 1 }
      case .skipped: skipped += 1
      case .todo(_, let failure):
        todo += 1
        if failure == nil { passingTodo += 1 }
      }
    }
  }

  /// `3 passed, 0 failed, 1 skipped`, and where there are some `2 todo (1 passes now)`, `1 unknown` and `1 file unreadable`.
  public var text: String {
    var text = "\(passed) passed, \(failed) failed, \(skipped) skipped"
    if todo > 0 { text += ", \(todo) todo" }
    if passingTodo > 0 { text += passingTodo == 1 ? " (1 passes now)" : " (\(passingTodo) pass now)" }
    if unknown > 0 { text += ", \(unknown) unknown" }
    if unreadable > 0 { text += unreadable == 1 ? ", 1 file unreadable" : ", \(unreadable) files unreadable" }
    return text
  }
}

/// Writes how tests came out as text.
public struct FlowReport: Sendable {
  /// The look.
  public var style: Style
  /// Whether lines are broken where they are wider than the look allows; what a program reads is better left whole.
  public var breaksLines: Bool

  /// Makes a report writer.
  public init(style: Style = Style(), breaksLines: Bool = false) {
    self.style = style
    self.breaksLines = breaksLines
  }

  /// A line about a file whose tests did not run, with a newline at the end.
  public func error(_ file: String, _ message: String) -> String {
    style.paint("ERROR", .bad) + " \(Style.printable(file)): \(Style.printable(message))\n"
  }

  /// A line, and for a failure its explanation, with a newline at the end.
  public func render(_ outcome: FlowOutcome) -> String {
    let name = outcome.test.name
    if let undecided = outcome.undecided {
      let line = entry("unknown", .change, name)
      return outcome.unknown == .ok ? line : line + render(undecided, as: "warning: ", .change)
    }
    switch outcome.result {
    case .passed: return entry("ok", .good, name)
    case .failed(let failure): return entry("FAIL", .bad, name) + render(failure)
    case .skipped(let reason): return entry("skip", .change, "\(name): \(reason)")
    case .todo(let reason, let failure):
      return entry("todo", .change, "\(name): \(reason)" + (failure == nil ? " (it passes now)" : ""))
    }
  }

  /// `gw.flow:11:1: error: test "NAME": expected ..., got ... [flow]`, and why.
  public func render(_ failure: FlowFailure) -> String { render(failure, as: "error: ", .bad) }

  private func render(_ failure: FlowFailure, as kind: String, _ role: Style.Role) -> String {
    let range = failure.range
    let place = "\(range.file):\(range.line):\(range.column): "
    var text = ""
    for (number, line) in lines("\(place)\(kind)test \"\(failure.test)\": \(failure.message) [flow]", indent: 2)
      .enumerated()
    {
      // The first line is the widest, as the others stand two columns to the right.
      if number > 0 {
        text += "  \(line)\n"
      } else if line.hasPrefix(Style.printable(place) + kind) {
        text +=
          style.paint(place, .title) + style.paint(kind, role)
          + line.dropFirst(Style.printable(place).count + kind.count) + "\n"
      } else {
        text += line + "\n"
      }
    }
    let explanation = failure.explanation
    if let packet = explanation.packet { text += row("packet", ExplanationRow(packet)) }
    if let decider = explanation.decidedBy { text += row("decided by", decider) }
    if let words = explanation.bothWays { text += row("both ways", ExplanationRow(words)) }
    if let words = explanation.assumption {
      text += row("settle it", ExplanationRow(words, note: "or no: a line of the host"))
    }
    for (number, near) in explanation.nearest.enumerated() { text += row(number == 0 ? "nearest" : "", near) }
    for (number, rewrite) in explanation.rewritten.enumerated() {
      text += row(number == 0 ? "rewritten" : "", rewrite)
    }
    return text
  }

  /// A text in lines that leave room for an indent.
  private func lines(_ text: String, indent: Int) -> [String] {
    Style.wrap(text, room: breaksLines ? style.width - indent : .max)
  }

  /// A test's line: how it came out, and its name.
  private func entry(_ word: String, _ role: Style.Role, _ words: String) -> String {
    let column = max(6, word.count + 1)
    var text = style.paint(word, role) + Style.blanks(column - word.count)
    for (number, line) in lines(words, indent: column).enumerated() {
      text += (number == 0 ? "" : Style.blanks(column)) + line + "\n"
    }
    return text
  }

  private func row(_ label: String, _ row: ExplanationRow) -> String {
    let column = 14
    var all = lines(row.text, indent: column)
    if let location = row.location {
      let place = Style.printable(location)
      let isBehind =
        !breaksLines || Style.columns(all[all.count - 1]) + 3 + Style.columns(place) <= style.width - column
      if isBehind {
        all[all.count - 1] += "   " + style.paint(place, .location)
      } else {
        all += lines(place, indent: column).map { style.paint($0, .location) }
      }
    }
    if let note = row.note { all += lines(note, indent: column) }
    var text = "  " + style.paint(label, .place) + Style.blanks(column - 2 - label.count)
    for (number, line) in all.enumerated() { text += (number == 0 ? "" : Style.blanks(column)) + line + "\n" }
    return text
  }
}

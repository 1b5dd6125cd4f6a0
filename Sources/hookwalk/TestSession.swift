// What a run of `hookwalk test` says, and its end.

import FlowTesting
import NetfilterModel
import Simulator

/// Takes files of tests in their order, tells what came of them, and sums up.
struct TestSession {
  let request: TestRequest
  /// Whether results are printed as they come.
  let showsText: Bool
  /// Whether there are several files, so that each has a heading.
  let hasHeadings: Bool
  /// The report without colour, where it was asked for.
  private(set) var plain = ""
  /// What came of each file that has a part in the report.
  private(set) var suites: [FlowSuiteOutcome] = []
  private var hosts: [TestFileRun] = []
  /// The files that were named, and how many of them include a file.
  private var includers: [String: Int] = [:]
  private var told: Set<Diagnostic> = []
  private var fileCount = 0
  /// The file whose heading was said last.
  private var headed: String?

  init(_ request: TestRequest, showsText: Bool, hasHeadings: Bool) {
    self.request = request
    self.showsText = showsText
    self.hasHeadings = hasHeadings
  }

  /// Whether a file could not be read, so that its tests did not run.
  private(set) var isBroken = false
  /// Whether any test ran or was listed.
  private(set) var hasTests = false

  /// Takes what is to be said about a file before its tests.
  mutating func begin(_ run: TestFileRun) {
    fileCount += 1
    for name in Set(run.includes.map(TestFiles.normal)) { includers[name, default: 0] += 1 }
    if run.isOnlyAHost { hosts.append(run) }
    // What a file says that several include is said once.
    let news = run.diagnostics.filter { !(run.isOnlyAHost && $0.id == .noTests) && told.insert($0).inserted }
    if !news.isEmpty { Terminal.complain(TraceCommand.render(news)) }
    guard run.isBroken else { return }
    if let reason = run.unreadable { Terminal.complain(reason) }
    refuse(
      run, run.unreadable ?? DiagnosticRenderer().render(run.diagnostics),
      because: run.unreadable == nil ? "it has errors" : "it cannot be read")
  }

  /// A file whose tests cannot run.
  private mutating func refuse(_ run: TestFileRun, _ problem: String, because reason: String) {
    isBroken = true
    suites.append(FlowSuiteOutcome(file: run.file, outcomes: [], problem: problem))
    // A list has only what there is.
    if request.lists { return }
    head(run.file)
    let line = "its tests did not run, as \(reason)"
    say(request.report.error(run.file, line), plain: FlowReport().error(run.file, line))
  }

  /// Takes lines about the tests of a file.
  mutating func tell(_ file: String, _ text: String, plain: String) {
    head(file)
    hasTests = true
    say(text, plain: plain)
  }

  /// Takes how the tests of a file came out.
  mutating func end(_ run: TestFileRun) {
    if !run.outcomes.isEmpty { suites.append(FlowSuiteOutcome(file: run.file, outcomes: run.outcomes)) }
  }

  /// A file or folder that could not be looked at.
  mutating func miss(_ path: String, _ message: String) {
    begin(TestFileRun(file: path, unreadable: "hookwalk: \(message)\n"))
  }

  /// Says which files have no tests; where no file has any, that is an error.
  mutating func finish() {
    let isNote = hasTests || isBroken || hosts.count < fileCount
    for host in hosts {
      if !isNote {
        Terminal.complain(TraceCommand.render(host.diagnostics.filter { $0.id == .noTests }))
        refuse(host, DiagnosticRenderer().render(host.diagnostics), because: "it has none")
        continue
      }
      let count = includers[TestFiles.normal(host.file)] ?? 0
      let users =
        count == 0 ? "no file here includes it" : count == 1 ? "1 file includes it" : "\(count) files include it"
      Terminal.complain("hookwalk: note: `\(host.file)` has no tests and is skipped; \(users)\n")
    }
  }

  private mutating func head(_ file: String) {
    guard hasHeadings, headed != file else { return }
    say((headed == nil ? "" : "\n") + "\(Style.printable(file))\n")
    headed = file
  }

  mutating func say(_ text: String, plain: String? = nil) {
    if showsText { Terminal.print(text) }
    if request.needsPlain { self.plain += plain ?? text }
  }
}

// Builds a host from the setup lines of a flow document.

import NetfilterModel
import Simulator

/// Builds a host; interfaces and addresses come first, then routes, settings and rules, whatever the order of the lines.
struct HostBuilder {
  let document: FlowDocument
  /// Gives the text of a rule file by its path, or nil when it cannot be read.
  let read: (String) -> String?
  /// What a rule file is called in diagnostics and reports.
  var nameOfRules: (String, SourceRange) -> String = { FlowPath.resolve($0, besides: $1.file) }
  /// Reads a rule file's text; another one may share what it made of it.
  var readRules: (String, String, AddressFamily) -> LoadableRules = { LoadableRules($0, file: $1, family: $2) }
  /// What was made of the rule files so far.
  private var rules: [RuleFileKey: LoadableRules] = [:]
  /// The problems, those of the document first.
  private(set) var diagnostics: [Diagnostic]
  /// The host; nil while there are errors.
  private(set) var host: LinuxHost?

  init(document: FlowDocument, read: @escaping (String) -> String?) {
    self.document = document
    self.read = read
    diagnostics = document.diagnostics
  }

  /// The lines of imported files, for diagnostics.
  private var imported: [String: [Substring]] = [:]

  mutating func complain(
    _ id: DiagnosticID, _ range: SourceRange, _ message: String, help: String? = nil, severity: Severity? = nil
  ) {
    let line = imported[range.file].map { $0.indices.contains(range.line - 1) ? String($0[range.line - 1]) : "" }
    diagnostics.append(
      Diagnostic(id, severity, at: range, message, help: help, sourceLine: line ?? document.sourceLine(range)))
  }

  mutating func build() {
    var setups: [(FlowSetup, SourceRange)] = []
    for case .setup(let setup, let range) in document.statements {
      if case .saved(let output, let path) = setup {
        setups += read(output, path, range)
      } else {
        setups.append((setup, range))
      }
    }
    var name = "host"
    for case (.host(let given), _) in setups { name = given }
    var host = LinuxHost(name: name)
    for case (.interface(let interface, let addresses), _) in setups {
      host.addInterface(interface)
      for address in addresses { host.addAddress(address, to: interface.name) }
    }
    addRoutes(setups.filter { if case .route = $0.0 { true } else { false } }, to: &host)
    for (setup, range) in setups {
      do throws(HostError) {
        switch setup {
        case .routingRule(let words): try host.addRoutingRule(words)
        case .sysctl(let key, let value): try host.setSysctl(key, value)
        case .seed(let number): host.seedRandom(number)
        case .assume(let match, let answer): host.configuration.assumptions.assume(match, answer)
        default: break
        }
      } catch {
        // Other kernels have settings that are not known here; what somebody wrote is another matter.
        complain(.badSetting, range, error.message, severity: imported[range.file] == nil ? nil : .warning)
      }
    }
    for (setup, range) in setups {
      guard case .rules(let family, let path) = setup,
        let contents = contents(path, range)
      else { continue }
      if let rules = compiled(contents, RuleFileKey(family: family, path: nameOfRules(path, range))) {
        host.load(rules)
      }
    }
    checkAssumptions(setups, host)
    if !diagnostics.contains(where: { $0.severity == .error }) { self.host = host }
  }

  /// What an imported file says, with the places of its lines.
  private mutating func read(_ output: SavedOutput, _ path: String, _ range: SourceRange) -> [(FlowSetup, SourceRange)]
  {
    guard let contents = contents(path, range) else { return [] }
    let file = nameOfRules(path, range)
    let lines = contents.split(omittingEmptySubsequences: false, whereSeparator: { $0.isNewline })
    imported[file] = lines
    let place = { (line: Int) in
      let length = lines.indices.contains(line - 1) ? lines[line - 1].count : 1
      return SourceRange(file: file, line: line, column: 1, length: max(1, length))
    }
    let reader = SavedOutputReader(output, contents)
    for problem in reader.problems { complain(.badImport, place(problem.line), problem.message, help: problem.help) }
    return reader.setups.map { ($0.setup, place($0.line)) }
  }

  /// An assumption about a match that no rule has is most likely misspelt.
  private mutating func checkAssumptions(_ setups: [(FlowSetup, SourceRange)], _ host: LinuxHost) {
    if host.configuration.assumptions.matches.isEmpty { return }
    let rules = [host.ruleset(.ipv4), host.ruleset(.ipv6)]
      .flatMap { $0.tables }.flatMap { $0.chains }.flatMap { $0.rules }
    let known = rules.flatMap { $0.matches }.map { $0.text }
    for case (.assume(let text, _), let range) in setups {
      let match = Assumptions.canonical(text)
      if known.contains(match) || diagnostics.contains(where: { $0.severity == .error }) { continue }
      complain(
        .unknownAssumption, range, "no rule has the match `\(match)`",
        help: Spelling.nearest(to: match, among: known).map { "did you mean `\($0)`?" }
          ?? "write it as `hookwalk save` prints it")
    }
  }

  /// The rules of a file, read and compiled once; nil, with diagnostics the first time, when they have errors.
  mutating func compiled(_ text: String, _ key: RuleFileKey) -> CompiledRules? {
    if let known = rules[key] { return known.compiled }
    let fresh = readRules(text, key.path, key.family)
    rules[key] = fresh
    diagnostics += fresh.diagnostics
    return fresh.compiled
  }

  /// The text of a rule file; nil, with a diagnostic, when it cannot be read.
  mutating func contents(_ path: String, _ range: SourceRange) -> String? {
    if let contents = read(FlowPath.resolve(path, besides: range.file)) { return contents }
    complain(.unreadableFile, range, "cannot read the file `\(path)`")
    return nil
  }

  /// Whether a route that the kernel made is there already, made for an address.
  private func isThere(_ words: String, _ host: LinuxHost) -> Bool {
    guard words.indices.contains(where: { words[$0...].hasPrefix("proto kernel") }),
      let (route, table) = try? Route.parse(words)
    else { return false }
    return host.hasRoute(route, in: table ?? .main)
  }

  /// Routes through a gateway need the routes to it, which may stand below: tries until nothing changes.
  private mutating func addRoutes(_ routes: [(FlowSetup, SourceRange)], to host: inout LinuxHost) {
    var waiting = routes
    while !waiting.isEmpty {
      var failed: [(FlowSetup, SourceRange, String)] = []
      for (setup, range) in waiting {
        guard case .route(let words) = setup, !isThere(words, host) else { continue }
        do throws(HostError) { try host.addRoute(words) } catch { failed.append((setup, range, error.message)) }
      }
      if failed.count == waiting.count {
        for (_, range, message) in failed { complain(.badRoute, range, message) }
        break
      }
      waiting = failed.map { ($0.0, $0.1) }
    }
  }
}

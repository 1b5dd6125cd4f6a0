// Builds a host from the setup lines of a flow document.

import NetfilterModel

/// Builds a host; interfaces and addresses come first, then routes, settings and rules, whatever the order of the lines.
struct HostBuilder {
  let document: FlowDocument
  /// Gives the text of a rule file by its path, or nil when it cannot be read.
  let read: (String) -> String?
  /// What a rule file is called in diagnostics and reports.
  var nameOfRules: (String, SourceRange) -> String = { FlowPath.resolve($0, besides: $1.file) }
  /// The problems, those of the document first.
  private(set) var diagnostics: [Diagnostic]
  /// The host; nil while there are errors.
  private(set) var host: Host?

  init(document: FlowDocument, read: @escaping (String) -> String?) {
    self.document = document
    self.read = read
    diagnostics = document.diagnostics
  }

  mutating func complain(_ id: DiagnosticID, _ range: SourceRange, _ message: String, help: String? = nil) {
    diagnostics.append(
      Diagnostic(id, at: range, message, help: help, sourceLine: document.sourceLine(range)))
  }

  mutating func add(_ more: [Diagnostic]) { diagnostics += more }

  mutating func build() {
    let setups = document.statements.compactMap { statement -> (FlowSetup, SourceRange)? in
      if case .setup(let setup, let range) = statement { (setup, range) } else { nil }
    }
    var name = "host"
    for case (.host(let given), _) in setups { name = given }
    let host = Host(name: name)
    for case (.interface(let interface, let addresses), _) in setups {
      host.addInterface(interface)
      for address in addresses { host.addAddress(address, to: interface.name) }
    }
    addRoutes(setups.filter { if case .route = $0.0 { true } else { false } }, to: host)
    for (setup, range) in setups {
      do {
        switch setup {
        case .routingRule(let words): try host.addRoutingRule(words)
        case .sysctl(let key, let value): try host.setSysctl(key, value)
        default: break
        }
      } catch {
        complain("bad-setting", range, error.message)
      }
    }
    for (setup, range) in setups {
      guard case .rules(let family, let path) = setup,
        let contents = contents(path, range)
      else { continue }
      diagnostics += HostText.load(contents, file: nameOfRules(path, range), family: family, on: host)
    }
    if !diagnostics.contains(where: { $0.severity == .error }) { self.host = host }
  }

  /// The text of a rule file; nil, with a diagnostic, when it cannot be read.
  mutating func contents(_ path: String, _ range: SourceRange) -> String? {
    if let contents = read(FlowPath.resolve(path, besides: range.file)) { return contents }
    complain("unreadable-file", range, "cannot read the rule file `\(path)`")
    return nil
  }

  /// Routes through a gateway need the routes to it, which may stand below: tries until nothing changes.
  private mutating func addRoutes(_ routes: [(FlowSetup, SourceRange)], to host: Host) {
    var waiting = routes
    while !waiting.isEmpty {
      var failed: [(FlowSetup, SourceRange, String)] = []
      for (setup, range) in waiting {
        guard case .route(let words) = setup else { continue }
        do { try host.addRoute(words) } catch { failed.append((setup, range, error.message)) }
      }
      if failed.count == waiting.count {
        for (_, range, message) in failed { complain("bad-route", range, message) }
        break
      }
      waiting = failed.map { ($0.0, $0.1) }
    }
  }
}

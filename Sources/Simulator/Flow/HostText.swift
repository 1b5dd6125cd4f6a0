// Builds a host from its description in the flow language.

import NetfilterModel

/// A host that was described, with what else the text holds.
public struct DescribedHost {
  /// The host, with its rules loaded; nil when the text has errors.
  public var host: Host?
  /// The steps of the text.
  public var steps: [FlowStep] = []
  /// The problems of the text and of the rule files that it names.
  public var diagnostics: [Diagnostic] = []
}

/// Reads the description of a host.
public enum HostText {
  /// Reads `host`, `rules`, `iface`, `route`, `rule`, `sysctl` and `let` lines and builds the host.
  ///
  /// Interfaces and addresses come first, then routes, settings and rules, whatever the order of the lines.
  /// - Parameters:
  ///   - text: the description.
  ///   - file: its name, for diagnostics.
  ///   - read: gives the text of a rule file by its path as written, or nil when it cannot be read.
  /// - Returns: the host, or the problems; never fails.
  public static func describe(_ text: String, file: String, read: (String) -> String?) -> DescribedHost {
    let document = FlowParser.parse(text, file: file)
    var result = DescribedHost(steps: document.steps, diagnostics: document.diagnostics)
    let setups = document.statements.compactMap { statement -> (FlowSetup, SourceRange)? in
      if case .setup(let setup, let range) = statement { (setup, range) } else { nil }
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: { $0.isNewline })
    func complain(_ id: DiagnosticID, _ range: SourceRange, _ message: String) {
      let line = lines.indices.contains(range.line - 1) ? String(lines[range.line - 1]) : ""
      result.diagnostics.append(Diagnostic(id, at: range, message, sourceLine: line))
    }
    var name = "host"
    for case (.host(let given), _) in setups { name = given }
    let host = Host(name: name)
    for case (.interface(let interface, let addresses), _) in setups {
      host.addInterface(interface)
      for address in addresses { host.addAddress(address, to: interface.name) }
    }
    // Routes through a gateway need the routes to it, which may stand below: try until nothing changes.
    var waiting = setups.filter { if case .route = $0.0 { true } else { false } }
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
      guard case .rules(let family, let path) = setup else { continue }
      guard let contents = read(path) else {
        complain("unreadable-file", range, "cannot read the rule file `\(path)`")
        continue
      }
      result.diagnostics += load(contents, file: path, family: family, on: host)
    }
    if !result.diagnostics.contains(where: { $0.severity == .error }) { result.host = host }
    return result
  }

  /// Parses a rule file and loads it on a host, unless it has errors; returns its problems.
  public static func load(_ text: String, file: String, family: AddressFamily, on host: Host) -> [Diagnostic] {
    let parsed = RestoreParser.parse(text, file: file, family: family)
    if parsed.hasErrors { return parsed.diagnostics }
    do { try host.load(parsed.ruleset) } catch {
      return parsed.diagnostics + [
        Diagnostic("not-loadable", at: SourceRange(file: file, line: 1, column: 1), error.description)
      ]
    }
    return parsed.diagnostics
  }
}

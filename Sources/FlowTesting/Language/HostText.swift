// Builds a host from its description in the flow language.

import NetfilterModel
import RuleScripts
import Simulator

/// A host that was described, with what else the text holds.
public struct DescribedHost {
  /// The host, with its rules loaded; nil when the text has errors.
  public var host: LinuxHost?
  /// The steps of the text.
  public var steps: [FlowStep] = []
  /// The problems of the text and of the rule files that it names.
  public var diagnostics: [Diagnostic] = []
}

/// Reads the description of a host.
public enum HostText {
  /// Reads `host`, `rules`, `iface`, `route`, `rule`, `sysctl`, `import`, `assume`, `let` and `include` lines and builds the host; tests are
  /// left out.
  ///
  /// Interfaces and addresses come first, then routes, settings and rules, whatever the order of the lines.
  /// - Parameters:
  ///   - text: the description.
  ///   - file: its name, for diagnostics.
  ///   - more: rule files that are loaded after those that the text names.
  ///   - sets: set files that are loaded after those that the text names.
  ///   - scripts: what scripts of iptables commands are given that stand where rule files do.
  ///   - appliesScripts: whether settings, addresses and routes that these scripts make are the host's, too.
  ///   - read: gives the text of a file, by its path relative to where `file` is, or nil when it cannot be read.
  /// - Returns: the host, or the problems; never fails.
  public static func describe(
    _ text: String, file: String, loading more: [(text: String, file: String, family: AddressFamily)] = [],
    sets: [(text: String, file: String)] = [], scripts: ScriptOptions = ScriptOptions(), appliesScripts: Bool = false,
    read: @escaping (String) -> String?
  ) -> DescribedHost {
    let document = FlowParser.parse(text, file: file, read: read)
    var builder = HostBuilder(document: document, read: read)
    builder.scripts = scripts
    builder.sets = sets
    builder.appliesScripts = appliesScripts
    builder.nameOfRules = { path, range in
      range.file == file ? path : FlowPath.resolve(path, besides: range.file)
    }
    builder.build(loading: more)
    return DescribedHost(host: builder.host, steps: document.steps, diagnostics: builder.diagnostics)
  }

  /// Parses a rule file and loads it on a host, unless it has errors; returns its problems.
  public static func load(
    _ text: String, file: String, family: AddressFamily, scripts: ScriptOptions = ScriptOptions(),
    on host: inout LinuxHost
  ) -> [Diagnostic] {
    let rules = LoadableRules(text, file: file, family: family, scripts: scripts)
      .checked(with: host.sets, text: text, file: file)
    if let compiled = rules.compiled { host.load(compiled) }
    return rules.diagnostics
  }
}

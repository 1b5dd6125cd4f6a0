// Builds a host from the setup lines of a flow document.

import NetfilterModel
import RuleScripts
import Simulator

/// Builds a host; interfaces and addresses come first, then routes, settings and rules, whatever the order of the lines.
struct HostBuilder {
  let document: FlowDocument
  /// Gives the text of a rule file by its path, or nil when it cannot be read.
  let read: (String) -> String?
  /// What a rule file is called in diagnostics and reports.
  var nameOfRules: (String, SourceRange) -> String = { FlowPath.resolve($0, besides: $1.file) }
  /// Reads a rule file's text, when another one than this builder does it and may share what it made of it.
  var readRules: ((String, RuleFileKey) -> LoadableRules)?
  /// What scripts are given.
  var scripts = ScriptOptions()
  /// Set files that are loaded after those of the document.
  var sets: [(text: String, file: String)] = []
  /// The sets of the host.
  private var present = SetCollection()
  /// Whether settings, addresses and routes that scripts make are the host's, too.
  var appliesScripts = false
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
  /// The lines that import files, by the file.
  private var imports: [String: SourceRange] = [:]
  /// The settings of imported files.
  private var settings = ImportedSettings()

  mutating func complain(
    _ id: DiagnosticID, _ range: SourceRange, _ message: String, help: String? = nil, severity: Severity? = nil
  ) {
    let line = imported[range.file].map { $0.indices.contains(range.line - 1) ? String($0[range.line - 1]) : "" }
    diagnostics.append(
      Diagnostic(id, severity, at: range, message, help: help, sourceLine: line ?? document.sourceLine(range)))
  }

  /// Builds the host; `more` are rule files that are loaded after those of the document.
  mutating func build(loading more: [(text: String, file: String, family: AddressFamily)] = []) {
    var setups: [(FlowSetup, SourceRange)] = []
    for case .setup(let setup, let range) in document.statements {
      if case .saved(let output, let family, let path) = setup {
        setups += read(output, family, path, range)
      } else {
        setups.append((setup, range))
      }
    }
    var name = "host"
    for case (.host(let given), _) in setups { name = given }
    var host = LinuxHost(name: name)
    var written: Set<InterfaceName> = []
    for case (.interface(let interface, let addresses), let range) in setups {
      if imported[range.file] == nil, !written.insert(interface.name).inserted {
        complain(
          .twice, range, "the interface `\(interface.name)` is described twice", help: "write all of it on one line")
      }
      host.addInterface(interface)
      for address in addresses { host.addAddress(address, to: interface.name) }
      if imported[range.file] == nil, let own = linkLocalAddress(of: interface, with: addresses) {
        host.addAddress(own, to: interface.name)
      }
    }
    addRoutes(setups.filter { if case .route = $0.0 { true } else { false } }, to: &host)
    for (setup, range) in setups {
      do throws(HostError) {
        switch setup {
        case .routingRule(let words): try host.addRoutingRule(words)
        case .neighbour(let words): try addNeighbour(words, range, to: &host)
        case .sysctl(let key, let value): try set(key, value, range, on: &host)
        case .seed(let number): host.seedRandom(number)
        case .at(let seconds): host.wallClock = seconds
        case .assume(let match, let answer): host.configuration.assumptions.assume(match, answer)
        default: break
        }
      } catch {
        complain(.badSetting, range, error.message, help: error.help)
      }
    }
    settings.report { file, message in
      complain(.unusedSetting, imports[file] ?? SourceRange(file: file, line: 1, column: 1), message)
    }
    for case (.sets(let path), let range) in setups {
      if let contents = contents(path, range) { load(contents, nameOfRules(path, range), on: &host) }
    }
    for file in sets { load(file.text, file.file, on: &host) }
    present = host.sets
    var loads: [LoadableRules] = []
    for case (.rules(let family, let path, let arguments), let range) in setups {
      guard let contents = contents(path, range) else { continue }
      loads.append(
        loadable(
          contents, RuleFileKey(family: family, path: nameOfRules(path, range), arguments: arguments),
          at: FlowPath.resolve(path, besides: range.file)))
    }
    for rules in more {
      let fresh = LoadableRules(rules.text, file: rules.file, family: rules.family, scripts: scripts)
        .checked(with: present, text: rules.text, file: rules.file)
      diagnostics += fresh.diagnostics
      loads.append(fresh)
    }
    if appliesScripts { diagnostics += ScriptChanges.apply(loads.flatMap { $0.changes }, to: &host) }
    checkRules(setups, host)
    for rules in loads { if let compiled = rules.compiled { host.load(compiled) } }
    checkAssumptions(setups, host)
    if !diagnostics.contains(where: { $0.severity == .error }) { self.host = host }
  }

  /// Reads a set file into the host's sets.
  private mutating func load(_ text: String, _ file: String, on host: inout LinuxHost) {
    let result = SetFileParser.parse(Array(text.utf8), file: file, into: host.sets)
    diagnostics += result.diagnostics
    host.sets = result.sets
  }

  /// The link-local address that the kernel gives an Ethernet interface by itself, where IPv6 is used and none is written (kernel:
  /// `addrconf_addr_gen`, `addrconf_ifid_eui48`; RFC 4291, appendix A).
  private func linkLocalAddress(of interface: Interface, with addresses: [InterfaceAddress]) -> InterfaceAddress? {
    let own = addresses.filter { $0.address.family == .ipv6 }
    guard interface.isUp, !own.isEmpty, !own.contains(where: { $0.address.isLinkLocal }), let mac = interface.mac,
      mac.count == 6
    else { return nil }
    let bytes = [mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]]
    let low = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return InterfaceAddress(.v6(0xfe80 << 48, low), prefixLength: 64)
  }

  private mutating func addNeighbour(
    _ words: String, _ range: SourceRange, to host: inout LinuxHost
  ) throws(HostError) {
    do throws(HostError) { try host.addNeighbour(words) } catch {
      complain(.badNeighbour, range, error.message, help: error.help)
    }
  }

  /// What an imported file says, with the places of its lines.
  private mutating func read(
    _ output: SavedOutput, _ family: AddressFamily?, _ path: String, _ range: SourceRange
  ) -> [(FlowSetup, SourceRange)] {
    guard let contents = contents(path, range) else { return [] }
    let file = nameOfRules(path, range)
    let lines = contents.split(omittingEmptySubsequences: false, whereSeparator: { $0.isNewline })
    imported[file] = lines
    imports[file] = range
    let place = { (line: Int) in
      let length = lines.indices.contains(line - 1) ? lines[line - 1].count : 1
      return SourceRange(file: file, line: line, column: 1, length: max(1, length))
    }
    let reader = SavedOutputReader(output, family, contents)
    for problem in reader.problems {
      complain(
        problem.severity == nil ? .badImport : .notModelled, place(problem.line), problem.message, help: problem.help,
        severity: problem.severity)
    }
    return reader.setups.map { ($0.setup, place($0.line)) }
  }

  /// Makes a setting. What is wrong with a value that somebody wrote was said where it stands; an imported file has settings
  /// of all kinds, which are counted.
  private mutating func set(
    _ key: String, _ value: String, _ range: SourceRange, on host: inout LinuxHost
  ) throws(HostError) {
    let isImported = imported[range.file] != nil
    let setting: KernelSetting
    do throws(KernelSettingError) { setting = try KernelSetting(key, value) } catch {
      guard isImported else { throw HostError(error.message, help: error.help) }
      switch error {
      case .name: settings.count(.unknown, key, in: range.file)
      case .readOnly: settings.count(.unused, key, in: range.file)
      case .value: complain(.badSetting, range, error.message, help: error.help, severity: .warning)
      }
      return
    }
    guard isImported else {
      try host.set(setting)
      if setting.isForLaterInterfaces {
        complain(
          .unusedSetting, range,
          "`\(key)` is for interfaces that are made later, and all of the host's are there already",
          help: "set it for an interface" + (setting.mayBeForAll ? ", or for `all`" : ""))
      } else if setting.isDefault, host.interfaces.allSatisfy({ $0.addresses.contains { $0.address.family == .ipv4 } })
      {
        complain(
          .unusedSetting, range,
          "`\(key)` is for interfaces that have no address yet, and every interface of the host has one",
          help: "set it for an interface, or for `all`")
      }
      return
    }
    do throws(HostError) { settings.count(try host.set(setting) ? .used : .unused, key, in: range.file) } catch {
      settings.count(.withoutInterface, key, in: range.file)
    }
  }

  /// A rule about an interface that does not exist never matches; the kernel takes it, since the interface may come.
  private mutating func checkRules(_ setups: [(FlowSetup, SourceRange)], _ host: LinuxHost) {
    for case (.routingRule(let words), let range) in setups where imported[range.file] == nil {
      for name in (try? RoutingRule.parse(words))?.rule.interfaces ?? [] where host.interface(name) == nil {
        let error = host.noInterface(name.description)
        complain(.unknownInterface, range, error.message, help: error.help, severity: .warning)
      }
    }
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

  /// The rules of a file, read and compiled once; its problems are told the first time.
  ///
  /// - Parameter place: its path from where the working directory is, beside which scripts look for files.
  mutating func loadable(_ text: String, _ key: RuleFileKey, at place: String) -> LoadableRules {
    if let known = rules[key] { return known }
    var options = scripts
    let read = scripts.read
    options.read = { name, _ in read(name, place) }
    let fresh = (readRules?(text, key) ?? LoadableRules(text, key, scripts: options))
      .checked(with: present, text: text, file: key.path)
    rules[key] = fresh
    diagnostics += fresh.diagnostics
    return fresh
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
      let parsed = try? Route.parse(words)
    else { return false }
    return host.hasRoute(parsed.route, in: parsed.table ?? parsed.route.usualTable)
  }

  /// Routes through a gateway need the routes to it, which may stand below: tries until nothing changes.
  private mutating func addRoutes(_ routes: [(FlowSetup, SourceRange)], to host: inout LinuxHost) {
    var waiting = routes
    while !waiting.isEmpty {
      var failed: [(FlowSetup, SourceRange, HostError)] = []
      for (setup, range) in waiting {
        guard case .route(let words) = setup, !isThere(words, host) else { continue }
        do throws(HostError) { try host.addRoute(words) } catch { failed.append((setup, range, error)) }
      }
      if failed.count == waiting.count {
        for (_, range, error) in failed { complain(.badRoute, range, error.message, help: error.help) }
        break
      }
      waiting = failed.map { ($0.0, $0.1) }
    }
  }
}

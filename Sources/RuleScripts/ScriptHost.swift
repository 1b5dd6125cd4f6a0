// The system that a script of iptables commands works on: tables of both families, and what else it changes.

import NetfilterModel
import ShellScript

/// What a script's commands act on.
struct ScriptHost: ShellHost {
  var tables = CommandTables(family: .ipv4)
  var tables6 = CommandTables(family: .ipv6)
  /// Refused commands, lines that are not read, and what else is to be said.
  var diagnostics: [Diagnostic] = []
  /// What the script changes of the host besides.
  var changes: [ScriptChange] = []
  /// Commands that count as having succeeded, with the line of the first and how many there are.
  var assumed: [(name: String, line: Int, file: String, count: Int)] = []
  /// How many commands of iptables ran.
  var commands = 0
  var refusals = 0
  /// How many lines were not read.
  var unread = 0
  var hasNftTool = false

  /// The most problems of a script that are kept.
  static let mostDiagnostics = 1000
  /// The most changes of the host that are kept.
  static let mostChanges = 10_000

  func isSame(as other: ScriptHost) -> Bool {
    unread == other.unread && tables.saved(counters: true) == other.tables.saved(counters: true)
      && tables6.saved(counters: true) == other.tables6.saved(counters: true)
      && changes.map { $0.change } == other.changes.map { $0.change }
  }

  func has(command: String) -> Bool {
    guard CommandTool(word: command) != nil else { return false }
    let folders = command.split(separator: "/").dropLast().joined(separator: "/")
    return command.utf8.first != 0x2f || ["sbin", "usr/sbin", "bin", "usr/bin", "usr/local/sbin"].contains(folders)
  }

  mutating func write(_ text: ShellValue, to path: String, file: String, place: ShellPlace) {
    if let change = HostChange(path: path, text: text.text), text.isKnown { note(change, file, place) }
    assume("> \(path)", file, place)
  }

  mutating func run(_ call: ShellCall) -> ShellAnswer {
    guard let first = call.words.first else { return ShellAnswer(status: .known(0)) }
    guard first.isKnown else { return unread(call, "the name of the command is not known", first.unknown) }
    if let tool = CommandTool(word: first.text) { return run(tool, call) }
    return system(first.text, call)
  }

  // MARK: iptables and its like

  private mutating func run(_ tool: CommandTool, _ call: ShellCall) -> ShellAnswer {
    if tool.isNft, !hasNftTool {
      hasNftTool = true
      say(.nftTool, .note, call, "`\(call.words[0].text)` is read as the legacy tool, for tables of their own")
    }
    for word in call.words {
      if let unknown = word.unknown { return unread(call, "a word of the command is not known", unknown) }
    }
    commands += 1
    let arguments = call.words.dropFirst().map { $0.text }
    let outcome: CommandOutcome
    switch tool.kind {
    case .command:
      outcome =
        tool.family == .ipv4
        ? tables.run(
          arguments, calledAs: call.words[0].text, file: call.file, line: call.place.line,
          column: call.place.column)
        : tables6.run(
          arguments, calledAs: call.words[0].text, file: call.file, line: call.place.line, column: call.place.column)
    case .save: outcome = save(tool, arguments, call)
    case .restore:
      guard let restored = restore(tool, arguments, call) else {
        return ShellAnswer(status: .assumed(ShellUnknown(line: call.place.line, what: "`\(tool.name)`")))
      }
      outcome = restored
    }
    return answer(tool, call, outcome)
  }

  private mutating func answer(_ tool: CommandTool, _ call: ShellCall, _ outcome: CommandOutcome) -> ShellAnswer {
    var answer = ShellAnswer(status: .known(outcome.status))
    for remark in outcome.remarks { append(remark) }
    if var problem = outcome.unread {
      problem.id = .lineNotRead
      problem.severity = .error
      append(problem)
      answer.status = .assumed(ShellUnknown(line: call.place.line, what: "how `\(tool.name)` ends"))
      return answer
    }
    let unknown = ShellUnknown(line: call.place.line, what: "what `\(tool.name)` says")
    answer.output = outcome.output.map { ShellValue($0) } ?? ShellValue(unknown: unknown)
    if let message = outcome.message {
      answer.error = ShellValue(message)
    } else {
      answer.error = ShellValue(unknown: unknown)
    }
    if outcome.isRefused {
      refusals += 1
      let place = SourceRange(file: call.file, line: call.place.line, column: call.place.column)
      let problem =
        outcome.problem
        ?? Diagnostic(
          .commandRefused, at: place, "`\(tool.name)` cannot be called like this", sourceLine: ScriptHost.text(call))
      var refused = problem
      refused.id = .commandRefused
      refused.severity = .warning
      refused.message = ScriptHost.firstLine(outcome.message) ?? problem.message
      refused.message += " (status \(outcome.status))"
      if ScriptHost.firstLine(outcome.message) != nil, refused.help == nil { refused.help = problem.message }
      if call.words.contains(where: { $0.text.utf8.last == 0x0d }) {
        refused.help =
          "the line ends with a carriage return, which counts as part of its last word: save the script with Unix line ends"
      }
      append(refused)
    }
    return answer
  }

  /// The first line of a message that says something.
  private static func firstLine(_ message: String?) -> String? {
    guard let message else { return nil }
    let lines = message.split(separator: "\n")
    // The message of the nat table begins on the second line.
    if let first = lines.first, first.hasSuffix(": "), lines.count > 1 { return String(first) + String(lines[1]) }
    return lines.first.map { String($0) }
  }

  private mutating func save(_ tool: CommandTool, _ arguments: [String], _ call: ShellCall) -> CommandOutcome {
    let options = SaveCall(arguments, calledAs: call.words[0].text, family: tool.family)
    var outcome = tool.family == .ipv4 ? tables.save(options) : tables6.save(options)
    if let path = options.path, outcome.status == 0, options.end == nil {
      assume("> \(path)", call.file, call.place)
      outcome.output = ""
    }
    return outcome
  }

  /// What iptables-restore does with a file, or with what stands on standard input; nil for what is not known.
  private mutating func restore(_ tool: CommandTool, _ arguments: [String], _ call: ShellCall) -> CommandOutcome? {
    let options = RestoreCall(arguments, calledAs: call.words[0].text, family: tool.family)
    if let end = options.end { return end }
    let path = options.path
    let text = path.map { call.read($0) } ?? call.input
    guard let text else {
      say(.lineNotRead, .error, call, "`\(tool.name)` reads what is typed")
      return nil
    }
    if let unknown = text.unknown {
      say(
        .lineNotRead, .error, call, "`\(tool.name)` loads what is not known: \(unknown.what)",
        help: "put the file beside the script, or give the folder that stands for `/` with --root")
      return nil
    }
    let bytes = Array(text.text.utf8)
    // A here-document has lines of the script: what is said points at them.
    var place = RestorePlace.below(0)
    if path == nil { place = call.inputLine.map { .below($0 - 1) } ?? .at(line: call.place.line) }
    let name = path ?? call.file
    return tool.family == .ipv4
      ? tables.restore(bytes, file: name, call: options, at: place)
      : tables6.restore(bytes, file: name, call: options, at: place)
  }

  // MARK: Other commands

  private mutating func system(_ name: String, _ call: ShellCall) -> ShellAnswer {
    let arguments = call.words.dropFirst().map { $0.text }
    let base = name.split(separator: "/").last.map { String($0) } ?? name
    if let known = ScriptHost.known(base, arguments) {
      var answer = ShellAnswer(status: .known(0))
      answer.output = ShellValue(known + "\n")
      return answer
    }
    let why = ShellUnknown(line: call.place.line, what: "what `\(base)` says")
    let kind = SystemCommand(name, arguments)
    if case .elsewhere = kind {
      assume(base, call.file, call.place)
      return ShellAnswer(status: .assumed(why))
    }
    let callsTool = call.words.dropFirst().contains { CommandTool(word: $0.text) != nil && $0.isKnown }
    let isService =
      ["service", "systemctl", "invoke-rc.d", "rc-service"].contains(base) || name.hasPrefix("/etc/init.d/")
    if base.hasPrefix("iptables") || base.hasPrefix("ip6tables") || callsTool && !isService && base != "which" {
      return unread(call, "`\(base)` is not read, and it may change the rules", nil)
    }
    if changesRules(base, name, arguments), !(tables.isEmpty && tables6.isEmpty) {
      return unread(call, "`\(base)` changes the rules by itself", nil)
    }
    for word in call.words {
      if word.unknown != nil {
        assume(base, call.file, call.place)
        var answer = ShellAnswer(status: .assumed(why))
        if case .acts = kind { answer.status = .known(0) } else { answer.output = ShellValue(unknown: why) }
        return answer
      }
    }
    for change in SystemCommand.changes(name, arguments) { note(change, call.file, call.place) }
    assume(base, call.file, call.place)
    switch kind {
    case .acts: return ShellAnswer(status: .known(0))
    case .reports:
      var answer = ShellAnswer(status: .known(0))
      answer.output = ShellValue(unknown: why)
      return answer
    case .elsewhere, .unknown:
      var answer = ShellAnswer(status: .assumed(why))
      answer.output = ShellValue(unknown: why)
      return answer
    }
  }

  /// What a command prints on every Linux where root runs it.
  private static func known(_ name: String, _ arguments: [String]) -> String? {
    switch (name, arguments) {
    case ("id", ["-u"]), ("id", ["-ru"]), ("id", ["-u", "root"]): "0"
    case ("id", ["-un"]), ("whoami", []): "root"
    case ("uname", []), ("uname", ["-s"]): "Linux"
    default: nil
    }
  }

  /// Whether a command loads or drops rules that some file or daemon keeps.
  private func changesRules(_ base: String, _ name: String, _ arguments: [String]) -> Bool {
    if ["ufw", "firewall-cmd", "shorewall", "ferm", "netfilter-persistent", "iptables-persistent", "csf"].contains(base)
    {
      return !arguments.contains("save") && !arguments.contains("status")
    }
    let services = [
      "iptables", "ip6tables", "netfilter-persistent", "iptables-persistent", "firewalld", "ufw", "shorewall",
    ]
    let acts = arguments.contains {
      ["start", "stop", "restart", "reload", "force-reload", "try-restart"].contains($0)
    }
    guard acts else { return false }
    if name.hasPrefix("/etc/init.d/") || name.hasPrefix("/etc/rc.d/") { return services.contains(base) }
    guard ["service", "systemctl", "invoke-rc.d", "rc-service"].contains(base) else { return false }
    return arguments.contains { word in services.contains { $0 == word || $0 + ".service" == word } }
  }

  // MARK: Notes

  private mutating func note(_ change: HostChange, _ file: String, _ place: ShellPlace) {
    guard changes.count < ScriptHost.mostChanges else { return }
    changes.append(
      ScriptChange(change: change, range: SourceRange(file: file, line: place.line, column: place.column)))
  }

  private mutating func assume(_ name: String, _ file: String, _ place: ShellPlace) {
    if let index = assumed.firstIndex(where: { $0.name == name }) {
      assumed[index].count += 1
    } else if assumed.count < 1000 {
      assumed.append((name, place.line, file, 1))
    }
  }

  private mutating func append(_ diagnostic: Diagnostic) {
    if diagnostic.severity == .error { unread += 1 }
    if diagnostics.count < ScriptHost.mostDiagnostics
      || diagnostic.severity == .error && unread < ScriptHost.mostDiagnostics
    {
      diagnostics.append(diagnostic)
    }
  }

  private mutating func say(
    _ id: DiagnosticID, _ severity: Severity, _ call: ShellCall, _ message: String, help: String? = nil
  ) {
    append(
      Diagnostic(
        id, severity, at: SourceRange(file: call.file, line: call.place.line, column: call.place.column), message,
        help: help, sourceLine: ScriptHost.text(call)))
  }

  /// A command that cannot be read: what comes of the script is not known.
  private mutating func unread(_ call: ShellCall, _ message: String, _ unknown: ShellUnknown?) -> ShellAnswer {
    let what = unknown.map { ": \($0.what)" } ?? ""
    let from = unknown.map { $0.line != call.place.line ? ", of line \($0.line)" : "" } ?? ""
    say(
      .lineNotRead, .error, call, message + what + from,
      help: unknown?.variable.map { "say what it is: --set \($0)=VALUE" })
    return ShellAnswer(status: .assumed(unknown ?? ShellUnknown(line: call.place.line, what: "how the command ends")))
  }

  /// The command with its variables replaced.
  private static func text(_ call: ShellCall) -> String {
    var text = ""
    for word in call.words {
      if !text.isEmpty { text += " " }
      text += word.isKnown ? word.text : "\(word.text)?"
      if text.utf8.count > 2000 { return text }
    }
    return text
  }
}

// A script of iptables commands, read to the rules that it makes.

import NetfilterModel
import ShellScript

/// What a script of iptables commands comes to.
public struct RuleScript: Sendable {
  /// The tables of iptables.
  public var ruleset: Ruleset
  /// The tables of ip6tables.
  public var ruleset6: Ruleset
  /// Problems: refused commands as warnings, lines that were not read as errors, and what counts as done as notes.
  public var diagnostics: [Diagnostic]
  /// What the script would write to standard output; what of it is not known is left out, and then `isOutputWhole` is false.
  public var output: String
  /// What it would write to standard error, without the shell's own complaints.
  public var errors: String
  /// Whether all of `output` and `errors` is known.
  public var isOutputWhole: Bool
  /// Its exit status; nil when that is not known.
  public var status: Int?
  /// What it changes of the host besides its rules.
  public var changes: [ScriptChange]

  /// Whether a line was not read, so that the rules are not known.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// The tables of a family.
  public subscript(family: AddressFamily) -> Ruleset { family == .ipv4 ? ruleset : ruleset6 }

  /// Whether a text is a script and not a rule file: its first line names a shell (`#!/bin/sh`), or its first line that is neither
  /// empty nor a comment begins with a command or an assignment, and not as the lines of rule files do.
  public static func isScript(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: "#!".utf8) {
      let line = bytes.prefix(200).prefix { $0 != 0x0a && $0 != 0x0d }
      return line.split(whereSeparator: { $0 == 0x20 || $0 == 0x2f }).contains { $0.suffix(2).elementsEqual("sh".utf8) }
    }
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
      let line = bytes[start..<end].drop { $0 == 0x20 || $0 == 0x09 }.prefix(300)
      start = end + 1
      guard let first = line.first, first != 0x23, first != 0x0d else { continue }
      if [0x2a, 0x3a, 0x2d, 0x5b].contains(first) && line.startIndex == line.startIndex {
        return first == 0x5b && line.starts(with: "[ ".utf8)
      }
      return begins(String(decoding: line, as: UTF8.self))
    }
    return false
  }

  private static func begins(_ line: String) -> Bool {
    var words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == ";" }[...]
    guard var first = words.first else { return false }
    if first == "sudo" {
      words = words.dropFirst()
      first = words.first ?? first
    }
    if CommandTool(word: first) != nil { return true }
    // `$IPT -A ...`, `"$IPT" ...`, `NAME=value`, `name() {`, `. file`.
    if first.utf8.first == 0x24 || first.hasPrefix("\"$") { return true }
    let name = first.utf8.prefix {
      $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x41 && $0 <= 0x5a || $0 == 0x5f || $0 >= 0x30 && $0 <= 0x39
    }
    let rest = first.utf8.dropFirst(name.count)
    if !name.isEmpty, rest.first == 0x3d || rest.starts(with: "()".utf8) { return true }
    return [
      "if", "for", "while", "case", "set", "export", "function", "echo", "printf", "modprobe", "sysctl", ".", "source",
      "readonly", "declare",
      "exec", "cd", "umask", "trap", "test", "command", "unset", "shopt", "exit", "/sbin/modprobe",
    ].contains { $0 == first }
  }

  /// Reads a script.
  ///
  /// - Parameters:
  ///   - bytes: the script.
  ///   - file: the path by which it is called.
  ///   - options: its arguments, and what is said about the system.
  /// - Returns: what it comes to; never fails.
  public static func read(_ bytes: [UInt8], file: String, options: ScriptOptions = ScriptOptions()) -> RuleScript {
    var own = ShellOptions(name: file)
    own.arguments = options.arguments
    own.variables = options.variables
    own.answers = options.answers
    let read = options.read
    own.read = { read($0, file) }
    if let most = options.mostCommands { own.mostSteps = most }
    var shell = ShellInterpreter(host: ScriptHost(), dialect: ShellDialect(script: bytes), options: own)
    shell.run(bytes)
    var status: Int?
    if case .known(let code) = shell.status { status = code }
    if case .assumed = shell.status { status = 0 }
    return RuleScript(
      ruleset: shell.host.tables.ruleset, ruleset6: shell.host.tables6.ruleset,
      diagnostics: diagnostics(shell, bytes, file), output: shell.output.text, errors: shell.errors.text,
      isOutputWhole: shell.output.isKnown && shell.errors.isKnown, status: status, changes: shell.host.changes)
  }

  private static func diagnostics(
    _ shell: ShellInterpreter<ScriptHost>, _ bytes: [UInt8], _ file: String
  ) -> [Diagnostic] {
    var result = shell.host.diagnostics
    let lines = SourceLines(bytes)
    for note in shell.notes {
      let (id, severity): (DiagnosticID, Severity) =
        switch note.kind {
        case .unread: (.lineNotRead, .error)
        case .broken: (.scriptBroken, .error)
        case .remark: (.scriptRemark, .note)
        }
      result.append(
        Diagnostic(
          id, severity, at: SourceRange(file: note.file, line: note.place.line, column: note.place.column),
          note.message,
          help: note.help, sourceLine: note.file == file ? lines.line(note.place.line) : ""))
    }
    result.sort { ($0.range.line, $0.range.column) < ($1.range.line, $1.range.column) }
    if let first = shell.host.assumed.first {
      let list = shell.host.assumed.map { $0.count > 1 ? "`\($0.name)` (\($0.count) times)" : "`\($0.name)`" }
      result.append(
        Diagnostic(
          .commandAssumed, .note, at: SourceRange(file: first.file, line: first.line, column: 1),
          "not done here, and taken as done: " + list.prefix(20).joined(separator: ", ")
            + (list.count > 20 ? " and \(list.count - 20) others" : "")))
    }
    return result
  }
}

// The commands that a shell has itself.

extension ShellInterpreter {
  /// Runs a builtin; nil when there is none of this name.
  mutating func builtin(_ name: String, _ words: [ShellValue], _ place: ShellPlace) -> ShellFlow? {
    switch name {
    case ":", "true":
      status = .success
      return .next
    case "false":
      status = .failure
      return .next
    case "echo": echo(words, place)
    case "printf": printf(words, place)
    case "test": status = test(words, place)
    case "[":
      guard words.last?.text == "]" else {
        status = .known(2)
        return .next
      }
      status = test(Array(words.dropLast()), place)
    case "exit", "return":
      if let code = words.first {
        status = code.unknown.map { .unknown($0) } ?? .known((Int(code.text) ?? 2) & 0xff)
      }
      return name == "exit" ? .exit : .back
    case "break", "continue":
      let count = max(1, Int(words.first?.text ?? "1") ?? 1)
      status = .success
      return name == "break" ? .leave(count) : .again(count)
    case "shift":
      let count = Int(words.first?.text ?? "1") ?? 1
      guard count >= 0, count <= scope.arguments.count else {
        status = .failure
        return .next
      }
      scope.arguments.removeFirst(count)
      status = .success
    case "set":
      guard set(words, place) else { return .exit }
    case "shopt":
      guard dialect == .bash else { return nil }
      shopt(words)
    case "unset":
      for word in words where !word.text.hasPrefix("-") {
        if words.first?.text == "-f" { scope.functions[word.text] = nil } else { unset(word.text, place) }
      }
      status = .success
    case "export", "readonly", "local", "declare", "typeset": declare(name, words, place)
    case "eval":
      var text = ""
      for word in words {
        if let unknown = word.unknown {
          note(.unread, place, "`eval` of what is not known: \(unknown.what)")
          status = .unknown(unknown)
          return .next
        }
        text += (text.isEmpty ? "" : " ") + word.text
      }
      return run(text: Array(text.utf8), firstLine: place.line)
    case ".", "source": return source(words, place)
    case "read": read(words, place)
    case "type", "hash", "which": locate(name, words, place)
    case "command", "builtin": return commandBuiltin(name, words, place)
    case "exec":
      guard !words.isEmpty else { return .next }
      let flow = dispatch(words, place)
      return flow == .stop ? .stop : .exit
    case "sudo", "doas", "nice", "nohup", "env", "busybox", "ionice", "/usr/bin/env", "/usr/bin/sudo", "timeout":
      return wrapped(name, words, place)
    case "sh", "bash", "/bin/sh", "/bin/bash", "dash": return shell(words, place)
    case "let":
      var value = ShellValue("0")
      for word in words { value = word.isKnown ? arithmetic(word.text, place) : word }
      status = value.unknown.map { .unknown($0) } ?? .known(value.text == "0" ? 1 : 0)
    case "trap": trap(words, place)
    case "alias": alias(words, place)
    case "unalias":
      for word in words { if word.text == "-a" { aliases = [:] } else { aliases[word.text] = nil } }
      status = .success
    case "cd": changeFolder(words, place)
    case "pushd", "popd":
      guard dialect == .bash else { return nil }
      scope.folder = .unknown(ShellUnknown(line: place.line, what: "the folder behind `\(name)`"))
      status = .success
    case "wait", "umask", "ulimit", "times", "jobs", "bg", "fg", "complete", "enable", "setopt", "emulate":
      status = .success
    case "getopts": getopts(words, place)
    case "mapfile", "readarray":
      guard dialect == .bash else { return nil }
      mapfile(words, place)
    case "xargs", "/usr/bin/xargs": return xargs(words, place)
    default: return nil
    }
    return .next
  }

  // MARK: Output

  /// `echo`; `escapes` says whether escapes count without `-e`, nil that the shell decides.
  mutating func echo(_ words: [ShellValue], _ place: ShellPlace, escapes: Bool? = nil) {
    var words = words[...]
    var hasNewline = true
    let isPosix = dialect == .posix && escapes == nil
    var escapes = escapes ?? (dialect == .posix)
    while let first = words.first, first.isKnown, first.text.hasPrefix("-"), first.text.utf8.count > 1 {
      if isPosix {
        guard first.text == "-n" else { break }
      } else {
        guard first.text.dropFirst().allSatisfy({ $0 == "n" || $0 == "e" || $0 == "E" }) else { break }
      }
      for letter in first.text.dropFirst() {
        if letter == "n" { hasNewline = false }
        if letter == "e" { escapes = true }
        if letter == "E" { escapes = false }
      }
      words.removeFirst()
    }
    var value = ShellValue("")
    for (index, word) in words.enumerated() {
      if index > 0 { value.text += " " }
      value.text += word.text
      if value.unknown == nil { value.unknown = word.unknown }
      if isTooLong(value, place) { return }
    }
    if escapes {
      var stops = false
      value.text = ShellEscapes.text(value.text, isPosix ? .posixEcho : .echo, &stops)
      if stops { hasNewline = false }
    }
    if hasNewline { value.text += "\n" }
    write(value, to: 1, place)
    status = .success
  }

  private mutating func printf(_ words: [ShellValue], _ place: ShellPlace) {
    status = .success
    var words = words
    if words.first?.text == "-v", words.count > 1 {
      let name = words[1].text
      let sink = newSink()
      let before = scope.descriptors[1]
      scope.descriptors[1] = .sink(sink)
      printf(Array(words.dropFirst(2)), place)
      scope.descriptors[1] = before
      assign(name, value(of: sinks[sink]), place)
      return
    }
    if words.first?.text == "--" { words.removeFirst() }
    guard let format = words.first else {
      status = .known(2)
      return
    }
    guard format.isKnown else {
      write(format, to: 1, place)
      return
    }
    var arguments = words.dropFirst()
    var result = ShellValue("")
    var stops = false
    repeat {
      let before = arguments.count
      formatOnce(format.text, &arguments, &result, &stops, place)
      if arguments.count == before { break }
    } while !arguments.isEmpty && !stops && result.text.utf8.count < 1 << 20
    write(result, to: 1, place)
  }

  private mutating func formatOnce(
    _ format: String, _ arguments: inout ArraySlice<ShellValue>, _ result: inout ShellValue, _ stops: inout Bool,
    _ place: ShellPlace
  ) {
    var rest = Substring(format)
    while let first = rest.first {
      if isTooLong(result, place) { return }
      rest = rest.dropFirst()
      if first == "\\" {
        let piece = "\\" + rest.prefix(4)
        // One escape at a time: its length is what it consumes.
        var consumed = 1
        if let next = rest.first, next >= "0", next <= "7" {
          consumed = rest.prefix(3).prefix { $0 >= "0" && $0 <= "7" }.count
        } else if rest.first == "x", dialect == .bash {
          consumed = 1 + rest.dropFirst().prefix(2).prefix { $0.isHexDigit }.count
        }
        result.text += ShellEscapes.text(String(piece.prefix(1 + consumed)), .printf, &stops)
        rest = rest.dropFirst(consumed)
        if stops { return }
        continue
      }
      guard first == "%" else {
        result.text.append(first)
        continue
      }
      var flags = ""
      while let next = rest.first, "-+ 0#123456789.".unicodeScalars.contains(next.unicodeScalars.first ?? "x") {
        flags.append(next)
        rest = rest.dropFirst()
      }
      guard let kind = rest.first else {
        result.text += "%" + flags
        return
      }
      rest = rest.dropFirst()
      if kind == "%" {
        result.text += "%"
        continue
      }
      let argument =
        arguments.popFirst() ?? ShellValue(kind == "s" || kind == "b" || kind == "q" || kind == "c" ? "" : "0")
      if let unknown = argument.unknown {
        if result.unknown == nil { result.unknown = unknown }
        continue
      }
      var text = argument.text
      switch kind {
      case "s": break
      case "q" where dialect == .bash && ShellParser.isName(text): break
      case "b": text = ShellEscapes.text(text, .argument, &stops)
      case "c": text = String(text.prefix(1))
      case "d", "i", "u":
        let value = text.isEmpty ? ShellValue("0") : arithmetic(text, place)
        if let unknown = value.unknown { result.unknown = result.unknown ?? unknown }
        text = value.text
      case "x", "X", "o":
        let value = text.isEmpty ? ShellValue("0") : arithmetic(text, place)
        if let unknown = value.unknown { result.unknown = result.unknown ?? unknown }
        text = String(UInt(bitPattern: Int(value.text) ?? 0), radix: kind == "o" ? 8 : 16, uppercase: kind == "X")
      default:
        result.unknown = result.unknown ?? ShellUnknown(line: place.line, what: "the form `%\(kind)` of `printf`")
      }
      result.text += padded(text, flags, isNumber: kind != "s" && kind != "b" && kind != "c")
    }
  }

  private func padded(_ text: String, _ flags: String, isNumber: Bool) -> String {
    if flags.isEmpty { return text }
    var text = text
    let isLeft = flags.hasPrefix("-")
    let digits = flags.drop { $0 == "-" || $0 == "+" || $0 == " " || $0 == "#" }
    let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let width = min(Int(parts.first ?? "") ?? 0, 10_000)
    if parts.count > 1, !isNumber, let most = Int(parts[1].isEmpty ? "0" : parts[1]), most >= 0 {
      text = String(text.prefix(most))
    }
    let fill = width - text.count
    if fill <= 0 { return text }
    let isZero = isNumber && !isLeft && (parts.first?.hasPrefix("0") ?? false)
    let filling = String(repeating: isZero ? "0" : " ", count: fill)
    return isLeft ? text + filling : filling + text
  }

  // MARK: The shell itself

  private mutating func declare(_ name: String, _ words: [ShellValue], _ place: ShellPlace) {
    status = .success
    var flags: [Character] = []
    for word in words {
      if word.isKnown, word.text.hasPrefix("-") || word.text.hasPrefix("+") {
        if word.text.hasPrefix("-") { flags += word.text.dropFirst() }
        continue
      }
      let parts = word.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let variable = String(parts.first ?? "")
      guard ShellParser.isName(variable) else {
        if word.isKnown { status = .failure }
        continue
      }
      if flags.contains("f") || flags.contains("p") { continue }
      prepare(name, flags, variable, place)
      if parts.count > 1 || !word.isKnown {
        var value = ShellValue(parts.count > 1 ? String(parts[1]) : "")
        value.unknown = word.unknown
        assign(variable, value, place)
      } else if name == "local", scope.variables[variable] == nil, dialect == .posix,
        let before = scope.shadowed.last?[variable] ?? nil
      {
        // dash: a local variable without a value keeps the one that it had.
        scope.variables[variable] = before
      }
      finish(name, flags, variable)
    }
  }

  private mutating func source(_ words: [ShellValue], _ place: ShellPlace) -> ShellFlow {
    guard let path = words.first else {
      status = .known(2)
      return .next
    }
    let text = contents(of: path, place)
    guard text.isKnown else {
      note(
        .unread, place, "\(text.unknown?.what ?? "the file") is not known, and the script runs it",
        help: "put the file beside the script, or give the folder that stands for `/` with --root")
      status = .success
      return .next
    }
    let before = (scope.file, scope.arguments)
    scope.file = path.text
    if words.count > 1, dialect == .bash { scope.arguments = Array(words.dropFirst()) }
    let flow = run(text: Array(text.text.utf8), firstLine: 1)
    scope.file = before.0
    if words.count > 1, dialect == .bash { scope.arguments = before.1 }
    return flow == .back ? .next : flow
  }

  private mutating func shell(_ words: [ShellValue], _ place: ShellPlace) -> ShellFlow? {
    var words = words[...]
    var command: ShellValue?
    while let word = words.first, word.isKnown, word.text.hasPrefix("-"), word.text != "-" {
      words.removeFirst()
      if word.text.utf8.dropFirst().contains(0x63) {
        command = words.popFirst()
        break
      }
    }
    var text: ShellValue
    var name = "sh"
    if let command {
      text = command
    } else if let path = words.popFirst() {
      text = contents(of: path, place)
      name = path.text
    } else if let input = readInput() {
      text = input
    } else {
      return nil
    }
    guard text.isKnown else {
      note(.unread, place, "\(text.unknown?.what ?? "the script") is not known, and a shell runs it")
      status = .success
      return .next
    }
    if command != nil, !words.isEmpty { words.removeFirst() }
    let arguments = Array(words)
    let source = text.text
    let flow = subshell { (shell) in
      shell.scope.arguments = arguments
      if command == nil { shell.scope.file = name }
      shell.scope.functions = [:]
      shell.scope.exitsOnError = false
      return shell.run(text: Array(source.utf8), firstLine: command == nil ? 1 : place.line)
    }
    return flow
  }

  // MARK: Commands that run or find others

  /// Whether a name is known to be a command.
  func finds(_ name: String) -> Bool {
    scope.functions[name] != nil || ShellInterpreter.builtins.contains(name) || host.has(command: name)
  }

  private static var builtins: [String] {
    [
      ":", "true", "false", "echo", "printf", "test", "[", "exit", "return", "break", "continue", "shift", "set",
      "unset",
      "export", "readonly", "local", "eval", ".", "read", "type", "command", "exec", "trap", "wait", "umask", "cd",
      "pwd",
      "hash", "getopts", "ulimit", "alias",
    ]
  }

  /// `which`, `type`, `hash`, `command -v`.
  private mutating func locate(_ command: String, _ words: [ShellValue], _ place: ShellPlace) {
    status = .success
    for word in words where !(word.isKnown && word.text.hasPrefix("-")) {
      if let unknown = word.unknown {
        status = .unknown(unknown)
        continue
      }
      let name = word.text.split(separator: "/").last.map { String($0) } ?? word.text
      if command != "which", scope.functions[word.text] != nil || ShellInterpreter.builtins.contains(word.text) {
        if command != "hash" { write(ShellValue(word.text + "\n"), to: 1, place) }
      } else if host.has(command: word.text) {
        let path = word.text.utf8.first == 0x2f ? word.text : "/usr/sbin/\(name)"
        if command == "type" {
          write(ShellValue("\(name) is \(path)\n"), to: 1, place)
        } else if command != "hash" {
          write(ShellValue(path + "\n"), to: 1, place)
        }
      } else {
        let reason = ShellUnknown(line: place.line, what: "whether there is a command `\(word.text)`")
        status = .unknown(reason)
        write(ShellValue(unknown: ShellUnknown(line: place.line, what: "where `\(word.text)` is")), to: 1, place)
      }
    }
  }

  private mutating func commandBuiltin(_ name: String, _ words: [ShellValue], _ place: ShellPlace) -> ShellFlow {
    guard let first = words.first else {
      status = .success
      return .next
    }
    if first.text == "-v" || first.text == "-V" {
      locate("command", Array(words.dropFirst()), place)
      return .next
    }
    var words = words
    while words.first?.text == "-p" || words.first?.text == "--" { words.removeFirst() }
    guard let command = words.first?.text else { return .next }
    let functions = scope.functions
    scope.functions[command] = nil
    let flow = dispatch(words, place)
    if scope.functions[command] == nil, let function = functions[command] { scope.functions[command] = function }
    return flow
  }

  /// `sudo iptables ...` and its like.
  private mutating func wrapped(_ name: String, _ words: [ShellValue], _ place: ShellPlace) -> ShellFlow? {
    var rest = words[...]
    while let word = rest.first {
      if word.isKnown, word.text.hasPrefix("-") {
        rest.removeFirst()
        let takesValue =
          name.hasSuffix("sudo") && ["-u", "-g", "-p", "-C", "-h"].contains(word.text)
          || name == "nice" && word.text == "-n" || name == "ionice" && ["-c", "-n"].contains(word.text)
          || name == "timeout" && ["-s", "-k"].contains(word.text) || name.hasSuffix("env") && word.text == "-u"
        if takesValue { _ = rest.popFirst() }
        continue
      }
      if name.hasSuffix("env") || name.hasSuffix("sudo"), word.isKnown, let equals = word.text.firstIndex(of: "="),
        ShellParser.isName(String(word.text[..<equals]))
      {
        rest.removeFirst()
        continue
      }
      break
    }
    if name == "timeout" { _ = rest.popFirst() }
    guard let first = rest.first else {
      status = .success
      return name.hasSuffix("env") ? nil : .next
    }
    // No function of the script can be run like this.
    let functions = scope.functions
    if first.isKnown { scope.functions[first.text] = nil }
    let flow = dispatch(Array(rest), place)
    scope.functions = functions
    return flow
  }
}

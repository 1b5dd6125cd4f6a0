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
    case "set": set(words, place)
    case "unset":
      for word in words where !word.text.hasPrefix("-") {
        if words.first?.text == "-f" { scope.functions[word.text] = nil } else { scope.variables[word.text] = nil }
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
    case "trap":
      if let action = words.first, action.isKnown {
        for signal in words.dropFirst() where signal.text == "EXIT" || signal.text == "0" {
          scope.trap = action.text == "-" || action.text.isEmpty ? nil : action.text
        }
      }
      status = .success
    case "wait", "umask", "ulimit", "alias", "unalias", "shopt", "times", "jobs", "bg", "fg", "cd", "pushd", "popd",
      "complete",
      "enable", "setopt", "emulate":
      if name == "alias", !words.isEmpty { note(.remark, place, "aliases are not followed") }
      status = .success
    case "getopts": getopts(words, place)
    default: return nil
    }
    return .next
  }

  // MARK: Output

  private mutating func echo(_ words: [ShellValue], _ place: ShellPlace) {
    var words = words[...]
    var hasNewline = true
    var escapes = dialect == .posix
    while let first = words.first, first.isKnown, first.text.hasPrefix("-"), first.text.utf8.count > 1 {
      if dialect == .posix {
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
      value.text = ShellInterpreter.unescaped(value.text, &stops)
      if stops { hasNewline = false }
    }
    if hasNewline { value.text += "\n" }
    write(value, to: 1, place)
    status = .success
  }

  /// Text with the escapes of `echo` and `printf` replaced; `stops` says that `\c` ends it.
  private static func unescaped(_ text: String, _ stops: inout Bool) -> String {
    guard text.utf8.contains(0x5c) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == 0x5c, index + 1 < bytes.count else {
        result.append(bytes[index])
        index += 1
        continue
      }
      index += 2
      switch bytes[index - 1] {
      case 0x6e: result.append(0x0a)
      case 0x74: result.append(0x09)
      case 0x72: result.append(0x0d)
      case 0x61: result.append(0x07)
      case 0x62: result.append(0x08)
      case 0x66: result.append(0x0c)
      case 0x76: result.append(0x0b)
      case 0x65: result.append(0x1b)
      case 0x5c: result.append(0x5c)
      case 0x63:
        stops = true
        return String(decoding: result, as: UTF8.self)
      case 0x30, 0x31, 0x32, 0x33:
        var value = 0
        var digits = 0
        if bytes[index - 1] != 0x30 { index -= 1 }
        while digits < 3, index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x37 {
          value = value * 8 + Int(bytes[index] - 0x30)
          index += 1
          digits += 1
        }
        result.append(UInt8(truncatingIfNeeded: value))
      default: result += [0x5c, bytes[index - 1]]
      }
    }
    return String(decoding: result, as: UTF8.self)
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
        }
        result.text += ShellInterpreter.unescaped(String(piece.prefix(1 + consumed)), &stops)
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
      case "s", "q": break
      case "b": text = ShellInterpreter.unescaped(text, &stops)
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

  private mutating func set(_ words: [ShellValue], _ place: ShellPlace) {
    status = .success
    var words = words[...]
    while let word = words.first, word.isKnown, word.text.hasPrefix("-") || word.text.hasPrefix("+") {
      words.removeFirst()
      if word.text == "--" {
        scope.arguments = Array(words)
        return
      }
      if word.text == "-" { break }
      let isOn = word.text.hasPrefix("-")
      for letter in word.text.dropFirst() {
        switch letter {
        case "e": scope.exitsOnError = isOn
        case "o":
          if let name = words.popFirst(), name.text == "errexit" { scope.exitsOnError = isOn }
        case "n" where isOn: note(.remark, place, "with `set -n` a shell runs nothing")
        default: break
        }
      }
    }
    if !words.isEmpty { scope.arguments = Array(words) }
  }

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
      prepare(name, flags, variable)
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

  private mutating func read(_ words: [ShellValue], _ place: ShellPlace) {
    var names: [String] = []
    var isRaw = false
    var words = words[...]
    while let word = words.popFirst() {
      if word.text == "-p" || word.text == "-t" || word.text == "-n" || word.text == "-d" || word.text == "-u" {
        _ = words.popFirst()
      } else if word.text == "-a" {
        note(.unread, place, "`read -a` is not read")
      } else if word.text.hasPrefix("-") {
        if word.text.utf8.dropFirst().contains(0x72) { isRaw = true }
      } else {
        names.append(word.text)
      }
    }
    if names.isEmpty { names = ["REPLY"] }
    guard case .input(let index)? = scope.descriptors[0] else {
      let reason = ShellUnknown(line: place.line, what: "what is typed")
      for name in names { assign(name, ShellValue(unknown: reason), place) }
      status = .unknown(reason)
      return
    }
    if let unknown = inputs[index].unknown {
      for name in names { assign(name, ShellValue(unknown: unknown), place) }
      status = .unknown(unknown)
      return
    }
    var line: [UInt8] = []
    var hasNewline = false
    while inputs[index].position < inputs[index].text.count {
      let byte = inputs[index].text[inputs[index].position]
      inputs[index].position += 1
      if byte == 0x5c, !isRaw, inputs[index].position < inputs[index].text.count {
        let next = inputs[index].text[inputs[index].position]
        inputs[index].position += 1
        if next != 0x0a { line.append(next) }
        continue
      }
      if byte == 0x0a {
        hasNewline = true
        break
      }
      line.append(byte)
    }
    status = hasNewline ? .success : .failure
    let separators = scope.variables["IFS"]?.scalar?.text ?? " \t\n"
    let isSeparator = { (character: Character) in separators.unicodeScalars.contains { Character($0) == character } }
    let isBlank = { (character: Character) in isSeparator(character) && (character == " " || character == "\t") }
    var rest = Substring(String(decoding: line, as: UTF8.self)).drop(while: isBlank)
    for (place, name) in names.enumerated() {
      if place == names.count - 1 {
        var last = rest
        while let character = last.last, isBlank(character) { last.removeLast() }
        assign(name, ShellValue(String(last)), ShellPlace(line: 0, column: 0))
      } else {
        let field = rest.prefix { !isSeparator($0) }
        assign(name, ShellValue(String(field)), ShellPlace(line: 0, column: 0))
        rest = rest.dropFirst(field.count).drop(while: isBlank)
        if let next = rest.first, isSeparator(next) { rest = rest.dropFirst().drop(while: isBlank) }
      }
    }
  }

  private mutating func getopts(_ words: [ShellValue], _ place: ShellPlace) {
    guard words.count >= 2, words[0].isKnown else {
      status = .known(2)
      return
    }
    let arguments = words.count > 2 ? Array(words.dropFirst(2)) : scope.arguments
    let index = max(1, Int(scope.variables["OPTIND"]?.scalar?.text ?? "1") ?? 1)
    guard index <= arguments.count, arguments[index - 1].text.hasPrefix("-"), arguments[index - 1].text.utf8.count == 2,
      let letter = arguments[index - 1].text.last
    else {
      if index <= arguments.count, arguments[index - 1].text.utf8.count > 2, arguments[index - 1].text.hasPrefix("-") {
        note(.unread, place, "several options in one word are not read by `getopts`")
      }
      assign(words[1].text, ShellValue("?"), place)
      status = .failure
      return
    }
    let options = Array(words[0].text)
    status = .success
    guard letter != ":", let at = options.firstIndex(of: letter) else {
      assign(words[1].text, ShellValue("?"), place)
      assign("OPTIND", ShellValue("\(index + 1)"), place)
      return
    }
    assign(words[1].text, ShellValue(String(letter)), place)
    if at + 1 < options.count, options[at + 1] == ":" {
      assign("OPTARG", index < arguments.count ? arguments[index] : ShellValue(""), place)
      assign("OPTIND", ShellValue("\(index + 2)"), place)
    } else {
      assign("OPTIND", ShellValue("\(index + 1)"), place)
    }
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

// Compound commands, functions and redirections.

extension ShellInterpreter {
  mutating func run(_ command: ShellCommand) -> ShellFlow {
    guard step(command.place) else { return .stop }
    if case .simple(let assignments, let words) = command.kind {
      return simple(command, assignments, words)
    }
    let before = scope.descriptors
    guard let opened = redirect(command.redirections, command.place) else {
      scope.descriptors = before
      status = .failure
      return .next
    }
    let flow = compound(command)
    close(opened, command.place)
    scope.descriptors = before
    return flow
  }

  private mutating func compound(_ command: ShellCommand) -> ShellFlow {
    switch command.kind {
    case .simple: return .next
    case .group(let body): return run(body)
    case .subshell(let body): return subshell { $0.run(body) }
    case .conditional(let branches, let otherwise): return conditional(branches, otherwise, from: 0, command.place)
    case .loop(let condition, let body, let isUntil): return loop(condition, body, isUntil, command.place)
    case .each(let name, let words, let body): return each(name, words, body, command.place)
    case .count(let start, let condition, let step, let body): return count(start, condition, step, body, command.place)
    case .choice(let word, let cases): return choice(word, cases, command.place)
    case .select(let name, let words, let body): return select(name, words, body, command.place)
    case .function(let name, let function):
      scope.functions[name] = (function, scope.file)
      status = .success
      return .next
    case .test(let words):
      status = doubleBracket(words, command.place)
      return .next
    case .arithmetic(let text):
      let value = arithmetic(text)
      status = value.unknown.map { .unknown($0) } ?? .known(value.text == "0" ? 1 : 0)
      return .next
    }
  }

  /// Runs a condition; its status is asked for.
  private mutating func ask(_ script: ShellScript) -> ShellFlow {
    asked += 1
    defer { asked -= 1 }
    return run(script)
  }

  private mutating func conditional(
    _ branches: [(condition: ShellScript, body: ShellScript)], _ otherwise: ShellScript?, from start: Int,
    _ place: ShellPlace
  ) -> ShellFlow {
    guard start < branches.count else {
      guard let otherwise else {
        status = .success
        return .next
      }
      return run(otherwise)
    }
    let flow = ask(branches[start].condition)
    if flow != .next { return flow }
    guard let isSuccess = status.isSuccess else {
      let line = branches[start].condition.statements.last?.pipelines.last?.pipeline.place ?? place
      return decide(status.reason, line) { (shell, answer) in
        answer
          ? shell.run(branches[start].body) : shell.conditional(branches, otherwise, from: start + 1, place)
      }
    }
    return isSuccess ? run(branches[start].body) : conditional(branches, otherwise, from: start + 1, place)
  }

  /// What a loop does with the end of its body: nil to go on.
  func left(_ flow: ShellFlow) -> ShellFlow? {
    switch flow {
    case .next, .again(1): nil
    case .leave(1): .next
    case .leave(let count): .leave(count - 1)
    case .again(let count): .again(count - 1)
    default: flow
    }
  }

  private mutating func loop(
    _ condition: ShellScript, _ body: ShellScript, _ isUntil: Bool, _ place: ShellPlace
  ) -> ShellFlow {
    var last = ShellStatus.success
    while true {
      guard step(place) else { return .stop }
      let flow = ask(condition)
      if flow != .next { return left(flow) ?? .next }
      guard let isSuccess = status.isSuccess else {
        // Once or not at all: how often is not known.
        return decide(status.reason, place) { (shell, answer) in
          guard answer != isUntil else {
            shell.status = .success
            return .next
          }
          let flow = shell.run(body)
          return shell.left(flow) ?? .next
        }
      }
      if isSuccess == isUntil {
        status = last
        return .next
      }
      let ended = run(body)
      last = status
      if let ended = left(ended) { return ended }
    }
  }

  private mutating func each(
    _ name: String, _ words: [ShellWord]?, _ body: ShellScript, _ place: ShellPlace
  ) -> ShellFlow {
    var values: [ShellValue] = []
    if let words { for word in words { values += fields(word) } } else { values = scope.arguments }
    status = .success
    for value in values {
      guard step(place) else { return .stop }
      if let unknown = value.unknown {
        if let text = options.variables[name] {
          for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }) {
            assign(name, ShellValue(String(word)), place)
            if let ended = left(run(body)) { return ended }
          }
          continue
        }
        // It may be no word, one or many.
        let flow = decide(
          ShellUnknown(line: unknown.line, what: unknown.what, variable: name), place
        ) { (shell, answer) in
          guard answer else { return .next }
          shell.assign(name, ShellValue(unknown: unknown), place)
          return shell.left(shell.run(body)) ?? .next
        }
        if flow != .next { return flow }
        continue
      }
      assign(name, value, place)
      if let ended = left(run(body)) { return ended }
    }
    return .next
  }

  private mutating func count(
    _ start: ShellWord, _ condition: ShellWord, _ step: ShellWord, _ body: ShellScript, _ place: ShellPlace
  ) -> ShellFlow {
    _ = arithmetic(start)
    while true {
      guard self.step(place) else { return .stop }
      let value = condition.parts.isEmpty ? ShellValue("1") : arithmetic(condition)
      guard value.isKnown else {
        note(.unread, place, "how often the loop runs is not known")
        return .next
      }
      if value.text == "0" { return .next }
      if let ended = left(run(body)) { return ended }
      _ = arithmetic(step)
    }
  }

  private mutating func choice(
    _ word: ShellWord, _ cases: [(patterns: [ShellWord], body: ShellScript, goesOn: Bool)], _ place: ShellPlace
  ) -> ShellFlow {
    let subject = value(word)
    return choice(subject, cases, from: 0, place)
  }

  private mutating func choice(
    _ subject: ShellValue, _ cases: [(patterns: [ShellWord], body: ShellScript, goesOn: Bool)], from start: Int,
    _ place: ShellPlace
  ) -> ShellFlow {
    var index = start
    while index < cases.count {
      for word in cases[index].patterns {
        let (pattern, unknown) = pattern(word)
        let isAny = word.literal == "*"
        guard subject.isKnown && unknown == nil || isAny else {
          let at = index
          return decide(subject.unknown ?? unknown, word.place) { (shell, answer) in
            answer ? shell.run(cases[at].body) : shell.choice(subject, cases, from: at + 1, place)
          }
        }
        guard isAny || pattern.matches(subject.text) else { continue }
        status = .success
        var flow = run(cases[index].body)
        while flow == .next, cases[index].goesOn, index + 1 < cases.count {
          index += 1
          flow = run(cases[index].body)
        }
        return flow
      }
      index += 1
    }
    status = .success
    return .next
  }

  /// Calls a function.
  mutating func call(
    _ function: (function: ShellFunction, file: String), _ arguments: [ShellValue], _ place: ShellPlace
  ) -> ShellFlow {
    calls += 1
    defer { calls -= 1 }
    guard calls <= ShellLimits.deepestCall else {
      return stop(place, "more than \(ShellLimits.deepestCall) calls stand inside each other")
    }
    let before = (scope.arguments, scope.file)
    scope.arguments = arguments
    scope.file = function.file
    scope.shadowed.append([:])
    let flow = run(function.function.body)
    if let shadowed = scope.shadowed.popLast() {
      for (name, value) in shadowed { scope.variables[name] = value }
    }
    (scope.arguments, scope.file) = before
    return flow == .back ? .next : flow
  }

  // MARK: Redirections

  /// What a redirection opened for writing: the file, its sink, and how much stood in it before.
  struct OpenedFile {
    var path: String
    var sink: Int
    var start: Int
  }

  /// Opens the files of a command; nil when one cannot be opened.
  mutating func redirect(_ redirections: [ShellRedirection], _ place: ShellPlace) -> [OpenedFile]? {
    var opened: [OpenedFile] = []
    for redirection in redirections {
      if redirection.kind == .hereDocument {
        if case .document(let id)? = redirection.target.parts.first, let document = documents[id] {
          scope.descriptors[redirection.descriptor ?? 0] = newInput(value(document.word), of: document)
        }
        continue
      }
      let target = value(redirection.target)
      switch redirection.kind {
      case .hereString:
        var text = target
        text.text += "\n"
        scope.descriptors[redirection.descriptor ?? 0] = newInput(text)
      case .read, .readWrite:
        scope.descriptors[redirection.descriptor ?? 0] = input(from: target, redirection.target.place)
      case .write, .append:
        open(target, redirection.kind == .append, [redirection.descriptor ?? 1], &opened)
      case .both, .bothAppend:
        open(target, redirection.kind == .bothAppend, [1, 2], &opened)
      case .duplicateInput, .duplicateOutput:
        let own = redirection.descriptor ?? (redirection.kind == .duplicateInput ? 0 : 1)
        if target.text == "-" {
          scope.descriptors[own] = .closed
        } else if let other = Int(target.text) {
          scope.descriptors[own] = scope.descriptors[other] ?? .closed
        }
      case .hereDocument: break
      }
    }
    return opened
  }

  /// What is read from a file: one that the script wrote, one that is known, or what is not known.
  mutating func input(from path: ShellValue, _ place: ShellPlace) -> ShellDescriptor {
    newInput(contents(of: path, place))
  }

  /// The contents of a file, as far as they are known.
  mutating func contents(of path: ShellValue, _ place: ShellPlace) -> ShellValue {
    guard path.isKnown else { return path }
    return ShellInterpreter.contents(path.text, place, scope.folder, files, sinks, options.read)
  }

  static func contents(
    _ path: String, _ place: ShellPlace, _ folder: ShellFolder, _ files: [String: Int], _ sinks: [ShellSink],
    _ read: (String) -> [UInt8]?
  ) -> ShellValue {
    if path == "/dev/null" { return ShellValue("") }
    var path = path
    if !path.hasPrefix("/"), files[path] == nil {
      switch folder {
      case .start, .script: break
      case .known(let folder): path = folder + "/" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
      case .unknown(let reason): return ShellValue(unknown: reason)
      }
    }
    if let sink = files[path], sinks.indices.contains(sink) {
      var value = ShellValue(String(decoding: sinks[sink].text, as: UTF8.self))
      value.unknown = sinks[sink].unknown
      return value
    }
    if let bytes = read(path) { return ShellValue(String(decoding: bytes, as: UTF8.self)) }
    return ShellValue(unknown: ShellUnknown(line: place.line, what: "what stands in `\(path)`"))
  }

  private mutating func open(
    _ path: ShellValue, _ appends: Bool, _ descriptors: [Int], _ opened: inout [OpenedFile]
  ) {
    var descriptor = ShellDescriptor.sink(2)
    if path.isKnown, path.text == "/dev/stdout" { descriptor = scope.descriptors[1] ?? .closed }
    if path.isKnown, path.text == "/dev/stderr" { descriptor = scope.descriptors[2] ?? .closed }
    if path.isKnown, !path.text.hasPrefix("/dev/") {
      let sink = files[path.text] ?? newSink()
      if appends {
        if files[path.text] == nil, let bytes = options.read(path.text) { sinks[sink].text = bytes }
      } else {
        sinks[sink] = ShellSink()
      }
      files[path.text] = sink
      opened.append(OpenedFile(path: path.text, sink: sink, start: sinks[sink].text.count))
      descriptor = .sink(sink)
    }
    for own in descriptors { scope.descriptors[own] = descriptor }
  }

  /// Tells the system what was written to its files.
  mutating func close(_ opened: [OpenedFile], _ place: ShellPlace) {
    for file in opened {
      let text = sinks[file.sink].text
      var value = ShellValue(String(decoding: text[min(file.start, text.count)...], as: UTF8.self))
      value.unknown = sinks[file.sink].unknown
      host.write(value, to: file.path, file: scope.file, place: place)
    }
  }
}

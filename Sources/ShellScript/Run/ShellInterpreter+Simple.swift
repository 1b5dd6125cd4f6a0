// Simple commands: assignments, functions, builtins, commands of the system.

extension ShellInterpreter {
  mutating func simple(
    _ command: ShellCommand, _ assignments: [ShellAssignment], _ words: [ShellWord]
  ) -> ShellFlow {
    substitutionStatus = nil
    var fields: [ShellValue] = []
    fields.reserveCapacity(words.count)
    var marked: Set<Int> = []
    for word in words {
      if word.parts.count == 2, case .text("\u{0}", true) = word.parts[1], case .text(let name, true) = word.parts[0] {
        marked.insert(fields.count)
        fields.append(ShellValue(name))
      } else {
        fields += self.fields(word)
      }
    }
    if let name = unsetName(words, fields) {
      note(
        .unread, command.place, "the command is the value of `\(name)`, which is not set",
        help: "say what it is: --set \(name)=iptables")
      status = .assumed(ShellUnknown(line: command.place.line, what: "the command `$\(name)`", variable: name))
      return .next
    }
    if isEnding { return end() }
    let before = scope.descriptors
    let opened = redirect(command.redirections, command.place) ?? []
    let flow: ShellFlow
    if fields.isEmpty {
      for assignment in assignments { assign(assignment) }
      status = substitutionStatus ?? .success
      if isEnding { return end() }
      flow = .next
    } else if !marked.isEmpty {
      flow = declare(fields, marked, assignments, command.place)
    } else {
      var saved: [(String, ShellVariable?)] = []
      for assignment in assignments {
        saved.append((assignment.name, scope.variables[assignment.name]))
        assign(assignment)
      }
      flow = dispatch(fields, command.place)
      for (name, variable) in saved.reversed() { scope.variables[name] = variable }
    }
    close(opened, command.place)
    // `exec` with redirections alone changes those of the shell itself.
    if !(fields.count == 1 && fields[0].text == "exec") { scope.descriptors = before }
    return isStopped ? .stop : flow
  }

  /// Ends the script where an expansion does.
  private mutating func end() -> ShellFlow {
    isEnding = false
    status = .known(endingStatus)
    endingStatus = 2
    return .exit
  }

  /// The variable that stands for the name of the command and is not set, as in a part of a script; nil for a command with a name.
  private func unsetName(_ words: [ShellWord], _ fields: [ShellValue]) -> String? {
    guard let first = words.first, first.parts.count == 1, case .parameter(let parameter, _) = first.parts[0],
      case .none = parameter.operation, words.count > 1, fields.first?.isKnown ?? true,
      fields.first.map({ $0.text.isEmpty || $0.text.hasPrefix("-") }) ?? true
    else { return nil }
    return parameter.name
  }

  /// Runs a command by its words.
  mutating func dispatch(_ words: [ShellValue], _ place: ShellPlace) -> ShellFlow {
    guard let first = words.first else { return .next }
    guard first.isKnown else {
      external(words, place)
      return .next
    }
    if let function = scope.functions[first.text] { return call(function, Array(words.dropFirst()), place) }
    if let flow = builtin(first.text, Array(words.dropFirst()), place) { return flow }
    if textTool(first.text, Array(words.dropFirst()), place) { return .next }
    external(words, place)
    return .next
  }

  /// Asks the system.
  private mutating func external(_ words: [ShellValue], _ place: ShellPlace) {
    var input: ShellValue?
    var line: Int?
    if case .input(let index)? = scope.descriptors[0] {
      input = rest(of: index)
      if inputs[index].position == 0 { line = inputs[index].line }
    }
    // Only what is read is held: a copy of the system would make each of its changes a copy.
    let (files, sinks, read, folder) = (files, sinks, options.read, scope.folder)
    let answer = host.run(
      ShellCall(words: words, file: scope.file, place: place, input: input, inputLine: line, isAsked: asked > 0) {
        path in
        ShellInterpreter.contents(path, place, folder, files, sinks, read)
      })
    status = answer.status
    write(answer.output, to: 1, place)
    write(answer.error, to: 2, place)
  }

  /// All that is still to be read of an input, without reading it.
  func rest(of index: Int) -> ShellValue {
    let input = inputs[index]
    var value = ShellValue(String(decoding: input.text[min(input.position, input.text.count)...], as: UTF8.self))
    value.unknown = input.unknown
    return value
  }

  /// What stands on standard input, read to its end; nil for a terminal.
  mutating func readInput() -> ShellValue? {
    guard case .input(let index)? = scope.descriptors[0] else { return nil }
    let value = rest(of: index)
    inputs[index].position = inputs[index].text.count
    return value
  }

  // MARK: Declarations

  /// `local`, `declare`, `export`, `readonly` with assignments that are no plain words.
  private mutating func declare(
    _ words: [ShellValue], _ marked: Set<Int>, _ assignments: [ShellAssignment], _ place: ShellPlace
  ) -> ShellFlow {
    let name = words[0].text
    var flags: [Character] = []
    var next = 0
    for (index, word) in words.enumerated().dropFirst() {
      if marked.contains(index) {
        guard next < assignments.count else { break }
        let assignment = assignments[next]
        next += 1
        prepare(name, flags, assignment.name, place)
        assign(assignment)
        finish(name, flags, assignment.name)
      } else if word.text.hasPrefix("-") {
        flags += word.text.dropFirst()
      } else {
        prepare(name, flags, word.text, place)
        finish(name, flags, word.text)
      }
    }
    if name != "local" || status.isSuccess != false { status = .success }
    return .next
  }

  /// Makes a variable local, or an array, before it is assigned.
  mutating func prepare(_ command: String, _ flags: [Character], _ name: String, _ place: ShellPlace) {
    if dialect == .bash, let odd = flags.first(where: { $0 == "n" || $0 == "u" || $0 == "l" }) {
      note(.unread, place, "`\(command) -\(odd)` is not read")
    }
    let isLocal = command == "local" || (command == "declare" || command == "typeset") && !flags.contains("g")
    if isLocal, let last = scope.shadowed.indices.last, scope.shadowed[last][name] == nil {
      scope.shadowed[last][name] = .some(scope.variables[name])
      scope.variables[name] = nil
    }
    if flags.contains("A"), scope.variables[name] == nil {
      scope.variables[name] = ShellVariable(content: .associative(keys: [], values: [:]))
    }
    if flags.contains("i") {
      if scope.variables[name] == nil { scope.variables[name] = ShellVariable(ShellValue("")) }
      scope.variables[name]?.isInteger = true
    }
    if flags.contains("a"), scope.variables[name] == nil {
      scope.variables[name] = ShellVariable(content: .indexed([:]))
    }
  }

  /// Makes a variable a constant, or one of the environment, when it is assigned.
  mutating func finish(_ command: String, _ flags: [Character], _ name: String) {
    if command == "readonly" || flags.contains("r") {
      if scope.variables[name] == nil { scope.variables[name] = ShellVariable(ShellValue("")) }
      scope.variables[name]?.isReadOnly = true
    }
    if command == "export" || flags.contains("x") { scope.variables[name]?.isExported = true }
  }
}

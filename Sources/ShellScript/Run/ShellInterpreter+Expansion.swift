// Words become fields.

/// A piece of a word that was expanded.
enum ShellPiece: Sendable {
  case text(String, isQuoted: Bool)
  /// Text that blanks split.
  case split(String)
  /// The end of a field between the values of `"$@"`.
  case boundary
  case unknown(ShellUnknown)
}

extension ShellInterpreter {
  // MARK: Fields, values, patterns

  /// The fields of a word: expanded, split, quotes removed. Files are not looked for: a pattern stands for itself.
  mutating func fields(_ word: ShellWord) -> [ShellValue] {
    if let literal = word.literal, !literal.isEmpty { return [ShellValue(literal)] }
    var result: [ShellValue] = []
    var current: ShellValue?
    let separators = separators
    for piece in pieces(word) {
      switch piece {
      case .text(let text, _):
        current = joined(current, text)
        if isTooLong(current, word.place) { return [] }
      case .boundary:
        if let value = current { result.append(value) }
        current = nil
      case .unknown(let reason):
        var value = current ?? ShellValue("")
        if value.unknown == nil { value.unknown = reason }
        current = value
      case .split(let text):
        var rest = Substring(text)
        while let first = rest.first {
          if separators.contains(first) {
            if let value = current { result.append(value) }
            current = nil
            if first == " " || first == "\t" || first == "\n" {
              rest = rest.drop { separators.contains($0) && ($0 == " " || $0 == "\t" || $0 == "\n") }
            } else {
              rest = rest.dropFirst()
              if let next = rest.first, separators.contains(next), next != " ", next != "\t", next != "\n" {
                result.append(ShellValue(""))
              }
            }
          } else {
            let part = rest.prefix { !separators.contains($0) }
            current = joined(current, String(part))
            if isTooLong(current, word.place) { return [] }
            rest = rest.dropFirst(part.count)
          }
        }
      }
    }
    if let current { result.append(current) }
    return result
  }

  /// Whether a word grows beyond what may be written; the script then ends.
  mutating func isTooLong(_ value: ShellValue?, _ place: ShellPlace) -> Bool {
    guard let value, value.text.utf8.count > options.mostOutput else { return false }
    _ = stop(place, "a word is longer than \(options.mostOutput >> 20) MiB")
    return true
  }

  private func joined(_ value: ShellValue?, _ text: String) -> ShellValue {
    guard var value else { return ShellValue(text) }
    value.text += text
    return value
  }

  /// The characters that split fields.
  private var separators: [Character] {
    guard let value = scope.variables["IFS"]?.scalar, value.isKnown else { return [" ", "\t", "\n"] }
    return Array(value.text)
  }

  /// A word as one value, without splitting.
  mutating func value(_ word: ShellWord) -> ShellValue {
    if let literal = word.literal { return ShellValue(literal) }
    var result = ShellValue("")
    for piece in pieces(word) {
      switch piece {
      case .text(let text, _), .split(let text):
        result.text += text
        if isTooLong(result, word.place) { return ShellValue("") }
      case .boundary: result.text += " "
      case .unknown(let reason): if result.unknown == nil { result.unknown = reason }
      }
    }
    return result
  }

  /// A word as a pattern, in which quoted characters stand for themselves.
  mutating func pattern(_ word: ShellWord) -> (pattern: ShellPattern, unknown: ShellUnknown?) {
    var characters: [(character: Character, isQuoted: Bool)] = []
    var unknown: ShellUnknown?
    for piece in pieces(word) {
      switch piece {
      case .text(let text, let isQuoted): for character in text { characters.append((character, isQuoted)) }
      case .split(let text): for character in text { characters.append((character, false)) }
      case .boundary: characters.append((" ", true))
      case .unknown(let reason): unknown = unknown ?? reason
      }
    }
    return (ShellPattern(characters), unknown)
  }

  private mutating func pieces(_ word: ShellWord) -> [ShellPiece] {
    var result: [ShellPiece] = []
    result.reserveCapacity(word.parts.count)
    for part in word.parts {
      switch part {
      case .text(let text, let isQuoted): result.append(.text(text, isQuoted: isQuoted))
      case .home(let user): result.append(home(user, word.place))
      case .document(let id): if let document = documents[id] { result += pieces(document.word) }
      case .arithmetic(let text, let isQuoted): result.append(piece(arithmetic(text), isQuoted))
      case .command(let script, let isQuoted): result.append(piece(output(of: script, word.place), isQuoted))
      case .process(let script): result.append(process(script, word.place))
      case .parameter(let parameter, let isQuoted): result += pieces(parameter, isQuoted, word.place)
      }
    }
    return result
  }

  private func piece(_ value: ShellValue, _ isQuoted: Bool) -> ShellPiece {
    if let unknown = value.unknown { return .unknown(unknown) }
    return isQuoted ? .text(value.text, isQuoted: true) : .split(value.text)
  }

  private func home(_ user: String, _ place: ShellPlace) -> ShellPiece {
    if user.isEmpty, let value = scope.variables["HOME"]?.scalar { return piece(value, true) }
    return .unknown(ShellUnknown(line: place.line, what: "the home directory", variable: user.isEmpty ? "HOME" : nil))
  }

  /// `<(...)`: the name of a file that has what the commands write.
  private mutating func process(_ script: ShellScript, _ place: ShellPlace) -> ShellPiece {
    let before = status
    let value = written(by: script, place)
    status = before
    let sink = newSink()
    sinks[sink].text = Array(value.text.utf8)
    sinks[sink].unknown = value.unknown
    // The numbers of descriptors come back; the names here do not, and nobody can tell.
    let path = "/dev/fd/\(1000 + sink)"
    files[path] = sink
    return .text(path, isQuoted: true)
  }

  /// What a command substitution writes, without the newlines at its end.
  mutating func output(of script: ShellScript, _ place: ShellPlace) -> ShellValue {
    var value = written(by: script, place)
    substitutionStatus = status
    while value.text.utf8.last == 0x0a { value.text.removeLast() }
    return value
  }

  /// What commands write, run in a subshell.
  private mutating func written(by script: ShellScript, _ place: ShellPlace) -> ShellValue {
    calls += 1
    defer { calls -= 1 }
    guard calls <= ShellLimits.deepestCall else {
      _ = stop(place, "more than \(ShellLimits.deepestCall) calls stand inside each other")
      return ShellValue("")
    }
    let sink = newSink()
    let wasAsked = asked
    asked = 0
    _ = subshell { (shell) in
      shell.scope.exitsOnError = false
      shell.scope.descriptors[1] = .sink(sink)
      return shell.run(script)
    }
    asked = wasAsked
    let value = self.value(of: sinks[sink])
    sinks[sink].text = []
    if sink == sinks.count - 1 { sinks.removeLast() }
    return value
  }

  // MARK: Parameters

  /// The value of a parameter without an operation; nil when it is not set.
  func lookup(_ name: String, _ place: ShellPlace) -> ShellValue? {
    if let number = Int(name), number >= 0 {
      if number == 0 { return ShellValue(options.name) }
      return number <= scope.arguments.count ? scope.arguments[number - 1] : nil
    }
    switch name {
    case "#": return ShellValue("\(scope.arguments.count)")
    case "?":
      switch status {
      case .known(let code): return ShellValue("\(code)")
      case .assumed(let reason), .unknown(let reason):
        return ShellValue(
          unknown: ShellUnknown(line: reason.line, what: "the status of " + reason.what, variable: reason.variable))
      }
    case "$", "!", "PPID", "RANDOM", "SECONDS", "BASHPID":
      return settled(name, ShellValue(unknown: ShellUnknown(line: place.line, what: "`$\(name)`")))
    case "-": return ShellValue(unknown: ShellUnknown(line: place.line, what: "`$-`"))
    case "LINENO" where dialect == .bash: return ShellValue("\(place.line)")
    case "FUNCNAME" where scope.variables[name] == nil: return nil
    case "BASH_SOURCE": return ShellValue(scope.file)
    case "@", "*":
      var result = ShellValue("")
      for (place, argument) in scope.arguments.enumerated() {
        if place > 0 { result.text += " " }
        result.text += argument.text
        if result.unknown == nil { result.unknown = argument.unknown }
      }
      return scope.arguments.isEmpty ? nil : result
    default: break
    }
    if let variable = scope.variables[name] { return variable.scalar }
    if let text = options.variables[name] { return ShellValue(text) }
    if ShellInterpreter.environment.contains(name) {
      return ShellValue(unknown: ShellUnknown(line: place.line, what: "`$\(name)`", variable: name))
    }
    return nil
  }

  /// Variables that a login has; every other is empty unless the script or the caller sets it.
  private static var environment: [String] {
    [
      "HOME", "PATH", "USER", "LOGNAME", "HOSTNAME", "PWD", "OLDPWD", "SHELL", "TERM", "LANG", "SSH_CLIENT",
      "SSH_CONNECTION",
      "SUDO_USER", "HOSTTYPE", "MACHTYPE",
    ]
  }

  private func list(_ parameter: ShellParameter) -> (values: [ShellValue], isStar: Bool)? {
    if parameter.name == "@" || parameter.name == "*" { return (scope.arguments, parameter.name == "*") }
    guard let index = parameter.index?.literal, index == "@" || index == "*" else { return nil }
    return (scope.variables[parameter.name]?.values ?? [], index == "*")
  }

  private mutating func pieces(_ parameter: ShellParameter, _ isQuoted: Bool, _ place: ShellPlace) -> [ShellPiece] {
    var parameter = parameter
    if parameter.isIndirect {
      guard let name = lookup(parameter.name, place) else { return [] }
      guard name.isKnown else { return [piece(name, isQuoted)] }
      parameter.name = name.text
      parameter.isIndirect = false
    }
    if case .names = parameter.operation {
      let names = scope.variables.keys.filter { $0.hasPrefix(parameter.name) }.sorted()
      return joined(names.map { ShellValue($0) }, false, isQuoted)
    }
    if case .keys = parameter.operation {
      return joined((scope.variables[parameter.name]?.keys ?? []).map { ShellValue($0) }, false, isQuoted)
    }
    if let (values, isStar) = list(parameter) {
      switch parameter.operation {
      case .length: return [piece(ShellValue("\(values.count)"), isQuoted)]
      case .none: return joined(values, isStar, isQuoted)
      case .slice:
        let start = arithmetic(parameter.word ?? ShellWord(place: place))
        let count = parameter.second.map { arithmetic($0) }
        if let unknown = start.unknown ?? count?.unknown { return [.unknown(unknown)] }
        var all = values
        // The positional parameters count from the name of the script.
        if parameter.name == "@" || parameter.name == "*" { all.insert(ShellValue(options.name), at: 0) }
        var first = Int(start.text) ?? 0
        if first < 0 { first += all.count }
        guard first >= 0 else { return [] }
        let number = count.map { Int($0.text) ?? 0 } ?? all.count
        return joined(Array(all.dropFirst(first).prefix(max(0, number))), isStar, isQuoted)
      case .defaultValue, .alternative, .assign, .demand:
        let isSet = !values.isEmpty
        if case .alternative = parameter.operation { return isSet ? word(parameter, isQuoted) : [] }
        return isSet ? joined(values, isStar, isQuoted) : word(parameter, isQuoted)
      default:
        return joined(values.map { altered($0, parameter, place) }, isStar, isQuoted)
      }
    }
    var value: ShellValue?
    if let index = parameter.index {
      value = element(parameter.name, index)
    } else {
      value = lookup(parameter.name, place)
    }
    if value == nil, scope.refusesUnset, refusesUnset(parameter) { return [] }
    switch parameter.operation {
    case .length:
      guard let known = value else { return [piece(ShellValue("0"), isQuoted)] }
      return [piece(known.isKnown ? ShellValue("\(known.text.count)") : known, isQuoted)]
    case .defaultValue(let counts), .assign(let counts), .demand(let counts), .alternative(let counts):
      if let known = value, counts, let unknown = known.unknown { return [.unknown(unknown)] }
      let isSet = value != nil && !(counts && value?.text == "" && value?.isKnown == true)
      switch parameter.operation {
      case .alternative: return isSet ? word(parameter, isQuoted) : []
      case .defaultValue: return isSet ? [piece(value ?? ShellValue(""), isQuoted)] : word(parameter, isQuoted)
      case .assign:
        if isSet { return [piece(value ?? ShellValue(""), isQuoted)] }
        let own = self.value(parameter.word ?? ShellWord(place: place))
        assign(parameter.name, own, place)
        return [piece(own, isQuoted)]
      default:
        if isSet { return [piece(value ?? ShellValue(""), isQuoted)] }
        note(.remark, place, "`\(parameter.name)` is not set: the script ends here")
        isEnding = true
        endingStatus = dialect == .bash ? 1 : 2
        return []
      }
    case .none: return value.map { [piece($0, isQuoted)] } ?? (isQuoted ? [.text("", isQuoted: true)] : [])
    default:
      guard let value else { return isQuoted ? [.text("", isQuoted: true)] : [] }
      return [piece(altered(value, parameter, place), isQuoted)]
    }
  }

  /// Ends the script at a variable that is not set (`set -u`), except where the expansion says what then.
  private mutating func refusesUnset(_ parameter: ShellParameter) -> Bool {
    switch parameter.operation {
    case .defaultValue, .assign, .demand, .alternative: return false
    default: break
    }
    isEnding = true
    endingStatus = dialect == .bash ? 1 : 2
    return true
  }

  private mutating func word(_ parameter: ShellParameter, _ isQuoted: Bool) -> [ShellPiece] {
    guard let word = parameter.word else { return [] }
    guard !isQuoted else {
      let value = value(word)
      return [piece(value, true)]
    }
    return pieces(word).map { piece in
      if case .text(let text, false) = piece { return .split(text) }
      return piece
    }
  }

  private func joined(_ values: [ShellValue], _ isStar: Bool, _ isQuoted: Bool) -> [ShellPiece] {
    var result: [ShellPiece] = []
    let separator = scope.variables["IFS"]?.scalar?.text.first.map { String($0) } ?? " "
    for (place, value) in values.enumerated() {
      if place > 0 { result.append(isStar && isQuoted ? .text(separator, isQuoted: true) : .boundary) }
      result.append(piece(value, isQuoted))
    }
    return result
  }

  private mutating func element(_ name: String, _ index: ShellWord) -> ShellValue? {
    guard let variable = scope.variables[name] else { return nil }
    switch variable.content {
    case .associative(_, let values):
      let key = value(index)
      return key.isKnown ? values[key.text] : key
    case .scalar(let value):
      let key = arithmetic(index)
      return key.isKnown ? (key.text == "0" ? value : nil) : key
    case .indexed(let values):
      let key = arithmetic(index)
      guard key.isKnown, var number = Int(key.text) else { return key }
      if number < 0 { number += (values.keys.max() ?? -1) + 1 }
      return values[number]
    }
  }

  /// A value with an operation of `${...}` done.
  private mutating func altered(_ value: ShellValue, _ parameter: ShellParameter, _ place: ShellPlace) -> ShellValue {
    guard value.isKnown else { return value }
    let text = Array(value.text)
    switch parameter.operation {
    case .removePrefix(let longest), .removeSuffix(let longest):
      let isPrefix = if case .removePrefix = parameter.operation { true } else { false }
      let (pattern, unknown) = pattern(parameter.word ?? ShellWord(place: place))
      if let unknown { return ShellValue(unknown: unknown) }
      guard text.count <= 10_000 else {
        return ShellValue(unknown: ShellUnknown(line: place.line, what: "a long text"))
      }
      let lengths = longest ? Array((0...text.count).reversed()) : Array(0...text.count)
      for length in lengths {
        if isPrefix, pattern.matches(text[..<length]) { return ShellValue(String(text[length...])) }
        if !isPrefix, pattern.matches(text[(text.count - length)...]) {
          return ShellValue(String(text[..<(text.count - length)]))
        }
      }
      return value
    case .replace(let all, let anchor): return replaced(text, parameter, all, anchor, place)
    case .slice:
      let start = arithmetic(parameter.word ?? ShellWord(place: place))
      let count = parameter.second.map { arithmetic($0) }
      if let unknown = start.unknown ?? count?.unknown { return ShellValue(unknown: unknown) }
      var first = Int(start.text) ?? 0
      if first < 0 { first = max(0, text.count + first) }
      first = min(first, text.count)
      var end = text.count
      if let count = count.flatMap({ Int($0.text) }) {
        end = count < 0 ? text.count + count : min(text.count, first + count)
      }
      return ShellValue(end > first ? String(text[first..<end]) : "")
    case .upper(let all): return ShellValue(all ? value.text.uppercased() : cased(text, isUpper: true))
    case .lower(let all): return ShellValue(all ? value.text.lowercased() : cased(text, isUpper: false))
    default: return value
    }
  }

  private func cased(_ text: [Character], isUpper: Bool) -> String {
    guard let first = text.first else { return "" }
    return (isUpper ? first.uppercased() : first.lowercased()) + String(text.dropFirst())
  }

  private mutating func replaced(
    _ text: [Character], _ parameter: ShellParameter, _ all: Bool, _ anchor: ShellParameter.Anchor, _ place: ShellPlace
  ) -> ShellValue {
    let (pattern, unknown) = pattern(parameter.word ?? ShellWord(place: place))
    let other = parameter.second.map { value($0) } ?? ShellValue("")
    if let unknown = unknown ?? other.unknown { return ShellValue(unknown: unknown) }
    guard text.count <= 1000 else { return ShellValue(unknown: ShellUnknown(line: place.line, what: "a long text")) }
    if anchor != .anywhere, parameter.word?.parts.isEmpty ?? true {
      return ShellValue(anchor == .start ? other.text + String(text) : String(text) + other.text)
    }
    var result = ""
    var index = 0
    var hasReplaced = false
    while index <= text.count {
      var length: Int?
      if !(hasReplaced && !all), anchor != .start || index == 0 {
        for end in stride(from: text.count, to: index, by: -1) where anchor != .end || end == text.count {
          if pattern.matches(text[index..<end]) {
            length = end - index
            break
          }
        }
      }
      if let length {
        result += other.text
        index += length
        hasReplaced = true
      } else {
        if index < text.count { result.append(text[index]) }
        index += 1
      }
    }
    return ShellValue(result)
  }

  // MARK: Arithmetic

  /// The value of an arithmetic expression.
  mutating func arithmetic(_ word: ShellWord) -> ShellValue {
    let text = value(word)
    guard text.isKnown else { return text }
    return arithmetic(text.text, word.place)
  }

  mutating func arithmetic(_ text: String, _ place: ShellPlace) -> ShellValue {
    var reason: ShellUnknown?
    var isUnset = false
    let shell = self
    let result = ShellArithmetic.value(of: text) { shell.number($0, place, &reason, &isUnset, depth: 0) }
    if isUnset, scope.refusesUnset {
      isEnding = true
      endingStatus = dialect == .bash ? 1 : 2
      return ShellValue("0")
    }
    guard let result else {
      return ShellValue(unknown: reason ?? ShellUnknown(line: place.line, what: "the expression `\(text)`"))
    }
    for (name, value) in result.assignments { assign(name, ShellValue("\(value)"), place) }
    return ShellValue("\(result.value)")
  }

  /// The number that a variable stands for; in bash its value may be an expression again.
  private func number(
    _ name: String, _ place: ShellPlace, _ reason: inout ShellUnknown?, _ isUnset: inout Bool, depth: Int
  ) -> Int? {
    guard let value = lookup(name, place) else {
      isUnset = true
      return 0
    }
    guard value.isKnown else {
      reason = reason ?? value.unknown
      return nil
    }
    if value.text.isEmpty { return 0 }
    if let number = ShellArithmetic.number(value.text) { return number }
    if value.text.hasPrefix("-"), let number = ShellArithmetic.number(String(value.text.dropFirst())) {
      return 0 &- number
    }
    guard dialect == .bash, depth < 20 else { return nil }
    var (innerReason, isInnerUnset) = (reason, isUnset)
    let inner = ShellArithmetic.value(of: value.text) {
      number($0, place, &innerReason, &isInnerUnset, depth: depth + 1)
    }
    (reason, isUnset) = (innerReason, isInnerUnset)
    return inner.flatMap { $0.assignments.isEmpty ? $0.value : nil }
  }

  // MARK: Assignments

  /// Gives a variable a value; a constant keeps its own.
  mutating func assign(_ name: String, _ value: ShellValue, _ place: ShellPlace) {
    var value = settled(name, value)
    if scope.variables[name]?.isInteger == true, value.isKnown { value = arithmetic(value.text, place) }
    let length = value.text.utf8.count
    if length > 1024 {
      written += length
      if written > options.mostOutput {
        _ = stop(place, "it writes more than \(options.mostOutput >> 20) MiB")
        return
      }
    }
    guard var variable = scope.variables[name] else {
      scope.variables[name] = ShellVariable(value)
      return
    }
    guard !variable.isReadOnly else {
      note(.remark, place, "`\(name)` is a constant and keeps its value")
      status = .failure
      // A POSIX shell that is not interactive ends here; bash goes on.
      if dialect == .posix { isEnding = true }
      return
    }
    if case .indexed(var values) = variable.content {
      values[0] = value
      variable.content = .indexed(values)
    } else {
      variable.content = .scalar(value)
    }
    scope.variables[name] = variable
  }

  mutating func assign(_ assignment: ShellAssignment) {
    let name = assignment.name
    if let elements = assignment.elements {
      assign(name, elements: elements, appends: assignment.appends, assignment.place)
      return
    }
    var value = value(assignment.value)
    guard let index = assignment.index else {
      if assignment.appends, scope.variables[name]?.isInteger == true, let before = lookup(name, assignment.place) {
        value.text = "(\(before.text.isEmpty ? "0" : before.text))+(\(value.text))"
        value.unknown = before.unknown ?? value.unknown
      } else if assignment.appends, let before = lookup(name, assignment.place) {
        value.text = before.text + value.text
        value.unknown = before.unknown ?? value.unknown
      }
      assign(name, value, assignment.place)
      return
    }
    var variable = scope.variables[name] ?? ShellVariable(content: .indexed([:]))
    switch variable.content {
    case .associative(var keys, var values):
      let key = self.value(index).text
      if values[key] == nil { keys.append(key) }
      values[key] = value
      variable.content = .associative(keys: keys, values: values)
    case .indexed(var values):
      let key = arithmetic(index)
      if let number = Int(key.text), key.isKnown, number >= 0 { values[number] = value }
      variable.content = .indexed(values)
    case .scalar(let first):
      let key = arithmetic(index)
      var values = [0: first]
      if let number = Int(key.text), key.isKnown, number >= 0 { values[number] = value }
      variable.content = .indexed(values)
    }
    scope.variables[name] = variable
  }

  private mutating func assign(
    _ name: String, elements: [(key: ShellWord?, value: ShellWord)], appends: Bool, _ place: ShellPlace
  ) {
    var variable = scope.variables[name] ?? ShellVariable(content: .indexed([:]))
    if variable.isReadOnly { return }
    if case .associative(var keys, var values) = variable.content {
      if !appends { (keys, values) = ([], [:]) }
      for element in elements {
        guard let word = element.key else { continue }
        let key = value(word).text
        if values[key] == nil { keys.append(key) }
        values[key] = value(element.value)
      }
      variable.content = .associative(keys: keys, values: values)
    } else {
      var values: [Int: ShellValue] = [:]
      if appends {
        if case .indexed(let before) = variable.content { values = before }
        if case .scalar(let before) = variable.content { values = [0: before] }
      }
      var next = (values.keys.max() ?? -1) + 1
      for element in elements {
        if let word = element.key {
          let key = arithmetic(word)
          next = max(0, Int(key.text) ?? next)
          values[next] = value(element.value)
          next += 1
        } else {
          for field in fields(element.value) {
            values[next] = field
            next += 1
          }
        }
      }
      variable.content = .indexed(values)
    }
    scope.variables[name] = variable
  }
}

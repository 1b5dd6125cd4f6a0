// `test`, `[` and `[[`.

extension ShellInterpreter {
  /// What an expression of `test` says.
  mutating func test(_ words: [ShellValue], _ place: ShellPlace) -> ShellStatus {
    var place = (words[...], place)
    guard !words.isEmpty else { return .failure }
    guard let result = testOr(&place, 0), place.0.isEmpty else { return .known(2) }
    return status(of: result)
  }

  private func status(_ value: Bool) -> ShellStatus { value ? .success : .failure }

  /// True, false, or why it is not known.
  enum Answer {
    case known(Bool)
    case unknown(ShellUnknown)
  }

  private func status(of answer: Answer) -> ShellStatus {
    switch answer {
    case .known(let value): status(value)
    case .unknown(let reason): .unknown(reason)
    }
  }

  private func both(_ left: Answer, _ right: Answer, isAnd: Bool) -> Answer {
    switch (left, right) {
    case (.known(let left), .known(let right)): .known(isAnd ? left && right : left || right)
    case (.known(let known), .unknown), (.unknown, .known(let known)):
      known != isAnd ? .known(!isAnd) : (reason(left) ?? reason(right)).map { .unknown($0) } ?? .known(false)
    case (.unknown, .unknown): left
    }
  }

  private func reason(_ answer: Answer) -> ShellUnknown? {
    if case .unknown(let reason) = answer { return reason }
    return nil
  }

  private func negated(_ answer: Answer) -> Answer {
    if case .known(let value) = answer { return .known(!value) }
    return answer
  }

  private func testOr(_ rest: inout (ArraySlice<ShellValue>, ShellPlace), _ depth: Int) -> Answer? {
    guard depth < 50, var left = testAnd(&rest, depth) else { return nil }
    while rest.0.first?.text == "-o", rest.0.first?.isKnown == true {
      rest.0.removeFirst()
      guard let right = testAnd(&rest, depth) else { return nil }
      left = both(left, right, isAnd: false)
    }
    return left
  }

  private func testAnd(_ rest: inout (ArraySlice<ShellValue>, ShellPlace), _ depth: Int) -> Answer? {
    guard var left = testNot(&rest, depth) else { return nil }
    while rest.0.first?.text == "-a", rest.0.first?.isKnown == true {
      rest.0.removeFirst()
      guard let right = testNot(&rest, depth) else { return nil }
      left = both(left, right, isAnd: true)
    }
    return left
  }

  private func testNot(_ rest: inout (ArraySlice<ShellValue>, ShellPlace), _ depth: Int) -> Answer? {
    guard depth < 50, let first = rest.0.first else { return nil }
    let words = Array(rest.0.prefix(4))
    // A comparison of two words comes first, so that `[ ! = x ]` compares.
    if words.count >= 3, words[1].isKnown, isComparison(words[1].text) {
      rest.0.removeFirst(3)
      return compared(words[0], words[1].text, words[2], rest.1)
    }
    if first.isKnown, first.text == "!", words.count > 1 {
      rest.0.removeFirst()
      return testNot(&rest, depth + 1).map { negated($0) }
    }
    if first.isKnown, first.text == "(", words.count > 1 {
      rest.0.removeFirst()
      guard let inner = testOr(&rest, depth + 1), rest.0.first?.text == ")" else { return nil }
      rest.0.removeFirst()
      return inner
    }
    if words.count >= 2, first.isKnown, first.text.utf8.count == 2, first.text.hasPrefix("-"),
      !(words[1].isKnown && (words[1].text == "-a" || words[1].text == "-o") && words.count > 2)
    {
      rest.0.removeFirst(2)
      return asked(first.text, words[1], rest.1)
    }
    rest.0.removeFirst()
    return first.unknown.map { .unknown($0) } ?? .known(!first.text.isEmpty)
  }

  private func isComparison(_ word: String) -> Bool {
    ["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"].contains(word)
  }

  private func compared(_ left: ShellValue, _ operation: String, _ right: ShellValue, _ place: ShellPlace) -> Answer? {
    if let unknown = left.unknown ?? right.unknown { return .unknown(unknown) }
    switch operation {
    case "=", "==": return .known(left.text == right.text)
    case "!=": return .known(left.text != right.text)
    case "<": return .known(left.text < right.text)
    case ">": return .known(left.text > right.text)
    case "-nt", "-ot", "-ef": return .unknown(ShellUnknown(line: place.line, what: "which file is newer"))
    default: break
    }
    guard let first = integer(left.text), let second = integer(right.text) else { return nil }
    switch operation {
    case "-eq": return .known(first == second)
    case "-ne": return .known(first != second)
    case "-lt": return .known(first < second)
    case "-le": return .known(first <= second)
    case "-gt": return .known(first > second)
    default: return .known(first >= second)
    }
  }

  private func integer(_ text: String) -> Int? {
    var text = Substring(text)
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" || text.last == "\n" { text.removeLast() }
    return Int(text)
  }

  private func asked(_ operation: String, _ word: ShellValue, _ place: ShellPlace) -> Answer? {
    if let unknown = word.unknown {
      return .unknown(unknown)
    }
    switch operation {
    case "-n": return .known(!word.text.isEmpty)
    case "-z": return .known(word.text.isEmpty)
    case "-v": return .known(lookup(word.text, place) != nil)
    case "-t": return .unknown(ShellUnknown(line: place.line, what: "whether the script runs in a terminal"))
    case "-o": return .known(word.text == "errexit" && scope.exitsOnError)
    case "-e", "-f", "-r", "-s", "-x", "-w", "-d", "-h", "-L", "-b", "-c", "-p", "-S", "-u", "-g", "-k", "-O", "-G",
      "-N", "-a":
      if word.text.isEmpty { return .known(false) }
      if let sink = files[word.text], operation != "-x", operation != "-d", operation != "-h", operation != "-L" {
        return .known(operation != "-s" || !sinks[sink].text.isEmpty)
      }
      if host.has(command: word.text), word.text.utf8.first == 0x2f, ["-e", "-f", "-x", "-r", "-s"].contains(operation)
      {
        return .known(true)
      }
      if ["-e", "-f", "-r", "-s"].contains(operation), word.text != "/dev/null" {
        let text = ShellInterpreter.contents(word.text, place, scope.folder, files, sinks, options.read)
        if text.isKnown { return .known(operation != "-s" || !text.text.isEmpty) }
      }
      if word.text == "/dev/null" { return .known(["-e", "-r", "-w", "-c"].contains(operation)) }
      return .unknown(ShellUnknown(line: place.line, what: "what `\(word.text)` is on the system"))
    default: return nil
    }
  }

  /// What fitted, as `BASH_REMATCH` has it; what its groups have is not known.
  private mutating func keep(_ match: String?, _ place: ShellPlace, isKnown: Bool = true) {
    var values: [Int: ShellValue] = [:]
    if match != nil || !isKnown {
      for group in 0...9 {
        values[group] = ShellValue(unknown: ShellUnknown(line: place.line, what: "what group \(group) of `=~` is"))
      }
    }
    if let match { values[0] = ShellValue(match) }
    scope.variables["BASH_REMATCH"] = ShellVariable(content: .indexed(values))
  }

  // MARK: [[ ]]

  mutating func doubleBracket(_ words: [ShellWord], _ place: ShellPlace) -> ShellStatus {
    var rest = words[...]
    guard let answer = bracketOr(&rest, 0), rest.isEmpty else {
      note(.unread, place, "the expression in `[[ ]]` is not read")
      return .known(2)
    }
    return status(of: answer)
  }

  private mutating func bracketOr(_ rest: inout ArraySlice<ShellWord>, _ depth: Int) -> Answer? {
    guard depth < 50, var left = bracketAnd(&rest, depth) else { return nil }
    while rest.first?.literal == "||" {
      rest.removeFirst()
      guard let right = bracketAnd(&rest, depth) else { return nil }
      left = both(left, right, isAnd: false)
    }
    return left
  }

  private mutating func bracketAnd(_ rest: inout ArraySlice<ShellWord>, _ depth: Int) -> Answer? {
    guard var left = bracketNot(&rest, depth) else { return nil }
    while rest.first?.literal == "&&" {
      rest.removeFirst()
      guard let right = bracketNot(&rest, depth) else { return nil }
      left = both(left, right, isAnd: true)
    }
    return left
  }

  private mutating func bracketNot(_ rest: inout ArraySlice<ShellWord>, _ depth: Int) -> Answer? {
    guard depth < 50, let first = rest.popFirst() else { return nil }
    if first.literal == "!" { return bracketNot(&rest, depth + 1).map { negated($0) } }
    if first.literal == "(" {
      guard let inner = bracketOr(&rest, depth + 1), rest.popFirst()?.literal == ")" else { return nil }
      return inner
    }
    if let operation = first.literal, operation.utf8.count == 2, operation.hasPrefix("-"), let word = rest.first,
      word.literal != "&&", word.literal != "||", word.literal != ")"
    {
      rest.removeFirst()
      let value = value(word)
      return asked(operation, value, word.place)
    }
    if let operation = rest.first?.literal, isComparison(operation) || operation == "=~" {
      rest.removeFirst()
      guard let second = rest.popFirst() else { return nil }
      let left = value(first)
      switch operation {
      case "=", "==", "!=":
        let (pattern, unknown) = pattern(second)
        if let unknown = left.unknown ?? unknown { return .unknown(unknown) }
        return .known(pattern.matches(left.text) == (operation != "!="))
      case "=~":
        let right = value(second)
        if let unknown = left.unknown ?? right.unknown { return .unknown(unknown) }
        let characters = Array(left.text)
        guard let expression = ShellExpression(right.text) else {
          keep(nil, first.place, isKnown: false)
          return .unknown(ShellUnknown(line: first.place.line, what: "whether a regular expression fits"))
        }
        let range = expression.range(in: characters)
        keep(range.map { String(characters[$0]) }, first.place)
        return .known(range != nil)
      case "-eq", "-ne", "-lt", "-le", "-gt", "-ge":
        let numbers = (arithmetic(first), arithmetic(second))
        return compared(numbers.0, operation, numbers.1, first.place)
      default: return compared(left, operation, value(second), first.place)
      }
    }
    let value = value(first)
    return value.unknown.map { .unknown($0) } ?? .known(!value.text.isEmpty)
  }
}

// Statements, pipelines and compound commands.

extension ShellParser {
  static let reserved: Set<String> = [
    "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "{", "}", "!", "in",
  ]

  /// Reads statements up to one of some reserved words, `)`, `;;` or the end.
  mutating func statements(into script: inout ShellScript, until ends: Set<String>) throws(ShellSyntaxError) {
    while true {
      try skipNewlines()
      guard position < bytes.count else { return }
      if byte == 0x29 || byte == 0x3b && byte(1) == 0x3b || byte == 0x3b && byte(1) == 0x26 { return }
      if let word = peekReserved(), ends.contains(word) { return }
      let statement = try statement()
      script.statements.append(statement.statement)
      skipBlanks()
      if byte == 0x0a {
        try newline()
        // What follows on later lines is read only when this was read: a shell runs line by line.
        if ends.isEmpty, depth == 0 { return }
      } else if position < bytes.count, !statement.isEnded, byte != 0x29, byte != 0x3b,
        !(peekReserved().map { ends.contains($0) } ?? false)
      {
        throw error("`\(character)` cannot stand here")
      }
    }
  }

  /// A list in a compound command: at least one statement.
  mutating func body(until ends: Set<String>) throws(ShellSyntaxError) -> ShellScript {
    try enter()
    defer { depth -= 1 }
    var script = ShellScript()
    try statements(into: &script, until: ends)
    return script
  }

  /// A statement, and whether `;` or `&` ended it.
  private mutating func statement() throws(ShellSyntaxError) -> (statement: ShellStatement, isEnded: Bool) {
    var statement = ShellStatement(pipelines: [(.first, try pipeline())])
    while true {
      skipBlanks()
      if byte == 0x26, byte(1) == 0x26 {
        position += 2
        try skipNewlines()
        statement.pipelines.append((.and, try pipeline()))
      } else if byte == 0x7c, byte(1) == 0x7c {
        position += 2
        try skipNewlines()
        statement.pipelines.append((.or, try pipeline()))
      } else if byte == 0x26, byte(1) != 0x3e {
        position += 1
        statement.isBackground = true
        return (statement, true)
      } else {
        guard byte == 0x3b, byte(1) != 0x3b, byte(1) != 0x26 else { return (statement, false) }
        position += 1
        return (statement, true)
      }
    }
  }

  private mutating func pipeline() throws(ShellSyntaxError) -> ShellPipeline {
    skipBlanks()
    var pipeline = ShellPipeline(commands: [], place: here)
    while peekReserved() == "!" {
      position += 1
      pipeline.isNegated.toggle()
      skipBlanks()
    }
    if dialect == .bash, peekWord() == "time" {
      position += 4
      skipBlanks()
      if byte == 0x2d, byte(1) == 0x70 { position += 2 }
      skipBlanks()
    }
    pipeline.commands.append(try command())
    while true {
      skipBlanks()
      guard byte == 0x7c, byte(1) != 0x7c else { return pipeline }
      position += 1
      if byte == 0x26 {
        position += 1
        pipeline.commands[pipeline.commands.count - 1].redirections.append(
          ShellRedirection(
            descriptor: 2, kind: .duplicateOutput,
            target: ShellWord(parts: [.text("1", isQuoted: false)], place: here)))
      }
      try skipNewlines()
      pipeline.commands.append(try command())
    }
  }

  /// The unquoted word that begins here, without reading it.
  private func peekWord() -> String {
    var end = position
    while end < bytes.count, !ShellParser.endsWord(bytes[end]), bytes[end] != 0x22, bytes[end] != 0x27,
      bytes[end] != 0x24,
      bytes[end] != 0x5c, bytes[end] != 0x60, end - position < 64
    { end += 1 }
    if end < bytes.count, !ShellParser.endsWord(bytes[end]) { return "" }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  func peekReserved() -> String? {
    let word = peekWord()
    return ShellParser.reserved.contains(word) ? word : nil
  }

  private mutating func expect(_ word: String, _ what: String) throws(ShellSyntaxError) {
    try skipNewlines()
    guard peekReserved() == word else { throw error("`\(word)` is missing \(what): `\(character)` stands there") }
    position += word.utf8.count
  }

  private mutating func command() throws(ShellSyntaxError) -> ShellCommand {
    skipBlanks()
    try enter()
    defer { depth -= 1 }
    let start = here
    var kind: ShellCommand.Kind?
    switch peekReserved() {
    case "if"?: kind = try conditional()
    case "while"?:
      position += 5
      kind = try loop(isUntil: false)
    case "until"?:
      position += 5
      kind = try loop(isUntil: true)
    case "for"?:
      position += 3
      kind = try forLoop(isSelect: false)
    case "case"?: kind = try choice()
    case "{"?:
      position += 1
      let script = try body(until: ["}"])
      try expect("}", "behind the commands of `{`")
      kind = .group(script)
    case let word?: throw error("`\(word)` cannot stand here")
    case nil:
      if byte == 0x28 {
        kind = byte(1) == 0x28 ? try arithmeticCommand() : try subshell()
      } else if dialect == .bash, peekWord() == "[[" {
        position += 2
        kind = try doubleBracket()
      } else if dialect == .bash, peekWord() == "select" {
        position += 6
        kind = try forLoop(isSelect: true)
      } else if dialect == .bash, peekWord() == "function" {
        position += 8
        skipBlanks()
        let name = try nameOfFunction()
        skipBlanks()
        if byte == 0x28 {
          position += 1
          skipBlanks()
          guard byte == 0x29 else { throw error("`)` is missing behind the name of the function") }
          position += 1
        }
        return try function(name, start)
      }
    }
    guard let kind else { return try simple(start) }
    var command = ShellCommand(kind: kind, place: start)
    while let redirection = try redirection() { command.redirections.append(redirection) }
    return command
  }

  private mutating func nameOfFunction() throws(ShellSyntaxError) -> String {
    let start = position
    while position < bytes.count, !ShellParser.endsWord(byte) { position += 1 }
    guard position > start else { throw error("the name of the function is missing") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func function(_ name: String, _ start: ShellPlace) throws(ShellSyntaxError) -> ShellCommand {
    try skipNewlines()
    let body = try command()
    if case .simple = body.kind, dialect == .bash { throw error("the body of function `\(name)` is missing") }
    return ShellCommand(kind: .function(name: name, ShellFunction(body)), place: start)
  }

  private mutating func subshell() throws(ShellSyntaxError) -> ShellCommand.Kind {
    position += 1
    let script = try body(until: [])
    try skipNewlines()
    guard byte == 0x29 else { throw error("`)` is missing: `\(character)` stands there") }
    position += 1
    return .subshell(script)
  }

  private mutating func conditional() throws(ShellSyntaxError) -> ShellCommand.Kind {
    position += 2
    var branches: [(condition: ShellScript, body: ShellScript)] = []
    while true {
      let condition = try body(until: ["then"])
      try expect("then", "behind the condition")
      branches.append((condition, try body(until: ["elif", "else", "fi"])))
      guard peekReserved() == "elif" else { break }
      position += 4
    }
    var otherwise: ShellScript?
    if peekReserved() == "else" {
      position += 4
      otherwise = try body(until: ["fi"])
    }
    try expect("fi", "behind the commands of `if`")
    return .conditional(branches, otherwise: otherwise)
  }

  private mutating func loop(isUntil: Bool) throws(ShellSyntaxError) -> ShellCommand.Kind {
    let condition = try body(until: ["do"])
    return .loop(condition: condition, body: try doGroup(), isUntil: isUntil)
  }

  private mutating func doGroup() throws(ShellSyntaxError) -> ShellScript {
    try skipNewlines()
    if dialect == .bash, peekReserved() == "{" {
      position += 1
      let script = try body(until: ["}"])
      try expect("}", "behind the commands of `{`")
      return script
    }
    try expect("do", "behind the head of the loop")
    let script = try body(until: ["done"])
    try expect("done", "behind the commands of the loop")
    return script
  }

  /// What stands behind `for` or `select`.
  private mutating func forLoop(isSelect: Bool) throws(ShellSyntaxError) -> ShellCommand.Kind {
    skipBlanks()
    if byte == 0x28, byte(1) == 0x28, !isSelect {
      position += 2
      var parts: [ShellWord] = []
      for end in [UInt8(0x3b), 0x3b, 0x29] { parts.append(try arithmeticText(until: end)) }
      guard byte == 0x29 else { throw error("`))` is missing") }
      position += 1
      skipBlanks()
      if byte == 0x3b { position += 1 }
      return .count(start: parts[0], condition: parts[1], step: parts[2], body: try doGroup())
    }
    let name = peekWord()
    guard ShellParser.isName(name) else { throw error("`\(name)` cannot be the variable of a loop") }
    position += name.utf8.count
    try skipNewlines()
    var words: [ShellWord]?
    if peekReserved() == "in" {
      position += 2
      var list: [ShellWord] = []
      while true {
        skipBlanks()
        guard position < bytes.count, byte != 0x0a, byte != 0x3b else { break }
        guard let word = try word() else { throw error("`\(character)` cannot stand in the list of a loop") }
        list += dialect == .bash ? BraceExpansion.words(word) : [word]
      }
      words = list
    }
    skipBlanks()
    if byte == 0x3b { position += 1 }
    let body = try doGroup()
    return isSelect ? .select(name: name, words: words, body: body) : .each(name: name, words: words, body: body)
  }

  private mutating func choice() throws(ShellSyntaxError) -> ShellCommand.Kind {
    position += 4
    skipBlanks()
    guard let subject = try word() else { throw error("the word of `case` is missing") }
    try expect("in", "behind the word of `case`")
    var cases: [(patterns: [ShellWord], body: ShellScript, goesOn: Bool)] = []
    while true {
      try skipNewlines()
      if peekReserved() == "esac" {
        position += 4
        return .choice(subject, cases)
      }
      guard position < bytes.count else { throw error("`esac` is missing") }
      if byte == 0x28 {
        position += 1
        skipBlanks()
      }
      var patterns: [ShellWord] = []
      while true {
        guard let pattern = try word() else { throw error("`\(character)` cannot stand in a pattern") }
        patterns.append(pattern)
        skipBlanks()
        if byte == 0x7c {
          position += 1
          skipBlanks()
          continue
        }
        guard byte == 0x29 else { throw error("`)` is missing behind the pattern") }
        position += 1
        break
      }
      let script = try body(until: ["esac"])
      var goesOn = false
      if byte == 0x3b {
        goesOn = byte(1) == 0x26 || byte(1) == 0x3b && byte(2) == 0x26
        position += byte(1) == 0x3b && byte(2) == 0x26 ? 3 : 2
      } else if peekReserved() != "esac" {
        throw error("`;;` or `esac` is missing: `\(character)` stands there")
      }
      cases.append((patterns, script, goesOn))
    }
  }

  private mutating func arithmeticCommand() throws(ShellSyntaxError) -> ShellCommand.Kind {
    guard dialect == .bash else { return try subshell() }
    position += 2
    let text = try arithmeticText(until: 0x29)
    guard byte == 0x29 else { throw error("`))` is missing") }
    position += 1
    return .arithmetic(text)
  }

  /// The text of an arithmetic expression up to a byte, which is passed over.
  private mutating func arithmeticText(until end: UInt8) throws(ShellSyntaxError) -> ShellWord {
    let start = position
    var depth = 0
    while position < bytes.count {
      if byte == 0x28 { depth += 1 }
      if byte == end, depth == 0 { break }
      if byte == 0x29 {
        if depth == 0 { break }
        depth -= 1
      }
      position += 1
    }
    guard byte == end, position < bytes.count else { throw error("the expression does not end") }
    let text = Array(bytes[start..<position])
    let line = place(at: start).line
    position += 1
    return try inner(text, line) { (parser) throws(ShellSyntaxError) in try parser.quotedWord(isDocument: true) }
  }

  private mutating func doubleBracket() throws(ShellSyntaxError) -> ShellCommand.Kind {
    var words: [ShellWord] = []
    while true {
      try skipNewlines()
      guard position < bytes.count else { throw error("`]]` is missing") }
      if peekWord() == "]]" {
        position += 2
        return .test(words)
      }
      let place = here
      let two = String(decoding: bytes[position..<min(position + 2, bytes.count)], as: UTF8.self)
      if two == "&&" || two == "||" {
        position += 2
        words.append(ShellWord(parts: [.text(two, isQuoted: false)], place: place))
      } else if byte == 0x28 || byte == 0x29 || byte == 0x3c || byte == 0x3e {
        words.append(
          ShellWord(parts: [.text(String(decoding: [byte], as: UTF8.self), isQuoted: false)], place: place))
        position += 1
      } else if words.last?.literal == "=~" {
        words.append(try regularExpression())
      } else if let word = try word() {
        words.append(word)
      } else {
        throw error("`\(character)` cannot stand in `[[ ]]`")
      }
    }
  }

  /// The word behind `=~`, in which parentheses and bars are text.
  private mutating func regularExpression() throws(ShellSyntaxError) -> ShellWord {
    var result = ShellWord(place: here)
    var depth = 0
    while position < bytes.count, byte != 0x20 && byte != 0x09 && byte != 0x0a || depth > 0 {
      if byte == 0x28 || byte == 0x29 || byte == 0x7c || byte == 0x3c || byte == 0x3e || byte == 0x26 || byte == 0x3b
        || byte == 0x20
      {
        if byte == 0x28 { depth += 1 }
        if byte == 0x29 { depth -= 1 }
        result.parts.append(.text(String(decoding: [byte], as: UTF8.self), isQuoted: false))
        position += 1
      } else if let word = try word() {
        result.parts += word.parts
      } else {
        throw error("`\(character)` cannot stand in a regular expression")
      }
    }
    return result
  }

  // MARK: Simple commands

  private mutating func simple(_ start: ShellPlace) throws(ShellSyntaxError) -> ShellCommand {
    var assignments: [ShellAssignment] = []
    var words: [ShellWord] = []
    var redirections: [ShellRedirection] = []
    // Behind an alias that ends with a blank the next word may be one, too.
    var lastAliasEnd = 0
    let isAliasPlace = { (words: [ShellWord]) in words.count == lastAliasEnd }
    while true {
      skipBlanks()
      if let redirection = try redirection() {
        redirections.append(redirection)
        continue
      }
      let declares =
        words.first?.literal.map { ["local", "declare", "typeset", "export", "readonly"].contains($0) } ?? false
      if words.isEmpty || declares && dialect == .bash, let assignment = try assignment() {
        if words.isEmpty {
          assignments.append(assignment)
        } else {
          // `local a=(1 2)`: the array is assigned, and its name declared.
          words.append(ShellWord(parts: [.text(assignment.name, isQuoted: true)], place: assignment.place))
          words[words.count - 1].parts.append(.text("\u{0}", isQuoted: true))
          assignments.append(assignment)
        }
        continue
      }
      guard let word = try word() else { break }
      if words.isEmpty, assignments.isEmpty, byte == 0x28, let name = word.literal {
        position += 1
        skipBlanks()
        guard byte == 0x29 else { throw error("`\(character)` cannot stand behind `(`") }
        position += 1
        return try function(name, start)
      }
      if isAliasPlace(words), let name = word.literal, let more = try aliased(name, word.place, []) {
        words += more.words
        lastAliasEnd = more.isOpen ? words.count : -1
        continue
      }
      words += dialect == .bash ? BraceExpansion.words(word) : [word]
    }
    guard !words.isEmpty || !assignments.isEmpty || !redirections.isEmpty else {
      throw error("`\(character)` cannot stand here")
    }
    return ShellCommand(
      kind: .simple(assignments: assignments, words: words), redirections: redirections, place: start)
  }

  /// The words that an alias stands for, and whether the word behind it may be an alias, too; nil for a name that is none.
  private mutating func aliased(
    _ name: String, _ place: ShellPlace, _ outer: Set<String>
  ) throws(ShellSyntaxError) -> (words: [ShellWord], isOpen: Bool)? {
    guard !aliases.isEmpty, !outer.contains(name), let value = aliases[name] else { return nil }
    var parser = ShellParser(Array(value.utf8), dialect: dialect, firstLine: place.line, nextDocument: nextDocument)
    parser.depth = depth
    try parser.enter()
    parser.aliases = aliases
    var words: [ShellWord] = []
    while true {
      parser.skipBlanks()
      guard let word = try parser.word() else { break }
      if words.isEmpty, let first = word.literal, let inner = try parser.aliased(first, place, outer.union([name])) {
        words += inner.words
      } else {
        words.append(word)
      }
    }
    guard parser.position >= parser.bytes.count, !words.isEmpty,
      !(words.first?.literal.map { ShellParser.reserved.contains($0) || $0.utf8.contains(0x3d) } ?? false)
    else {
      throw ShellSyntaxError(
        place, "the alias `\(name)` stands for more than the words of one command, which is not read")
    }
    return (words, value.utf8.last == 0x20 || value.utf8.last == 0x09)
  }

  /// `name=...`; behind `local` and its like only arrays, as plain values are words there.
  private mutating func assignment() throws(ShellSyntaxError) -> ShellAssignment? {
    let start = position
    let place = here
    var end = position
    while end < bytes.count, ShellParser.isNameByte(bytes[end]), end - position < 256 { end += 1 }
    guard end > position, end < bytes.count, bytes[position] < 0x30 || bytes[position] > 0x39 else { return nil }
    let name = String(decoding: bytes[position..<end], as: UTF8.self)
    position = end
    var index: ShellWord?
    if dialect == .bash, byte == 0x5b {
      position += 1
      index = try bracketed()
      guard index != nil else {
        position = start
        return nil
      }
    }
    var appends = false
    if byte == 0x2b, byte(1) == 0x3d, dialect == .bash {
      appends = true
      position += 1
    }
    guard byte == 0x3d else {
      position = start
      return nil
    }
    position += 1
    var assignment = ShellAssignment(
      name: name, index: index, appends: appends, value: ShellWord(place: here), place: place)
    if dialect == .bash, byte == 0x28 {
      position += 1
      var elements: [(key: ShellWord?, value: ShellWord)] = []
      while true {
        try skipNewlines()
        guard position < bytes.count else { throw error("`)` is missing behind the elements of `\(name)`") }
        if byte == 0x29 {
          position += 1
          break
        }
        var key: ShellWord?
        if byte == 0x5b {
          let before = position
          position += 1
          key = try bracketed()
          if key != nil, byte == 0x3d {
            position += 1
          } else {
            key = nil
            position = before
          }
        }
        guard let word = try word() ?? (key != nil ? ShellWord(place: here) : nil) else {
          throw error("`\(character)` cannot stand in an array")
        }
        if key != nil {
          elements.append((key, word))
        } else {
          for one in BraceExpansion.words(word) { elements.append((nil, one)) }
        }
      }
      assignment.elements = elements
      return assignment
    }
    assignment.value = try word(isAssignment: true) ?? ShellWord(place: here)
    return assignment
  }

  /// The text up to `]`, which is passed over; nil when there is none.
  mutating func bracketed() throws(ShellSyntaxError) -> ShellWord? {
    var depth = 0
    var end = position
    while end < bytes.count, bytes[end] != 0x0a {
      if bytes[end] == 0x5b { depth += 1 }
      if bytes[end] == 0x5d {
        if depth == 0 { break }
        depth -= 1
      }
      end += 1
    }
    guard end < bytes.count, bytes[end] == 0x5d else { return nil }
    let text = Array(bytes[position..<end])
    let line = here.line
    position = end + 1
    return try inner(text, line) { (parser) throws(ShellSyntaxError) in try parser.looseWord() }
  }

  // MARK: Redirections

  private mutating func redirection() throws(ShellSyntaxError) -> ShellRedirection? {
    skipBlanks()
    var at = position
    while at < bytes.count, bytes[at] >= 0x30, bytes[at] <= 0x39, at - position < 4 { at += 1 }
    guard at < bytes.count else { return nil }
    let descriptor = at > position ? Int(String(decoding: bytes[position..<at], as: UTF8.self)) : nil
    let first = bytes[at]
    let rest = at + 1 < bytes.count ? bytes[at + 1] : 0
    let third = at + 2 < bytes.count ? bytes[at + 2] : 0
    var kind: ShellRedirection.Kind
    var length: Int
    switch (first, rest) {
    case (0x26, 0x3e) where descriptor == nil && dialect == .bash:
      (kind, length) = third == 0x3e ? (.bothAppend, 3) : (.both, 2)
    case (0x3c, 0x28) where dialect == .bash, (0x3e, 0x28) where dialect == .bash: return nil
    case (0x3c, 0x3c):
      if third == 0x3c, dialect == .bash {
        (kind, length) = (.hereString, 3)
      } else {
        (kind, length) = (.hereDocument, third == 0x2d ? 3 : 2)
      }
    case (0x3c, 0x26): (kind, length) = (.duplicateInput, 2)
    case (0x3c, 0x3e): (kind, length) = (.readWrite, 2)
    case (0x3c, _): (kind, length) = (.read, 1)
    case (0x3e, 0x3e): (kind, length) = (.append, 2)
    case (0x3e, 0x26): (kind, length) = (.duplicateOutput, 2)
    case (0x3e, 0x7c): (kind, length) = (.write, 2)
    case (0x3e, _): (kind, length) = (.write, 1)
    default: return nil
    }
    position = at + length
    skipBlanks()
    guard let target = try word() else { throw error("the file of the redirection is missing") }
    guard kind == .hereDocument else {
      if kind == .duplicateOutput, descriptor == nil, Int(target.literal ?? "x") == nil, target.literal != "-" {
        kind = .both
      }
      return ShellRedirection(descriptor: descriptor, kind: kind, target: target)
    }
    guard let end = target.constant else { throw error("the end of a here-document cannot be an expansion") }
    let isQuoted = target.literal == nil || target.parts.isEmpty
    return ShellRedirection(
      descriptor: descriptor, kind: .hereDocument,
      target: promise(end: Array(end.utf8), isQuoted: isQuoted, dropsTabs: length == 3))
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    byte >= 0x61 && byte <= 0x7a || byte >= 0x41 && byte <= 0x5a || byte >= 0x30 && byte <= 0x39 || byte == 0x5f
  }

  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first < 0x30 || first > 0x39 else { return false }
    return text.utf8.allSatisfy(isNameByte)
  }

  /// Whether a byte outside quotes ends a word.
  static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x0a, 0x3b, 0x26, 0x7c, 0x28, 0x29, 0x3c, 0x3e: true
    default: false
    }
  }
}

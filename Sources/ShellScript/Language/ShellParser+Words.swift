// Words: quotes, expansions.

extension ShellParser {
  /// The next word; nil when something else stands here.
  ///
  /// - Parameter isAssignment: whether it is the value of a variable, where `~` also counts behind a colon.
  mutating func word(isAssignment: Bool = false) throws(ShellSyntaxError) -> ShellWord? {
    let start = position
    var result = ShellWord(place: here)
    var text: [UInt8] = []
    var isEmptyQuote = false
    if byte == 0x7e {
      var end = position + 1
      while end < bytes.count, ShellParser.isNameByte(bytes[end]) || bytes[end] == 0x2d { end += 1 }
      if end >= bytes.count || bytes[end] == 0x2f || ShellParser.endsWord(bytes[end]) || bytes[end] == 0x3a {
        result.parts.append(.home(String(decoding: bytes[(position + 1)..<end], as: UTF8.self)))
        position = end
      }
    }
    func flush(_ result: inout ShellWord, _ text: inout [UInt8]) {
      if !text.isEmpty { result.parts.append(.text(String(decoding: text, as: UTF8.self), isQuoted: false)) }
      text.removeAll()
    }
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x5c {
        guard position + 1 < bytes.count else {
          text.append(byte)
          position += 1
          break
        }
        if bytes[position + 1] != 0x0a {
          flush(&result, &text)
          var end = position + 2
          while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
          result.parts.append(.text(String(decoding: bytes[(position + 1)..<end], as: UTF8.self), isQuoted: true))
          position = end
        } else {
          position += 2
        }
      } else if byte == 0x27 {
        flush(&result, &text)
        guard let end = bytes[(position + 1)...].firstIndex(of: 0x27) else {
          throw error("the quote `'` is not closed")
        }
        result.parts.append(
          .text(String(decoding: bytes[(position + 1)..<end], as: UTF8.self), isQuoted: true))
        position = end + 1
        isEmptyQuote = true
      } else if byte == 0x22 {
        flush(&result, &text)
        position += 1
        let quoted = try quotedWord(isDocument: false)
        result.parts += quoted.parts.isEmpty ? [.text("", isQuoted: true)] : quoted.parts
        isEmptyQuote = true
      } else if byte == 0x24, dialect == .bash, self.byte(1) == 0x27 {
        flush(&result, &text)
        result.parts.append(.text(try escapedQuote(), isQuoted: true))
      } else if byte == 0x24, dialect == .bash, self.byte(1) == 0x22 {
        position += 1
      } else if byte == 0x24 || byte == 0x60 {
        if let part = try expansion(isQuoted: false) {
          flush(&result, &text)
          result.parts.append(part)
        } else {
          text.append(byte)
          position += 1
        }
      } else if ShellParser.endsWord(byte) {
        guard byte == 0x3c || byte == 0x3e, dialect == .bash, self.byte(1) == 0x28 else { break }
        if byte == 0x3e { throw error("process substitution `>(...)` is not read") }
        flush(&result, &text)
        result.parts.append(try processSubstitution())
      } else {
        text.append(byte)
        position += 1
      }
    }
    flush(&result, &text)
    return position > start || isEmptyQuote ? result : nil
  }

  /// `<(...)`.
  private mutating func processSubstitution() throws(ShellSyntaxError) -> ShellWordPart {
    position += 2
    try enter()
    defer { depth -= 1 }
    let script = try body(until: [])
    try skipNewlines()
    guard byte == 0x29 else { throw error("`)` of a process substitution is missing") }
    position += 1
    return .process(script)
  }

  /// The inside of double quotes, up to the closing one; a here-document, up to its end.
  mutating func quotedWord(isDocument: Bool) throws(ShellSyntaxError) -> ShellWord {
    try enter()
    defer { depth -= 1 }
    var result = ShellWord(place: here)
    var text: [UInt8] = []
    var isClosed = isDocument
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x22, !isDocument {
        position += 1
        isClosed = true
        break
      }
      if byte == 0x5c, position + 1 < bytes.count {
        let next = bytes[position + 1]
        switch next {
        case 0x0a: position += 2
        case 0x24, 0x60, 0x5c:
          text.append(next)
          position += 2
        case 0x22 where !isDocument:
          text.append(next)
          position += 2
        default:
          text.append(byte)
          position += 1
        }
        continue
      }
      if byte == 0x24 || byte == 0x60, let part = try expansion(isQuoted: true) {
        if !text.isEmpty { result.parts.append(.text(String(decoding: text, as: UTF8.self), isQuoted: true)) }
        text.removeAll()
        result.parts.append(part)
        continue
      }
      text.append(byte)
      position += 1
    }
    guard isClosed else { throw error("the quote `\"` is not closed") }
    if !text.isEmpty { result.parts.append(.text(String(decoding: text, as: UTF8.self), isQuoted: true)) }
    return result
  }

  /// A word that blanks do not end: the index of an array.
  mutating func looseWord() throws(ShellSyntaxError) -> ShellWord {
    var result = ShellWord(place: here)
    while position < bytes.count {
      if let part = try word() {
        result.parts += part.parts
      } else {
        result.parts.append(.text(String(decoding: [byte], as: UTF8.self), isQuoted: false))
        position += 1
      }
    }
    return result
  }

  /// `$'...'`.
  private mutating func escapedQuote() throws(ShellSyntaxError) -> String {
    position += 2
    let start = position
    while position < bytes.count, byte != 0x27 { position += byte == 0x5c ? 2 : 1 }
    guard position < bytes.count else { throw error("the quote `'` is not closed") }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    position += 1
    var stops = false
    return ShellEscapes.text(text, .quote, &stops)
  }

  // MARK: Expansions

  /// What begins with `$` or a backquote; nil when the character stands for itself.
  private mutating func expansion(isQuoted: Bool) throws(ShellSyntaxError) -> ShellWordPart? {
    if byte == 0x60 { return try backquotes(isQuoted) }
    let next = byte(1)
    if next == 0x28, byte(2) == 0x28, let end = arithmeticEnd() {
      let text = Array(bytes[(position + 3)..<end])
      let line = here.line
      position = end + 2
      let word = try inner(text, line) { (parser) throws(ShellSyntaxError) in try parser.quotedWord(isDocument: true) }
      return .arithmetic(word, isQuoted: isQuoted)
    }
    if next == 0x28 {
      position += 2
      try enter()
      defer { depth -= 1 }
      let script = try body(until: [])
      try skipNewlines()
      guard byte == 0x29 else { throw error("`)` of a command substitution is missing") }
      position += 1
      return .command(script, isQuoted: isQuoted)
    }
    if next == 0x7b { return .parameter(try braced(), isQuoted: isQuoted) }
    var end = position + 1
    if ShellParser.isNameByte(next), next < 0x30 || next > 0x39 {
      while end < bytes.count, ShellParser.isNameByte(bytes[end]) { end += 1 }
    } else if next >= 0x30 && next <= 0x39 || [0x40, 0x2a, 0x23, 0x3f, 0x2d, 0x24, 0x21].contains(next) {
      end += 1
    } else {
      return nil
    }
    let name = String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
    position = end
    return .parameter(ShellParameter(name: name), isQuoted: isQuoted)
  }

  /// Where the `))` of an arithmetic expansion stands; nil when it is a subshell in a command substitution.
  private func arithmeticEnd() -> Int? {
    var depth = 0
    var end = position + 3
    while end < bytes.count {
      if bytes[end] == 0x28 { depth += 1 }
      if bytes[end] == 0x29 {
        if depth == 0 { return end + 1 < bytes.count && bytes[end + 1] == 0x29 ? end : nil }
        depth -= 1
      }
      end += 1
    }
    return nil
  }

  private mutating func backquotes(_ isQuoted: Bool) throws(ShellSyntaxError) -> ShellWordPart {
    let start = here
    position += 1
    var text: [UInt8] = []
    while position < bytes.count, byte != 0x60 {
      if byte == 0x5c, [0x60, 0x5c, 0x24].contains(byte(1)) || isQuoted && byte(1) == 0x22 { position += 1 }
      text.append(byte)
      position += 1
    }
    guard position < bytes.count else { throw error("the backquote is not closed") }
    position += 1
    var parser = ShellParser(text, dialect: dialect, firstLine: start.line, nextDocument: nextDocument)
    parser.depth = depth
    parser.aliases = aliases
    try parser.enter()
    var script = ShellScript()
    try parser.statements(into: &script, until: [])
    try parser.skipNewlines()
    guard parser.position >= text.count else { throw parser.error("`\(parser.character)` cannot stand here") }
    nextDocument = parser.nextDocument
    for (id, document) in parser.documents { documents[id] = document }
    return .command(script, isQuoted: isQuoted)
  }

  /// `${...}`.
  private mutating func braced() throws(ShellSyntaxError) -> ShellParameter {
    position += 2
    var parameter = ShellParameter(name: "")
    if byte == 0x23, byte(1) != 0x7d, byte(1) != 0x3a || byte(2) == 0x7d, byte(1) != 0x2d || byte(2) == 0x7d {
      parameter.operation = .length
      position += 1
    } else if byte == 0x21, byte(1) != 0x7d {
      parameter.isIndirect = true
      position += 1
    }
    let start = position
    if ShellParser.isNameByte(byte) {
      while position < bytes.count, ShellParser.isNameByte(byte) { position += 1 }
    } else if [0x40, 0x2a, 0x23, 0x3f, 0x2d, 0x24, 0x21].contains(byte) {
      position += 1
    }
    parameter.name = String(decoding: bytes[start..<position], as: UTF8.self)
    guard !parameter.name.isEmpty else { throw error("`${\(character)` is no expansion") }
    if byte == 0x5b {
      position += 1
      parameter.index = try bracketed()
    }
    if byte == 0x7d {
      position += 1
      if parameter.isIndirect, parameter.index != nil {
        parameter.isIndirect = false
        parameter.operation = .keys
      }
      return parameter
    }
    if case .length = parameter.operation { throw error("`}` is missing behind `${#\(parameter.name)`") }
    if parameter.isIndirect, parameter.index == nil, byte == 0x2a || byte == 0x40, byte(1) == 0x7d {
      position += 2
      parameter.isIndirect = false
      parameter.operation = .names
      return parameter
    }
    let counts = byte == 0x3a && [0x2d, 0x3d, 0x3f, 0x2b].contains(byte(1))
    if counts { position += 1 }
    switch byte {
    case 0x2d: parameter.operation = .defaultValue(counts: counts)
    case 0x3d: parameter.operation = .assign(counts: counts)
    case 0x3f: parameter.operation = .demand(counts: counts)
    case 0x2b: parameter.operation = .alternative(counts: counts)
    case 0x23:
      let isLongest = byte(1) == 0x23
      if isLongest { position += 1 }
      parameter.operation = .removePrefix(longest: isLongest)
    case 0x25:
      let isLongest = byte(1) == 0x25
      if isLongest { position += 1 }
      parameter.operation = .removeSuffix(longest: isLongest)
    case 0x2f:
      let all = byte(1) == 0x2f
      if all { position += 1 }
      var anchor = ShellParameter.Anchor.anywhere
      if byte(1) == 0x23 { anchor = .start }
      if byte(1) == 0x25 { anchor = .end }
      if anchor != .anywhere { position += 1 }
      parameter.operation = .replace(all: all, anchor: anchor)
    case 0x3a: parameter.operation = .slice
    case 0x5e:
      let all = byte(1) == 0x5e
      if all { position += 1 }
      parameter.operation = .upper(all: all)
    case 0x2c:
      let all = byte(1) == 0x2c
      if all { position += 1 }
      parameter.operation = .lower(all: all)
    default: throw error("`${\(parameter.name)\(character)` is no expansion")
    }
    position += 1
    switch parameter.operation {
    case .replace:
      parameter.word = try bracedWord(until: 0x2f)
      if byte == 0x2f {
        position += 1
        parameter.second = try bracedWord(until: 0x7d)
      }
    case .slice:
      parameter.word = try bracedWord(until: 0x3a)
      if byte == 0x3a {
        position += 1
        parameter.second = try bracedWord(until: 0x7d)
      }
    default: parameter.word = try bracedWord(until: 0x7d)
    }
    guard byte == 0x7d else { throw error("`}` is missing behind `${\(parameter.name)`") }
    position += 1
    return parameter
  }

  /// The word of an expansion in braces up to a byte or `}`, which is left.
  private mutating func bracedWord(until end: UInt8) throws(ShellSyntaxError) -> ShellWord {
    try enter()
    defer { depth -= 1 }
    var result = ShellWord(place: here)
    while position < bytes.count, byte != 0x7d, byte != end || end == 0x7d {
      let start = position
      if let word = try wordInBraces(end) { result.parts += word.parts }
      if position == start {
        result.parts.append(.text(String(decoding: [byte], as: UTF8.self), isQuoted: false))
        position += 1
      }
    }
    return result
  }

  /// A piece of such a word: quotes and expansions count, blanks and the like do not.
  private mutating func wordInBraces(_ end: UInt8) throws(ShellSyntaxError) -> ShellWord? {
    var stop = position
    while stop < bytes.count {
      let byte = bytes[stop]
      if byte == 0x7d || byte == end || byte == 0x22 || byte == 0x27 || byte == 0x24 || byte == 0x60 || byte == 0x5c {
        break
      }
      stop += 1
    }
    if stop > position {
      let text = String(decoding: bytes[position..<stop], as: UTF8.self)
      let place = here
      position = stop
      return ShellWord(parts: [.text(text, isQuoted: false)], place: place)
    }
    let place = here
    switch byte {
    case 0x22:
      position += 1
      let quoted = try quotedWord(isDocument: false)
      return quoted.parts.isEmpty ? ShellWord(parts: [.text("", isQuoted: true)], place: place) : quoted
    case 0x27:
      guard let close = bytes[(position + 1)...].firstIndex(of: 0x27) else {
        throw error("the quote `'` is not closed")
      }
      let text = String(decoding: bytes[(position + 1)..<close], as: UTF8.self)
      position = close + 1
      return ShellWord(parts: [.text(text, isQuoted: true)], place: place)
    case 0x5c where position + 1 < bytes.count:
      let text = String(decoding: [bytes[position + 1]], as: UTF8.self)
      position += 2
      return ShellWord(parts: [.text(text, isQuoted: true)], place: place)
    case 0x24, 0x60:
      if let part = try expansion(isQuoted: false) { return ShellWord(parts: [part], place: place) }
      return nil
    default: return nil
    }
  }
}

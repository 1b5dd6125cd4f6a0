// Reads scripts as a POSIX shell or bash does (POSIX.1-2017, Shell Command Language; bash(1)).

/// Reads one script.
struct ShellParser {
  /// How deep commands, quotes and expansions may stand inside each other.
  static let deepest = 60

  let bytes: [UInt8]
  let dialect: ShellDialect
  var position = 0
  /// The line and where it starts, for places.
  private var lines: [Int] = [0]
  /// The line of the first byte, for text that comes from another script.
  private let firstLine: Int
  /// Here-documents whose text is below the next newline.
  private var pending: [Pending] = []
  /// The texts of the here-documents by their numbers: a text stands below the line that asks for it.
  var documents: [Int: ShellDocument] = [:]
  var nextDocument: Int
  var depth = 0
  /// What the names of commands stand for, where the shell follows aliases.
  var aliases: [String: String] = [:]

  private struct Pending {
    var id: Int
    var end: [UInt8]
    var isQuoted: Bool
    var dropsTabs: Bool
  }

  init(_ bytes: [UInt8], dialect: ShellDialect, firstLine: Int = 1, nextDocument: Int = 0) {
    self.nextDocument = nextDocument
    self.bytes = bytes
    self.dialect = dialect
    self.firstLine = firstLine
    for (place, byte) in bytes.enumerated() where byte == 0x0a { lines.append(place + 1) }
  }

  /// Reads the next line with all that belongs to it, or says why it cannot be read; neither at the end.
  mutating func next() -> (script: ShellScript?, error: ShellSyntaxError?) {
    do throws(ShellSyntaxError) {
      try skipNewlines()
      guard position < bytes.count else { return (nil, nil) }
      let start = position
      var script = ShellScript()
      try statements(into: &script, until: [])
      if position == start { throw error("`\(character)` cannot stand here") }
      return (script, nil)
    } catch {
      return (nil, error)
    }
  }

  // MARK: Places and bytes

  func place(at position: Int) -> ShellPlace {
    var low = 0
    var high = lines.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if lines[middle] <= position { low = middle } else { high = middle }
    }
    return ShellPlace(line: low + firstLine, column: position - lines[low] + 1)
  }

  var here: ShellPlace { place(at: min(position, bytes.count)) }

  func error(_ message: String) -> ShellSyntaxError { ShellSyntaxError(here, message) }

  var byte: UInt8 { position < bytes.count ? bytes[position] : 0 }
  func byte(_ offset: Int) -> UInt8 { position + offset < bytes.count ? bytes[position + offset] : 0 }

  /// The next character, for messages.
  var character: String {
    guard position < bytes.count else { return "end of file" }
    if bytes[position] == 0x0a { return "newline" }
    return String(decoding: bytes[position...].prefix { $0 > 0x20 }.prefix(20), as: UTF8.self)
  }

  mutating func enter() throws(ShellSyntaxError) {
    depth += 1
    if depth > ShellParser.deepest {
      throw error("more than \(ShellParser.deepest) constructs stand inside each other")
    }
  }

  /// Passes over blanks, continued lines and a comment.
  mutating func skipBlanks() {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x20 || byte == 0x09 {
        position += 1
      } else if byte == 0x5c, self.byte(1) == 0x0a {
        position += 2
      } else if byte == 0x23 {
        while position < bytes.count, bytes[position] != 0x0a { position += 1 }
        return
      } else {
        return
      }
    }
  }

  /// Passes over blanks, comments and newlines, and reads the here-documents that begin there.
  mutating func skipNewlines() throws(ShellSyntaxError) {
    while true {
      skipBlanks()
      guard position < bytes.count, bytes[position] == 0x0a else { return }
      try newline()
    }
  }

  mutating func newline() throws(ShellSyntaxError) {
    position += 1
    let documents = pending
    pending = []
    for document in documents { self.documents[document.id] = try hereDocument(document) }
  }

  // MARK: Here-documents

  /// Notes a here-document; its text is put in its place when all is read.
  mutating func promise(end: [UInt8], isQuoted: Bool, dropsTabs: Bool) -> ShellWord {
    nextDocument += 1
    pending.append(Pending(id: nextDocument, end: end, isQuoted: isQuoted, dropsTabs: dropsTabs))
    return ShellWord(parts: [.document(nextDocument)], place: here)
  }

  private mutating func hereDocument(_ document: Pending) throws(ShellSyntaxError) -> ShellDocument {
    let start = here
    var text: [UInt8] = []
    var lines = 0
    while position < bytes.count {
      let end = bytes[position...].firstIndex(of: 0x0a) ?? bytes.count
      var line = bytes[position..<end]
      position = min(end + 1, bytes.count)
      if document.dropsTabs { line = line.drop { $0 == 0x09 } }
      if line.elementsEqual(document.end) { break }
      text += line
      if end < bytes.count {
        text.append(0x0a)
        lines += 1
      }
    }
    if document.isQuoted {
      let word = ShellWord(parts: [.text(String(decoding: text, as: UTF8.self), isQuoted: true)], place: start)
      return ShellDocument(word: word, lines: lines)
    }
    let word = try inner(text, start.line) { (parser) throws(ShellSyntaxError) in
      try parser.quotedWord(isDocument: true)
    }
    return ShellDocument(word: word, lines: lines)
  }

  /// Reads a text of its own that is part of this one.
  mutating func inner(
    _ text: [UInt8], _ line: Int, _ read: (inout ShellParser) throws(ShellSyntaxError) -> ShellWord
  ) throws(ShellSyntaxError) -> ShellWord {
    var parser = ShellParser(text, dialect: dialect, firstLine: line, nextDocument: nextDocument)
    parser.depth = depth
    parser.aliases = aliases
    try parser.enter()
    let word = try read(&parser)
    nextDocument = parser.nextDocument
    for (id, document) in parser.documents { documents[id] = document }
    return word
  }
}

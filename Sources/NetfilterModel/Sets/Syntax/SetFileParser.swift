// Reads set files as `ipset restore` does, but goes on after a problem and reports all of them.

/// What a set file gave: the sets, and every problem.
public struct SetFileResult: Sendable {
  /// The sets; a line with a problem changes nothing.
  public var sets: SetCollection
  /// The problems in the order of their places, at most `SetFileParser.mostProblems`.
  public var diagnostics: [Diagnostic]

  /// Whether ipset or the kernel would refuse the file.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Reads set files in the form of `ipset save`, with all that `ipset restore` takes.
public struct SetFileParser {
  /// The longest name of a set in bytes (kernel: `IPSET_MAXNAMELEN`).
  public static let longestName = 31
  /// The longest line in bytes with its newline; `ipset restore` cuts longer ones in two.
  public static let longestLine = 1023
  /// How many problems are listed.
  public static let mostProblems = 1000

  private let file: String
  private var sets: SetCollection
  private var diagnostics: [Diagnostic] = []
  private var budget = SetBudget()
  private var line = 0
  /// Whether `-exist` was given.
  private var exists: Bool
  /// The entries that ipset sends together, and so with one `-exist`.
  private var batch: (command: SetCommand, set: Int, exists: Bool, line: Int)?
  /// Sets that could not be made, of which nothing more is said.
  private var broken: Set<String> = []
  private var isOver = false
  private var lastSet: (name: Substring, place: Int)?

  private init(_ file: String, _ sets: SetCollection, _ exists: Bool) {
    self.file = file
    self.sets = sets
    self.exists = exists
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: the contents of the file, UTF-8.
  ///   - file: its name, for diagnostics.
  ///   - sets: the sets that are there before.
  ///   - exists: whether sets and entries may be there already (`ipset restore -exist`).
  /// - Returns: the sets and every problem; never fails.
  public static func parse(
    _ bytes: [UInt8], file: String, into sets: SetCollection = SetCollection(), exists: Bool = false
  ) -> SetFileResult {
    var parser = SetFileParser(file, sets, exists)
    parser.read(bytes, until: .max)
    if parser.isOver, let first = parser.batch?.line {
      // `quit` forgets the entries that were not sent yet.
      parser = SetFileParser(file, sets, exists)
      parser.read(bytes, until: first)
    }
    return SetFileResult(sets: parser.sets, diagnostics: parser.diagnostics)
  }

  private mutating func read(_ bytes: [UInt8], until last: Int) {
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count, !isOver, line + 1 < last {
        var end = start
        let limit = min(bytes.count, start + SetFileParser.longestLine)
        while end < limit, bytes[end] != 0x0a { end += 1 }
        if end < limit { end += 1 }
        line += 1
        read(UnsafeBufferPointer(rebasing: bytes[start..<end]))
        start = end
      }
    }
  }

  private mutating func read(_ whole: UnsafeBufferPointer<UInt8>) {
    var first = 0
    while first < whole.count, NumberReader.isBlank(whole[first]) { first += 1 }
    if first == whole.count || whole[first] == UInt8(ascii: "#") { return }
    let text = UnsafeBufferPointer(rebasing: whole[first...])
    if text.elementsEqual("COMMIT\n".utf8) || text.elementsEqual("COMMIT\r\n".utf8) {
      batch = nil
      return
    }
    let split = SetWords(text)
    do throws(SetTextError) {
      if split.areTooMany { throw SetTextError(.badSetLine, "a line has at most \(SetWords.most) words") }
      if let quote = split.openQuote {
        var error = SetTextError(.unclosedQuote, "a quote is not closed")
        error.place = quote
        throw error
      }
      try run(split.words)
    } catch { report(error, whole, from: first) }
  }

  private mutating func report(_ error: SetTextError, _ whole: UnsafeBufferPointer<UInt8>, from first: Int) {
    if diagnostics.count >= SetFileParser.mostProblems { return }
    let place = min(whole.count, first + (error.place ?? 0))
    let before = String(decoding: whole[..<place], as: UTF8.self)
    var end = whole.count
    while end > 0, whole[end - 1] == 0x0a || whole[end - 1] == 0x0d { end -= 1 }
    diagnostics.append(
      Diagnostic(
        error.id, at: SourceRange(file: file, line: line, column: before.count + 1, length: error.length),
        error.message, help: error.help, sourceLine: String(decoding: whole[..<end], as: UTF8.self)))
  }

  // MARK: Commands

  private mutating func run(_ all: [SetWord]) throws(SetTextError) {
    let words = try takeSwitches(all)
    guard let first = words.first else { throw SetTextError(.badSetLine, "the line has no command") }
    guard let command = SetCommand.named(first.text) else {
      let near = Spelling.nearest(to: String(first.text), among: SetCommand.allCases.map { $0.names[0] })
      throw SetTextError(
        .badSetLine, "`\(first.text)` is not a command", at: first, help: near.map { "did you mean `\($0)`?" })
    }
    let rest = words.dropFirst()
    switch command {
    case .help, .version, .restore:
      throw SetTextError(.badSetLine, "`\(first.text)` cannot stand in a set file", at: first)
    default: break
    }
    if rest.count < command.words.needed {
      throw SetTextError(
        .badSetLine, "`\(command.names[0])` needs \(command.words.needed == 1 ? "a name" : "two words")", at: first)
    }
    switch command {
    case .create: try create(rest)
    case .add, .delete, .test: try change(command, rest)
    default: try runOther(command, rest)
    }
  }

  /// Takes options of ipset itself out of a line, wherever they stand (libipset: `ipset_envopts`).
  private mutating func takeSwitches(_ all: [SetWord]) throws(SetTextError) -> ArraySlice<SetWord> {
    if !all.contains(where: { $0.text.utf8.first == UInt8(ascii: "-") }) { return all[...] }
    var words: [SetWord] = []
    var rest = all[...]
    while let word = rest.popFirst() {
      switch word.text.hasPrefix("--") ? word.text.dropFirst() : word.text {
      case "-!", "-exist": exists = true
      case "-s", "-sorted", "-q", "-quiet", "-r", "-resolve", "-n", "-name", "-t", "-terse": break
      case "-o", "-output":
        guard let mode = rest.popFirst() else { throw SetTextError(.badSetLine, "`-o` needs a value", at: word) }
        if !["plain", "save", "xml"].contains(String(mode.text)) {
          throw SetTextError(.badSetValue, "`\(mode.text)` is not a form of output", at: mode)
        }
      case "-f", "-file":
        guard rest.popFirst() != nil else { throw SetTextError(.badSetLine, "`-f` needs a value", at: word) }
      default: words.append(word)
      }
    }
    return words[...]
  }

  private mutating func name(_ word: SetWord) throws(SetTextError) -> String {
    if word.text.utf8.count > SetFileParser.longestName {
      throw SetTextError(.badSetValue, "the name of a set has at most \(SetFileParser.longestName) bytes", at: word)
    }
    return String(word.text)
  }

  /// Does something that may be refused; the complaint has the place of a word.
  private mutating func attempt(
    _ word: SetWord, _ body: (inout SetCollection) throws(SetFault) -> Void
  ) throws(SetTextError) {
    do throws(SetFault) { try body(&sets) } catch {
      throw SetTextError(error.id, error.rawValue, at: word, help: error.help)
    }
  }

  private mutating func create(_ words: ArraySlice<SetWord>) throws(SetTextError) {
    batch = nil
    lastSet = nil
    let nameWord = words[words.startIndex]
    let typeWord = words[words.startIndex + 1]
    let name = try name(nameWord)
    broken.insert(name)
    guard let place = SetType.place(of: typeWord.text) else {
      let near = Spelling.nearest(to: String(typeWord.text), among: SetType.all.map { $0.name })
      throw SetTextError(
        .unknownSetType, "`\(typeWord.text)` is not a type of sets", at: typeWord,
        help: near.map { "did you mean `\($0)`?" })
    }
    let (header, ignored) = try SetHeaderReader.read(typePlace: place, words.dropFirst(2))
    let exists = exists
    try attempt(nameWord) { (sets) throws(SetFault) in try sets.create(name, header, exists: exists) }
    broken.remove(name)
    if let word = ignored.first {
      throw SetTextError(.ignoredSetOption, "`\(word.text)` has no effect", at: word)
    }
  }

  private mutating func change(_ command: SetCommand, _ words: ArraySlice<SetWord>) throws(SetTextError) {
    let nameWord = words[words.startIndex]
    let entryWord = words[words.startIndex + 1]
    let place: Int
    if let last = lastSet, last.name == nameWord.text {
      place = last.place
    } else {
      let name = try name(nameWord)
      guard let found = sets.place(of: name) else {
        if broken.contains(name) { return }
        throw SetTextError(.unknownSet, "there is no set `\(name)`", at: nameWord)
      }
      place = found
      lastSet = (nameWord.text, place)
    }
    guard let header = sets[place]?.header else { return }
    var element = try SetElementReader(type: header.type, family: header.family, command: command, word: entryWord)
      .read()
    let extras = try SetEntryReader.read(words.dropFirst(2), header.type, command, &element)
    if command == .test {
      batch = nil
      return try test(element, in: place, nameWord, entryWord)
    }
    if batch?.command != command || batch?.set != place { batch = (command, place, exists, line) }
    let exists = batch?.exists ?? exists
    var budget = budget
    self.budget = SetBudget(steps: 0, room: 0)
    defer { self.budget = budget }
    do throws(SetFault) {
      if command == .add {
        try sets.add(element, extras, to: place, exists: exists, now: 0, &budget)
      } else {
        try sets.remove(element, from: place, exists: exists, now: 0, &budget)
      }
    } catch { throw SetTextError(error.id, error.rawValue, at: entryWord, help: error.help) }
  }

  private mutating func test(
    _ element: SetElement, in place: Int, _ nameWord: SetWord, _ word: SetWord
  ) throws(SetTextError) {
    var answer = false
    try attempt(word) { (sets) throws(SetFault) in answer = try sets.has(element, in: place, now: 0) }
    if !answer {
      throw SetTextError(.failedSetTest, "`\(word.text)` is not in set `\(nameWord.text)`", at: word)
    }
    isOver = true
    throw SetTextError(.lastSetTest, "`ipset restore` reads nothing behind a `test`", at: nameWord)
  }

  private mutating func runOther(_ command: SetCommand, _ words: ArraySlice<SetWord>) throws(SetTextError) {
    let most = command.words.needed + (command.words.optional ? 1 : 0)
    if words.count > most {
      let word = words[words.startIndex + most]
      throw SetTextError(.badSetLine, "`\(word.text)` is one word too many", at: word)
    }
    let start = words.startIndex
    let named = try words.first.map { (word) throws(SetTextError) in try name(word) }
    if command == .quit {
      isOver = true
      return
    }
    batch = nil
    lastSet = nil
    let word = words.first ?? SetWord(text: "", start: 0)
    let exists = exists
    switch command {
    case .destroy:
      try attempt(word) { (sets) throws(SetFault) in
        do throws(SetFault) { try sets.destroy(named) } catch {
          if !exists || error != .missing { throw error }
        }
      }
    case .flush: try attempt(word) { (sets) throws(SetFault) in try sets.flush(named) }
    case .rename, .swap:
      let other = try name(words[start + 1])
      try attempt(word) { (sets) throws(SetFault) in
        if command == .rename {
          try sets.rename(named ?? "", to: other)
        } else {
          try sets.swap(named ?? "", with: other)
        }
      }
    default:
      if let named, sets.place(of: named) == nil {
        throw SetTextError(.unknownSet, "there is no set `\(named)`", at: word)
      }
    }
  }
}

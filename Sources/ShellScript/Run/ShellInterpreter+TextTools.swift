// Commands that only turn text into other text: done where that is exact, else not known.

extension ShellInterpreter {
  /// Runs a command on text; false when it is none of these.
  mutating func textTool(_ name: String, _ words: [ShellValue], _ place: ShellPlace) -> Bool {
    let base = name.split(separator: "/").last.map { String($0) } ?? name
    if let unknown = words.first(where: { !$0.isKnown })?.unknown, ShellInterpreter.textTools.contains(base) {
      if base != "tee" {
        _ = readInput()
        finish(nil, unknown, place)
        return true
      }
    }
    let arguments = words.map { $0.text }
    let why = ShellUnknown(line: place.line, what: "what `\(base)` writes")
    switch base {
    case "basename", "dirname":
      let operands = arguments.filter { $0 != "--" && $0 != "-a" }
      guard let path = operands.first else { return false }
      finish(
        base == "basename" ? ShellInterpreter.base(path, operands.dropFirst().first) : ShellInterpreter.folder(path),
        why, place)
    case "seq": finish(ShellInterpreter.sequence(arguments), why, place)
    case "expr": expression(arguments, place)
    case "cat":
      withText(
        arguments.filter { $0 != "-" && $0 != "--" }, arguments.first?.hasPrefix("-") == true && arguments.first != "-",
        why, place
      ) { $0 }
    case "tac", "rev", "nl": withText([], true, why, place) { $0 }
    case "tee": tee(words, place)
    case "head", "tail": headOrTail(base, arguments, why, place)
    case "wc": count(arguments, why, place)
    case "sort", "uniq": sort(base, arguments, why, place)
    case "tr": translate(arguments, why, place)
    case "cut": cut(arguments, why, place)
    case "grep", "egrep", "fgrep": grep(base, arguments, why, place)
    case "sed": sed(arguments, why, place)
    case "awk", "gawk", "mawk": awk(arguments, why, place)
    default: return false
    }
    return true
  }

  private static var textTools: [String] {
    [
      "basename", "dirname", "seq", "expr", "cat", "tee", "head", "tail", "wc", "sort", "uniq", "tr", "cut", "grep",
      "egrep",
      "fgrep", "sed", "awk", "gawk", "mawk",
    ]
  }

  /// Writes what a command writes; nil for what is not known.
  private mutating func finish(_ text: String?, _ why: ShellUnknown, _ place: ShellPlace, newline: Bool = true) {
    guard let text else {
      write(ShellValue(unknown: why), to: 1, place)
      status = .assumed(why)
      return
    }
    write(ShellValue(newline ? text + "\n" : text), to: 1, place)
    status = .success
  }

  /// Turns the text of files or of standard input into another; `isOdd` says that an option is not read here.
  private mutating func withText(
    _ files: [String], _ isOdd: Bool, _ why: ShellUnknown, _ place: ShellPlace, _ body: (String) -> String?
  ) {
    guard let text = text(of: files, place), !isOdd else {
      finish(nil, why, place)
      return
    }
    if let unknown = text.unknown {
      finish(nil, unknown, place)
    } else {
      finish(body(text.text), why, place, newline: false)
    }
  }

  /// The text of files, or of standard input when none is named; nil for a terminal.
  private mutating func text(of files: [String], _ place: ShellPlace) -> ShellValue? {
    guard !files.isEmpty else { return readInput() }
    var text = ShellValue("")
    for file in files {
      let one = contents(of: ShellValue(file), place)
      text.text += one.text
      if text.unknown == nil { text.unknown = one.unknown }
    }
    return text
  }

  private static func lines(_ text: String) -> [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func text(_ lines: some Sequence<String>) -> String {
    var text = ""
    for line in lines { text += line + "\n" }
    return text
  }

  static func base(_ path: String, _ suffix: String?) -> String {
    let parts = path.split(separator: "/")
    guard let last = parts.last else { return path.isEmpty ? "" : "/" }
    if let suffix, last.hasSuffix(suffix), last != suffix { return String(last.dropLast(suffix.count)) }
    return String(last)
  }

  static func folder(_ path: String) -> String {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false)
    while parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
    guard parts.count > 1 else { return path.hasPrefix("/") ? "/" : "." }
    parts.removeLast()
    while parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
    let folder = parts.joined(separator: "/")
    return folder.isEmpty ? "/" : folder
  }

  private static func sequence(_ arguments: [String]) -> String? {
    let numbers = arguments.compactMap { Int32($0).map { Int($0) } }
    guard numbers.count == arguments.count, (1...3).contains(numbers.count) else { return nil }
    let first = numbers.count > 1 ? numbers[0] : 1
    let step = numbers.count > 2 ? numbers[1] : 1
    let last = numbers[numbers.count - 1]
    guard step != 0, abs(last - first) / abs(step) < 100_000 else { return nil }
    return stride(from: first, through: last, by: step).map { "\($0)" }.joined(separator: "\n")
  }

  /// `expr A op B` of two numbers.
  private mutating func expression(_ arguments: [String], _ place: ShellPlace) {
    let why = ShellUnknown(line: place.line, what: "what `expr` writes")
    guard arguments.count == 3, let left = Int(arguments[0]), let right = Int(arguments[2]) else {
      finish(nil, why, place)
      return
    }
    let value: Int
    switch arguments[1] {
    case "+": value = left &+ right
    case "-": value = left &- right
    case "*": value = left &* right
    case "/" where right != 0: value = left.dividedReportingOverflow(by: right).partialValue
    case "%" where right != 0: value = left.remainderReportingOverflow(dividingBy: right).partialValue
    case "=": value = left == right ? 1 : 0
    case "<": value = left < right ? 1 : 0
    case ">": value = left > right ? 1 : 0
    case "<=": value = left <= right ? 1 : 0
    case ">=": value = left >= right ? 1 : 0
    case "!=": value = left != right ? 1 : 0
    default:
      finish(nil, why, place)
      return
    }
    finish("\(value)", why, place)
    status = value == 0 ? .failure : .success
  }

  private mutating func tee(_ words: [ShellValue], _ place: ShellPlace) {
    let input = readInput() ?? ShellValue(unknown: ShellUnknown(line: place.line, what: "what is typed"))
    var appends = false
    for word in words {
      if word.text == "-a", word.isKnown {
        appends = true
        continue
      }
      guard word.isKnown else { continue }
      let kind: ShellRedirection.Kind = appends ? .append : .write
      let before = scope.descriptors
      let opened = redirect(
        [
          ShellRedirection(
            descriptor: 9, kind: kind, target: ShellWord(parts: [.text(word.text, isQuoted: true)], place: place))
        ],
        place)
      write(input, to: 9, place)
      close(opened ?? [], place)
      scope.descriptors = before
    }
    write(input, to: 1, place)
    status = .success
  }

  private mutating func headOrTail(_ name: String, _ arguments: [String], _ why: ShellUnknown, _ place: ShellPlace) {
    var count: Int? = 10
    var isFrom = false
    var files: [String] = []
    var index = 0
    while index < arguments.count {
      let word = arguments[index]
      if word == "-n" {
        index += 1
        let text = index < arguments.count ? arguments[index] : ""
        isFrom = text.hasPrefix("+")
        count = Int(isFrom ? String(text.dropFirst()) : text)
      } else if word.hasPrefix("-n") {
        isFrom = word.dropFirst(2).hasPrefix("+")
        count = Int(word.dropFirst(isFrom ? 3 : 2))
      } else if word.hasPrefix("-") || word.hasPrefix("+") && name == "tail" {
        isFrom = word.hasPrefix("+")
        count = Int(word.dropFirst())
      } else {
        files.append(word)
      }
      index += 1
    }
    withText(files, (count ?? -1) < 0, why, place) { text in
      let lines = ShellInterpreter.lines(text)
      let count = max(0, count ?? 0)
      let kept =
        name == "head" ? lines.prefix(count) : isFrom ? lines.dropFirst(max(0, count - 1)) : lines.suffix(count)
      return ShellInterpreter.text(kept.map { String($0) })
    }
  }

  private mutating func count(_ arguments: [String], _ why: ShellUnknown, _ place: ShellPlace) {
    let files = arguments.filter { !$0.hasPrefix("-") }
    withText(files, arguments.first != "-l" || !files.isEmpty || arguments.count != 1, why, place) { text in
      "\(text.utf8.filter { $0 == 0x0a }.count)\n"
    }
  }

  private mutating func sort(_ name: String, _ arguments: [String], _ why: ShellUnknown, _ place: ShellPlace) {
    let isUnique = arguments == ["-u"] || name == "uniq"
    withText([], !arguments.isEmpty && arguments != ["-u"], why, place) { text in
      var lines = ShellInterpreter.lines(text)
      // Other locales sort other characters in another order.
      guard
        name == "uniq" || text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 == 0x0a || $0 >= 0x61 && $0 <= 0x7a })
      else { return nil }
      if name == "sort" { lines.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
      var kept: [String] = []
      for line in lines where !isUnique || kept.last != String(line) { kept.append(String(line)) }
      return ShellInterpreter.text(kept)
    }
  }

  private mutating func translate(_ arguments: [String], _ why: ShellUnknown, _ place: ShellPlace) {
    let set = { (text: String) -> [Character]? in
      switch text {
      case "[:upper:]", "A-Z", "[A-Z]": return (UInt8(0x41)...0x5a).map { Character(UnicodeScalar($0)) }
      case "[:lower:]", "a-z", "[a-z]": return (UInt8(0x61)...0x7a).map { Character(UnicodeScalar($0)) }
      case "[:space:]": return [" ", "\t", "\n", "\r", "\u{0b}", "\u{0c}"]
      case "\\n": return ["\n"]
      case "\\t": return ["\t"]
      case "\\r": return ["\r"]
      default:
        if text.utf8.contains(0x5c) || text.utf8.contains(0x5b) || text.utf8.dropFirst().dropLast().contains(0x2d) {
          return nil
        }
        return Array(text)
      }
    }
    let isDeleting = arguments.first == "-d"
    let isSqueezing = arguments.first == "-s"
    let operands = arguments.filter { $0 != "-d" && $0 != "-s" }
    let sets = operands.map(set)
    let isOdd = operands.count != (isDeleting || isSqueezing ? 1 : 2) || sets.contains { $0 == nil }
    withText([], isOdd, why, place) { text in
      guard let first = sets.first ?? nil else { return nil }
      if isDeleting { return String(text.filter { !first.contains($0) }) }
      var result = ""
      if isSqueezing {
        for character in text where !(first.contains(character) && result.last == character) {
          result.append(character)
        }
        return result
      }
      guard let second = sets[1], let last = second.last else { return nil }
      for character in text {
        if let at = first.firstIndex(of: character) {
          result.append(at < second.count ? second[at] : last)
        } else {
          result.append(character)
        }
      }
      return result
    }
  }

  private mutating func cut(_ arguments: [String], _ why: ShellUnknown, _ place: ShellPlace) {
    var delimiter: Character = "\t"
    var list = ""
    var files: [String] = []
    var isOdd = false
    var byCharacters = false
    var index = 0
    while index < arguments.count {
      let word = arguments[index]
      let next = { index + 1 < arguments.count ? arguments[index + 1] : "" }
      if word == "-d" || word == "-f" || word == "-c" {
        if word == "-d" { delimiter = next().first ?? "\t" } else { list = next() }
        if word == "-c" { byCharacters = true }
        index += 1
      } else if word.hasPrefix("-d") {
        delimiter = word.dropFirst(2).first ?? "\t"
      } else if word.hasPrefix("-f") {
        list = String(word.dropFirst(2))
      } else if word.hasPrefix("-c") {
        list = String(word.dropFirst(2))
        byCharacters = true
      } else if word.hasPrefix("-") {
        isOdd = true
      } else {
        files.append(word)
      }
      index += 1
    }
    var ranges: [ClosedRange<Int>] = []
    for part in list.split(separator: ",") {
      let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      let first = ends[0].isEmpty ? 1 : Int(ends[0]) ?? 0
      let last = ends.count == 1 ? first : ends[1].isEmpty ? 1_000_000 : Int(ends[1]) ?? 0
      if first >= 1, last >= first { ranges.append(first...last) } else { isOdd = true }
    }
    if ranges.isEmpty { isOdd = true }
    withText(files, isOdd, why, place) { text in
      ShellInterpreter.text(
        ShellInterpreter.lines(text).map { line in
          if byCharacters {
            var kept = ""
            for (place, character) in line.enumerated() where ranges.contains(where: { $0.contains(place + 1) }) {
              kept.append(character)
            }
            return kept
          }
          let fields = line.split(separator: delimiter, omittingEmptySubsequences: false)
          if fields.count == 1 { return String(line) }
          return fields.enumerated().filter { field in ranges.contains { $0.contains(field.offset + 1) } }
            .map { String($0.element) }.joined(separator: String(delimiter))
        })
    }
  }

  private mutating func grep(_ name: String, _ arguments: [String], _ why: ShellUnknown, _ place: ShellPlace) {
    var flags: [Character] = []
    var operands: [String] = []
    var isOdd = false
    var isPastOptions = false
    for (index, word) in arguments.enumerated() {
      if word == "--", !isPastOptions {
        isPastOptions = true
      } else if word.hasPrefix("-"), word.utf8.count > 1, operands.isEmpty, !isPastOptions,
        !(index > 0 && arguments[index - 1] == "-e")
      {
        for letter in word.dropFirst() {
          if ["v", "i", "q", "E", "F", "c", "e", "o", "s", "w"].contains(letter) {
            flags.append(letter)
          } else {
            isOdd = true
          }
        }
      } else {
        operands.append(word)
      }
    }
    if flags.contains("w") { isOdd = true }
    let input = text(of: Array(operands.dropFirst()), place)
    let expression = operands.first.flatMap {
      ShellExpression(
        flags.contains("i") ? $0.lowercased() : $0, isExtended: name == "egrep" || flags.contains("E"),
        isFixed: name == "fgrep" || flags.contains("F"))
    }
    guard var expression, !isOdd, let input, input.isKnown else {
      let why = input?.unknown ?? why
      if !flags.contains("q") { write(ShellValue(unknown: why), to: 1, place) }
      status = .unknown(why)
      return
    }
    expression.ignoresCase = flags.contains("i")
    var found: [String] = []
    for line in ShellInterpreter.lines(input.text) {
      let characters = Array(line)
      guard (expression.range(in: characters) != nil) != flags.contains("v") else { continue }
      if flags.contains("o"), !flags.contains("v") {
        var start = 0
        while let range = expression.range(in: characters, from: start), !range.isEmpty {
          found.append(String(characters[range]))
          start = range.upperBound
        }
      } else {
        found.append(String(line))
      }
    }
    if flags.contains("c") {
      write(ShellValue("\(found.count)\n"), to: 1, place)
    } else if !flags.contains("q") {
      write(ShellValue(ShellInterpreter.text(found)), to: 1, place)
    }
    status = found.isEmpty ? .failure : .success
  }

  /// `s/a/b/g`, `/a/d`, `/a/p` with `-n`, several with `;` or `-e`.
  private mutating func sed(_ arguments: [String], _ why: ShellUnknown, _ place: ShellPlace) {
    var isQuiet = false
    var isExtended = false
    var scripts: [String] = []
    var operands: [String] = []
    var isOdd = false
    var index = 0
    while index < arguments.count {
      switch arguments[index] {
      case "-n": isQuiet = true
      case "-E", "-r": isExtended = true
      case "-e":
        index += 1
        if index < arguments.count { scripts.append(arguments[index]) }
      case let word where word.hasPrefix("-") && word.utf8.count > 1: isOdd = true
      case let word: operands.append(word)
      }
      index += 1
    }
    if scripts.isEmpty, let first = operands.first {
      scripts = [first]
      operands.removeFirst()
    }
    var steps: [SedStep] = []
    for script in scripts {
      guard let read = SedStep.read(script, isExtended: isExtended) else {
        isOdd = true
        break
      }
      steps += read
    }
    withText(operands, isOdd || steps.isEmpty, why, place) { text in
      var result: [String] = []
      let lines = ShellInterpreter.lines(text)
      for (index, line) in lines.enumerated() {
        var current: [Character]? = Array(line)
        for step in steps {
          guard let characters = current else { break }
          if let printed = step.run(characters, &current, number: index + 1, isLast: index == lines.count - 1) {
            result.append(printed)
          }
        }
        if let current, !isQuiet { result.append(String(current)) }
      }
      return ShellInterpreter.text(result)
    }
  }

  /// `{print $1, $3}`, with `-F x` and perhaps a pattern before it.
  private mutating func awk(_ arguments: [String], _ why: ShellUnknown, _ place: ShellPlace) {
    var separator: Character?
    var operands: [String] = []
    var isOdd = false
    var index = 0
    while index < arguments.count {
      let word = arguments[index]
      if word == "-F" {
        index += 1
        separator = index < arguments.count ? arguments[index].first : nil
        if index >= arguments.count || arguments[index].count != 1 { isOdd = true }
      } else if word.hasPrefix("-F") {
        separator = word.dropFirst(2).first
        if word.count != 3 { isOdd = true }
      } else if word.hasPrefix("-") {
        isOdd = true
      } else {
        operands.append(word)
      }
      index += 1
    }
    if let separator, ["|", ".", "*", "+", "?", "\\", "^", "$", "("].contains(separator), separator != "|",
      separator != "."
    {
      isOdd = true
    }
    let program = operands.first.flatMap { AwkProgram($0) }
    withText(Array(operands.dropFirst()), isOdd || program == nil, why, place) { text in
      guard let program else { return nil }
      return ShellInterpreter.text(ShellInterpreter.lines(text).compactMap { program.run(String($0), separator) })
    }
  }
}

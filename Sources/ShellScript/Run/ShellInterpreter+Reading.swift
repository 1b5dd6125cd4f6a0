// Builtins that take text from standard input: `read`, `mapfile`, and the loop of `select`.

extension ShellInterpreter {
  /// How `read` was called.
  private struct ReadCall {
    var names: [String] = []
    var array: String?
    var isRaw = false
    var delimiter: UInt8 = 0x0a
    var most: Int?
    var isExact = false
    var descriptor = 0
  }

  private func readCall(_ words: [ShellValue]) -> ReadCall {
    var call = ReadCall()
    var words = words[...]
    while let word = words.popFirst() {
      guard word.isKnown, word.text.hasPrefix("-"), word.text.utf8.count > 1, call.names.isEmpty else {
        call.names.append(word.text)
        continue
      }
      var letters = word.text.dropFirst()
      while let letter = letters.popFirst() {
        if letter == "r" { call.isRaw = true }
        guard letter == "p" || dialect == .bash && ["a", "d", "n", "N", "t", "u", "i"].contains(letter) else {
          continue
        }
        let value = letters.isEmpty ? words.popFirst()?.text ?? "" : String(letters)
        letters = ""
        switch letter {
        case "a": call.array = value
        case "d": call.delimiter = value.utf8.first ?? 0
        case "n", "N":
          call.most = Int(value)
          call.isExact = letter == "N"
        case "u": call.descriptor = Int(value) ?? 0
        default: break
        }
      }
    }
    if call.names.isEmpty, call.array == nil { call.names = ["REPLY"] }
    return call
  }

  /// `read`: a line of standard input, parted at the characters of IFS (POSIX.1-2017; bash(1)).
  mutating func read(_ words: [ShellValue], _ place: ShellPlace) {
    let call = readCall(words)
    guard let input = inputs(call.descriptor, place) else { return leaveOpen(call, nil, place) }
    if let unknown = inputs[input].unknown { return leaveOpen(call, unknown, place) }
    var line: [(byte: UInt8, isEscaped: Bool)] = []
    var hasEnd = false
    while inputs[input].position < inputs[input].text.count {
      if let most = call.most, line.count >= most {
        hasEnd = true
        break
      }
      let byte = inputs[input].text[inputs[input].position]
      inputs[input].position += 1
      if byte == 0x5c, !call.isRaw, inputs[input].position < inputs[input].text.count {
        let next = inputs[input].text[inputs[input].position]
        inputs[input].position += 1
        if next != 0x0a { line.append((next, true)) }
        continue
      }
      if byte == call.delimiter, !call.isExact {
        hasEnd = true
        break
      }
      line.append((byte, false))
    }
    status = hasEnd || call.most.map { line.count >= $0 } ?? false ? .success : .failure
    let result = status
    if call.isExact {
      assign(call.names.first ?? "REPLY", ShellValue(ShellInterpreter.text(line[...])), place)
    } else if let array = call.array {
      let fields = ShellInterpreter.fields(line, separators(dialect), most: Int.max)
      var values: [Int: ShellValue] = [:]
      for (index, field) in fields.enumerated() { values[index] = ShellValue(field) }
      scope.variables[array] = ShellVariable(content: .indexed(values))
    } else if words.isEmpty || call.names == ["REPLY"], dialect == .bash, call.names.count == 1,
      !words.contains(where: { $0.text == "REPLY" })
    {
      assign("REPLY", ShellValue(ShellInterpreter.text(line[...])), place)
    } else {
      let fields = ShellInterpreter.fields(line, separators(dialect), most: call.names.count)
      for (index, name) in call.names.enumerated() {
        assign(name, ShellValue(index < fields.count ? fields[index] : ""), place)
      }
    }
    if status == .success { status = result }
  }

  /// The input that a descriptor leads to; nil for a terminal and the like.
  private func inputs(_ descriptor: Int, _ place: ShellPlace) -> Int? {
    guard case .input(let index)? = scope.descriptors[descriptor] else { return nil }
    return index
  }

  private mutating func leaveOpen(_ call: ReadCall, _ unknown: ShellUnknown?, _ place: ShellPlace) {
    let reason = unknown ?? ShellUnknown(line: place.line, what: "what is typed")
    for name in call.names + (call.array.map { [$0] } ?? []) { assign(name, ShellValue(unknown: reason), place) }
    status = .unknown(reason)
  }

  private static func text(_ bytes: ArraySlice<(byte: UInt8, isEscaped: Bool)>) -> String {
    String(decoding: bytes.map { $0.byte }, as: UTF8.self)
  }

  /// The bytes that part fields.
  private func separators(_ dialect: ShellDialect) -> [UInt8] {
    guard let value = scope.variables["IFS"]?.scalar, value.isKnown else { return [0x20, 0x09, 0x0a] }
    return Array(value.text.utf8)
  }

  /// The fields of a line: the last of `most` has all that is left.
  private static func fields(
    _ line: [(byte: UInt8, isEscaped: Bool)], _ separators: [UInt8], most: Int
  ) -> [String] {
    let isSeparator = { (place: Int) in !line[place].isEscaped && separators.contains(line[place].byte) }
    let isBlank = { (place: Int) in
      isSeparator(place) && (line[place].byte == 0x20 || line[place].byte == 0x09 || line[place].byte == 0x0a)
    }
    var place = 0
    var end = line.count
    while place < end, isBlank(place) { place += 1 }
    while end > place, isBlank(end - 1) { end -= 1 }
    var result: [String] = []
    while place < end {
      let start = place
      while place < end, !isSeparator(place) { place += 1 }
      var next = place
      while next < end, isBlank(next) { next += 1 }
      if next < end, isSeparator(next), !isBlank(next) { next += 1 }
      while next < end, isBlank(next) { next += 1 }
      if result.count == most - 1, next < end {
        // More fields than names: the last name has them with what parts them.
        result.append(text(line[start..<end]))
        return result
      }
      result.append(text(line[start..<place]))
      place = next
    }
    return result
  }

  /// `mapfile`: the lines of standard input as an array (bash(1)).
  mutating func mapfile(_ words: [ShellValue], _ place: ShellPlace) {
    var name = "MAPFILE"
    var dropsEnd = false
    var delimiter: UInt8 = 0x0a
    var most = 0
    var skipped = 0
    var origin: Int?
    var descriptor = 0
    var words = words[...]
    while let word = words.popFirst() {
      guard word.text.hasPrefix("-"), word.isKnown else {
        name = word.text
        continue
      }
      var letters = word.text.dropFirst()
      while let letter = letters.popFirst() {
        if letter == "t" {
          dropsEnd = true
          continue
        }
        let value = letters.isEmpty ? words.popFirst()?.text ?? "" : String(letters)
        letters = ""
        switch letter {
        case "d": delimiter = value.utf8.first ?? 0
        case "n": most = Int(value) ?? 0
        case "s": skipped = Int(value) ?? 0
        case "O": origin = max(0, Int(value) ?? 0)
        case "u": descriptor = Int(value) ?? 0
        default: note(.unread, place, "`mapfile -\(letter)` is not read")
        }
      }
    }
    guard let input = inputs(descriptor, place) else {
      return leaveOpen(ReadCall(names: [name]), nil, place)
    }
    if let unknown = inputs[input].unknown { return leaveOpen(ReadCall(names: [name]), unknown, place) }
    var values: [Int: ShellValue] = [:]
    if origin != nil, case .indexed(let before)? = scope.variables[name]?.content { values = before }
    var next = origin ?? 0
    var line: [UInt8] = []
    let take = { (line: [UInt8]) in
      if skipped > 0 {
        skipped -= 1
      } else if most == 0 || next - (origin ?? 0) < most {
        values[next] = ShellValue(String(decoding: line, as: UTF8.self))
        next += 1
      }
    }
    while inputs[input].position < inputs[input].text.count {
      if most > 0, next - (origin ?? 0) >= most { break }
      let byte = inputs[input].text[inputs[input].position]
      inputs[input].position += 1
      if byte == delimiter {
        take(dropsEnd ? line : line + [byte])
        line = []
      } else {
        line.append(byte)
      }
    }
    if !line.isEmpty { take(line) }
    scope.variables[name] = ShellVariable(content: .indexed(values))
    status = .success
  }

  /// `select NAME in WORDS`: a number is read for each turn, and stands for a word (bash(1)).
  mutating func select(
    _ name: String, _ words: [ShellWord]?, _ body: ShellScript, _ place: ShellPlace
  ) -> ShellFlow {
    var values: [ShellValue] = []
    if let words { for word in words { values += fields(word) } } else { values = scope.arguments }
    status = .success
    if values.isEmpty { return .next }
    while true {
      guard step(place) else { return .stop }
      write(
        ShellValue(unknown: ShellUnknown(line: place.line, what: "how `select` shows its words")), to: 2, place)
      let before = scope.variables[name]
      read([ShellValue("REPLY")], place)
      guard let isSuccess = status.isSuccess else {
        if let text = options.variables[name] {
          assign(name, ShellValue(text), place)
          return left(run(body)) ?? .next
        }
        note(
          .unread, place, "what is chosen in `select` is not known",
          help: "say what it is: --set \(name)=VALUE")
        scope.variables[name] = before
        status = .success
        return .next
      }
      if !isSuccess {
        write(ShellValue("\n"), to: 1, place)
        status = .failure
        return .next
      }
      let reply = lookup("REPLY", place)?.text ?? ""
      if reply.isEmpty { continue }
      var chosen = ShellValue("")
      if let number = Int(reply), number >= 1, number <= values.count { chosen = values[number - 1] }
      assign(name, chosen, place)
      if let ended = left(run(body)) { return ended }
    }
  }
}

// `xargs`: a command is run with words from standard input.

extension ShellInterpreter {
  /// How `xargs` was called.
  private struct XargsCall {
    var command: [ShellValue] = []
    var most: Int?
    var mostLines: Int?
    var mark: String?
    var delimiter: UInt8?
    var skipsEmpty = false
    var isOdd = false
  }

  private func xargsCall(_ words: [ShellValue]) -> XargsCall {
    var call = XargsCall()
    var words = words[...]
    while let word = words.first, word.isKnown, word.text.hasPrefix("-"), word.text.utf8.count > 1 {
      words.removeFirst()
      if word.text == "--" { break }
      if word.text.hasPrefix("--") {
        switch word.text {
        case "--no-run-if-empty": call.skipsEmpty = true
        case "--null": call.delimiter = 0
        default: call.isOdd = true
        }
        continue
      }
      var letters = word.text.dropFirst()
      while let letter = letters.popFirst() {
        switch letter {
        case "r": call.skipsEmpty = true
        case "0": call.delimiter = 0
        case "t": break
        case "n", "L", "I", "d", "P", "s":
          let value = letters.isEmpty ? words.popFirst()?.text ?? "" : String(letters)
          letters = ""
          switch letter {
          case "n": call.most = Int(value).flatMap { $0 > 0 ? $0 : nil }
          case "L": call.mostLines = Int(value).flatMap { $0 > 0 ? $0 : nil }
          case "I": call.mark = value
          case "d":
            var stops = false
            let text = ShellEscapes.text(value, .printf, &stops)
            call.delimiter = text.utf8.first
            if text.utf8.count != 1 { call.isOdd = true }
          case "P": break
          default: call.isOdd = true
          }
        default: call.isOdd = true
        }
      }
    }
    call.command = Array(words)
    return call
  }

  /// Runs `xargs` (GNU findutils, xargs(1)); nil where an option is not read here.
  mutating func xargs(_ words: [ShellValue], _ place: ShellPlace) -> ShellFlow? {
    let call = xargsCall(words)
    if call.isOdd { return nil }
    let input = readInput() ?? ShellValue(unknown: ShellUnknown(line: place.line, what: "what is typed"))
    if let unknown = input.unknown {
      note(.unread, place, "the words that `xargs` reads are not known: \(unknown.what)")
      status = .assumed(unknown)
      return .next
    }
    guard let lines = ShellInterpreter.items(input.text, call.delimiter, wholeLines: call.mark != nil) else {
      note(.unread, place, "a quote in the words that `xargs` reads is not closed")
      status = .failure
      return .next
    }
    var code = 0
    for batch in batches(lines, call) {
      guard step(place) else { return .stop }
      var command = call.command.isEmpty ? [ShellValue("echo")] : call.command
      if let mark = call.mark, let item = batch.first {
        command = command.map { word in
          var word = word
          word.text = ShellInterpreter.replacing(mark, with: item, in: word.text)
          return word
        }
      } else {
        command += batch.map { ShellValue($0) }
      }
      let flow = runOutside(command, place)
      if flow == .stop { return .stop }
      if case .unknown = status { return .next }
      if status.isSuccess == false { code = status == .known(255) ? 124 : 123 }
      if code == 124 { break }
    }
    status = .known(code)
    return .next
  }

  /// Runs a command as another process does: no function, no alias, no standard input, no change of this shell.
  private mutating func runOutside(_ words: [ShellValue], _ place: ShellPlace) -> ShellFlow {
    subshell { (shell) in
      shell.scope.functions = [:]
      shell.scope.descriptors[0] = shell.newInput(ShellValue(""))
      // The command of the system knows escapes only behind -e.
      if words.first?.text == "echo" {
        shell.echo(Array(words.dropFirst()), place, escapes: false)
        return .next
      }
      return shell.dispatch(words, place)
    }
  }

  /// The items for each run of the command.
  private func batches(_ lines: [[String]], _ call: XargsCall) -> [[String]] {
    let items = lines.flatMap { $0 }
    if call.mark != nil { return items.map { [$0] } }
    if items.isEmpty { return call.skipsEmpty ? [] : [[]] }
    if let most = call.mostLines {
      return stride(from: 0, to: lines.count, by: most).map { start in
        lines[start..<min(lines.count, start + most)].flatMap { $0 }
      }
    }
    guard let most = call.most else { return [items] }
    return stride(from: 0, to: items.count, by: most).map { Array(items[$0..<min(items.count, $0 + most)]) }
  }

  /// The items of each line; nil when a quote is not closed.
  private static func items(_ text: String, _ delimiter: UInt8?, wholeLines: Bool) -> [[String]]? {
    if let delimiter {
      var parts = text.utf8.split(separator: delimiter, omittingEmptySubsequences: false)
      if parts.last?.isEmpty == true { parts.removeLast() }
      return parts.map { [String(decoding: Array($0), as: UTF8.self)] }
    }
    var lines: [[String]] = []
    var line: [String] = []
    var word: [UInt8]?
    var quote: UInt8 = 0
    var isEscaped = false
    for byte in text.utf8 {
      if isEscaped {
        word = (word ?? []) + [byte]
        isEscaped = false
      } else if quote != 0 {
        if byte == 0x0a { return nil }
        if byte == quote { quote = 0 } else { word?.append(byte) }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
        word = word ?? []
      } else if byte == 0x5c {
        isEscaped = true
      } else if byte == 0x0a || (byte == 0x20 || byte == 0x09) && !(wholeLines && word != nil) {
        if let word { line.append(String(decoding: word, as: UTF8.self)) }
        word = nil
        if byte == 0x0a, !line.isEmpty {
          lines.append(line)
          line = []
        }
      } else {
        word = (word ?? []) + [byte]
      }
    }
    if quote != 0 { return nil }
    if let word { line.append(String(decoding: word, as: UTF8.self)) }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  private static func replacing(_ mark: String, with item: String, in text: String) -> String {
    guard !mark.isEmpty else { return text }
    var result = ""
    var rest = Substring(text)
    while let first = rest.first {
      if rest.hasPrefix(mark) {
        result += item
        rest = rest.dropFirst(mark.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}

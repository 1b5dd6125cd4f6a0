// Builtins that change the shell itself: `set`, `shopt`, `trap`, `alias`, `cd`, `getopts`.

extension ShellInterpreter {
  /// `set`; false when the shell ends there, as dash does at an option that it does not know.
  mutating func set(_ words: [ShellValue], _ place: ShellPlace) -> Bool {
    status = .success
    var words = words[...]
    while let word = words.first, word.isKnown, word.text.hasPrefix("-") || word.text.hasPrefix("+") {
      words.removeFirst()
      if word.text == "--" {
        scope.arguments = Array(words)
        return true
      }
      if word.text == "-" { break }
      let isOn = word.text.hasPrefix("-")
      for letter in word.text.dropFirst() {
        switch letter {
        case "e": scope.exitsOnError = isOn
        case "u": scope.refusesUnset = isOn
        case "E" where dialect == .bash: scope.inheritsTrap = isOn
        case "n" where isOn: note(.unread, place, "with `set -n` a shell runs nothing, and what follows is not read so")
        case "o":
          guard let name = words.popFirst() else { return true }
          guard setOption(name.text, isOn) else {
            status = .known(2)
            return dialect == .bash
          }
        default: break
        }
      }
    }
    if !words.isEmpty { scope.arguments = Array(words) }
    return true
  }

  /// `set -o NAME`; false for a name that the shell does not know.
  private mutating func setOption(_ name: String, _ isOn: Bool) -> Bool {
    switch name {
    case "errexit": scope.exitsOnError = isOn
    case "nounset": scope.refusesUnset = isOn
    case "pipefail":
      // dash 0.5.12 does not know it yet.
      if dialect == .posix { return false }
      scope.failsInPipe = isOn
    case "errtrace" where dialect == .bash: scope.inheritsTrap = isOn
    default: break
    }
    return true
  }

  mutating func shopt(_ words: [ShellValue]) {
    let isOn = words.first?.text == "-s"
    for word in words.dropFirst() where word.text == "expand_aliases" { expandsAliases = isOn }
    status = .success
  }

  /// `trap`: what stands for the end of the script and for a command that fails; signals never come here.
  mutating func trap(_ words: [ShellValue], _ place: ShellPlace) {
    status = .success
    var words = words[...]
    while words.first?.text == "--" { words.removeFirst() }
    guard let action = words.first, words.count > 1 || action.text == "-" else { return }
    guard action.isKnown else {
      note(.unread, place, "what `trap` is to run is not known")
      return
    }
    let text = action.text == "-" || action.text.isEmpty ? nil : action.text
    for signal in words.dropFirst() {
      switch signal.text {
      case "EXIT", "0": scope.trap = text
      case "ERR" where dialect == .bash: scope.errorTrap = text
      case "DEBUG", "RETURN":
        if dialect == .bash, text != nil { note(.unread, place, "`trap ... \(signal.text)` is not read") }
      default: break
      }
    }
  }

  /// `alias NAME=VALUE`: a command's name stands for other words, from the next line on. bash has none in a script, unless it is asked.
  mutating func alias(_ words: [ShellValue], _ place: ShellPlace) {
    status = .success
    for word in words {
      let parts = word.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      if let unknown = word.unknown {
        note(.unread, place, "what alias `\(parts[0])` stands for is not known: \(unknown.what)")
        continue
      }
      aliases[String(parts[0])] = String(parts[1])
      if dialect == .bash, !expandsAliases {
        note(
          .remark, place, "bash does not follow the alias `\(parts[0])` in a script",
          help: "it would behind `shopt -s expand_aliases`; a function is followed everywhere")
      }
    }
  }

  /// `cd`: where files are whose names are relative.
  mutating func changeFolder(_ words: [ShellValue], _ place: ShellPlace) {
    status = .success
    let operands = words.filter { !($0.isKnown && ["-L", "-P", "--", "-e"].contains($0.text)) }
    guard let target = operands.first else {
      scope.folder = .unknown(ShellUnknown(line: place.line, what: "the home directory", variable: "HOME"))
      return
    }
    if let unknown = target.unknown {
      scope.folder = .unknown(unknown)
    } else if target.text.hasPrefix("/") {
      scope.folder = .known(target.text.hasSuffix("/") ? String(target.text.dropLast()) : target.text)
    } else if target.text == ShellInterpreter.folder(options.name), case .start = scope.folder {
      scope.folder = .script
    } else if target.text == "." {
      return
    } else if case .known(let folder) = scope.folder, !target.text.hasPrefix("..") {
      scope.folder = .known(folder + "/" + target.text)
    } else {
      scope.folder = .unknown(ShellUnknown(line: place.line, what: "the folder `\(target.text)`"))
    }
  }

  /// `unset`: a variable, or an element of an array.
  mutating func unset(_ name: String, _ place: ShellPlace) {
    guard let open = name.firstIndex(of: "["), name.hasSuffix("]"), dialect == .bash else {
      scope.variables[name] = nil
      return
    }
    let array = String(name[..<open])
    let key = String(name[name.index(after: open)...].dropLast())
    switch scope.variables[array]?.content {
    case .indexed(var values)?:
      let number = arithmetic(key, place)
      guard number.isKnown, let index = Int(number.text) else {
        note(.unread, place, "which element of `\(array)` is unset is not known")
        return
      }
      values[index < 0 ? (values.keys.max() ?? -1) + 1 + index : index] = nil
      scope.variables[array]?.content = .indexed(values)
    case .associative(let keys, var values)?:
      values[key] = nil
      scope.variables[array]?.content = .associative(keys: keys.filter { $0 != key }, values: values)
    default: break
    }
  }

  /// `getopts`: the next option of the arguments, several of which may stand in one word (POSIX.1-2017).
  mutating func getopts(_ words: [ShellValue], _ place: ShellPlace) {
    guard words.count >= 2, words[0].isKnown else {
      status = .known(2)
      return
    }
    let arguments = words.count > 2 ? Array(words.dropFirst(2)) : scope.arguments
    var index = max(1, Int(scope.variables["OPTIND"]?.scalar?.text ?? "1") ?? 1)
    if index == optionPlace.shown { index = optionPlace.index } else { optionPlace = (index, index, 1) }
    let name = words[1].text
    let end = { (shell: inout ShellInterpreter, index: Int) in
      shell.assign(name, ShellValue("?"), place)
      shell.setOptionIndex(index, place)
      shell.scope.variables["OPTARG"] = nil
      shell.status = .failure
    }
    guard index <= arguments.count else { return end(&self, index) }
    let word = arguments[index - 1]
    guard word.isKnown else {
      note(.unread, place, "the word that `getopts` reads is not known")
      return end(&self, index)
    }
    let letters = Array(word.text)
    if word.text == "--" { return end(&self, index + 1) }
    guard letters.count > 1, letters[0] == "-", optionPlace.offset < letters.count else { return end(&self, index) }
    let letter = letters[optionPlace.offset]
    let known = Array(words[0].text)
    let isSilent = known.first == ":"
    status = .success
    var offset = optionPlace.offset + 1
    var value: ShellValue?
    var given = String(letter)
    if letter != ":", let at = known.firstIndex(of: letter) {
      if at + 1 < known.count, known[at + 1] == ":" {
        if offset < letters.count {
          value = ShellValue(String(letters[offset...]))
        } else if index < arguments.count {
          value = arguments[index]
          index += 1
        } else {
          given = isSilent ? ":" : "?"
          if isSilent { value = ShellValue(String(letter)) }
        }
        offset = letters.count
      }
    } else {
      given = "?"
      if isSilent { value = ShellValue(String(letter)) }
    }
    if offset >= letters.count {
      index += 1
      offset = 1
    }
    assign(name, ShellValue(given), place)
    // dash leaves it empty, bash unset.
    if let value = value ?? (dialect == .posix ? ShellValue("") : nil) {
      assign("OPTARG", value, place)
    } else {
      scope.variables["OPTARG"] = nil
    }
    // dash counts a word as read when its first letter is, bash when its last one is.
    let shown = offset > 1 && dialect == .posix ? index + 1 : index
    setOptionIndex(shown, place)
    optionPlace = (shown, index, offset)
  }

  private mutating func setOptionIndex(_ index: Int, _ place: ShellPlace) {
    assign("OPTIND", ShellValue("\(index)"), place)
    optionPlace = (index, index, 1)
  }
}

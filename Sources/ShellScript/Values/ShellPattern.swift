// Patterns of `case`, `${name#pattern}` and `[[ == ]]`.

/// A pattern: characters, `*`, `?` and brackets (POSIX.1-2017 2.13).
struct ShellPattern: Sendable {
  private enum Piece {
    case literal(Character)
    case any
    case anything
    case set([(Character, Character)], isNegated: Bool)
  }

  private var pieces: [Piece] = []

  /// Makes a pattern of characters, each with whether it was quoted and so stands for itself.
  init(_ characters: [(character: Character, isQuoted: Bool)]) {
    var index = 0
    while index < characters.count {
      let (character, isQuoted) = characters[index]
      index += 1
      if isQuoted {
        pieces.append(.literal(character))
        continue
      }
      switch character {
      case "*": pieces.append(.anything)
      case "?": pieces.append(.any)
      case "[":
        guard let (piece, next) = ShellPattern.bracket(characters, index) else {
          pieces.append(.literal(character))
          continue
        }
        pieces.append(piece)
        index = next
      default: pieces.append(.literal(character))
      }
    }
  }

  /// A text as a pattern: `*`, `?` and brackets count.
  init(_ text: String) { self.init(text.map { ($0, false) }) }

  private static func bracket(_ characters: [(character: Character, isQuoted: Bool)], _ start: Int) -> (Piece, Int)? {
    var index = start
    var isNegated = false
    if index < characters.count, characters[index].character == "!" || characters[index].character == "^" {
      isNegated = true
      index += 1
    }
    var ranges: [(Character, Character)] = []
    let first = index
    while index < characters.count {
      let character = characters[index].character
      if character == "]", !characters[index].isQuoted, index > first {
        return (.set(ranges, isNegated: isNegated), index + 1)
      }
      if character == "[", index + 1 < characters.count, characters[index + 1].character == ":" {
        var end = index + 2
        var name = ""
        while end < characters.count, characters[end].character != ":" {
          name.append(characters[end].character)
          end += 1
        }
        switch name {
        case "digit": ranges.append(("0", "9"))
        case "alpha": ranges += [("a", "z"), ("A", "Z")]
        case "alnum": ranges += [("a", "z"), ("A", "Z"), ("0", "9")]
        case "upper": ranges.append(("A", "Z"))
        case "lower": ranges.append(("a", "z"))
        case "space": ranges += [(" ", " "), ("\t", "\r")]
        case "blank": ranges += [(" ", " "), ("\t", "\t")]
        case "xdigit": ranges += [("a", "f"), ("A", "F"), ("0", "9")]
        case "punct": ranges += [("!", "/"), (":", "@"), ("[", "`"), ("{", "~")]
        default: return nil
        }
        index = end + 2
        continue
      }
      if index + 2 < characters.count, characters[index + 1].character == "-", characters[index + 2].character != "]" {
        let last = characters[index + 2].character
        if character <= last { ranges.append((character, last)) }
        index += 3
        continue
      }
      ranges.append((character, character))
      index += 1
    }
    return nil
  }

  private func fits(_ piece: Piece, _ character: Character) -> Bool {
    switch piece {
    case .literal(let own): own == character
    case .any, .anything: true
    case .set(let ranges, let isNegated): ranges.contains { $0.0 <= character && character <= $0.1 } != isNegated
    }
  }

  /// Whether the whole text fits.
  func matches(_ text: some Collection<Character>) -> Bool {
    // One state for each piece: no text takes more than its length times the pattern's.
    var states = [Bool](repeating: false, count: pieces.count + 1)
    states[0] = true
    close(&states)
    for character in text {
      var next = [Bool](repeating: false, count: pieces.count + 1)
      for place in pieces.indices where states[place] {
        if case .anything = pieces[place] {
          next[place] = true
        } else if fits(pieces[place], character) {
          next[place + 1] = true
        }
      }
      close(&next)
      states = next
    }
    return states[pieces.count]
  }

  private func close(_ states: inout [Bool]) {
    for place in pieces.indices where states[place] {
      if case .anything = pieces[place] { states[place + 1] = true }
    }
  }
}

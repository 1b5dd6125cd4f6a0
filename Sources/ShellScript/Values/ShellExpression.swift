// Regular expressions of `grep`, `sed` and `[[ =~ ]]`, as far as they are simple.

/// A regular expression: characters, `.`, brackets, `*`, `+`, `?`, `^`, `$`, and alternatives of these. Groups are not read.
struct ShellExpression: Sendable {
  private struct Piece: Sendable {
    var pattern: ShellPattern
    var isMany: Bool
    var isOptional: Bool
  }

  private struct Branch: Sendable {
    var pieces: [Piece] = []
    var isAtStart = false
    var isAtEnd = false
  }

  private var branches: [Branch] = []
  /// Whether letters of both cases are the same.
  var ignoresCase = false

  /// Reads an expression; nil for one that is not read here. `isExtended` says that `+`, `?` and `|` are operators.
  init?(_ text: String, isExtended: Bool = true, isFixed: Bool = false) {
    var branch = Branch()
    let characters = Array(text)
    guard characters.count <= 1000 else { return nil }
    var index = 0
    while index < characters.count {
      var character = characters[index]
      index += 1
      if isFixed {
        branch.pieces.append(
          Piece(pattern: ShellPattern([(character, true)]), isMany: false, isOptional: false))
        continue
      }
      var pattern: ShellPattern
      switch character {
      case "^" where branch.pieces.isEmpty && !branch.isAtStart:
        branch.isAtStart = true
        continue
      case "$" where index == characters.count || isExtended && characters[index] == "|":
        branch.isAtEnd = true
        continue
      case "|" where isExtended:
        branches.append(branch)
        branch = Branch()
        continue
      case "(" where isExtended, ")" where isExtended, "{" where isExtended, "}" where isExtended: return nil
      case "\\":
        guard index < characters.count else { return nil }
        character = characters[index]
        index += 1
        // A group, a count, an operator of GNU, a back reference.
        guard !character.isLetter, !character.isNumber else { return nil }
        if !isExtended, ["(", ")", "{", "}", "|", "+", "?"].contains(character) { return nil }
        pattern = ShellPattern([(character, true)])
      case ".": pattern = ShellPattern("?")
      case "[":
        var end = index
        if end < characters.count, characters[end] == "^" { end += 1 }
        if end < characters.count, characters[end] == "]" { end += 1 }
        while end < characters.count, characters[end] != "]" {
          if characters[end] == "[", end + 1 < characters.count, characters[end + 1] == ":" {
            end += 2
            while end < characters.count, characters[end] != ":" { end += 1 }
            end += 1
          }
          end += 1
        }
        guard end < characters.count else { return nil }
        pattern = ShellPattern(String(characters[(index - 1)...end]))
        index = end + 1
      case "*" where branch.pieces.isEmpty: pattern = ShellPattern([(character, true)])
      default: pattern = ShellPattern([(character, true)])
      }
      var piece = Piece(pattern: pattern, isMany: false, isOptional: false)
      while index < characters.count {
        if characters[index] == "*" {
          (piece.isMany, piece.isOptional) = (true, true)
        } else if isExtended, characters[index] == "+" {
          piece.isMany = true
        } else if isExtended, characters[index] == "?" {
          piece.isOptional = true
        } else {
          break
        }
        index += 1
      }
      branch.pieces.append(piece)
    }
    branches.append(branch)
  }

  /// Where the expression fits first, the longest there; nil when it fits nowhere.
  func range(in text: [Character], from start: Int = 0) -> Range<Int>? {
    let text = ignoresCase ? text.map { Character($0.lowercased()) } : text
    guard start <= text.count else { return nil }
    for first in start...text.count {
      var longest: Int?
      for branch in branches where !(branch.isAtStart && first > 0) {
        if let end = end(of: branch, text, first) { longest = max(longest ?? 0, end) }
      }
      if let longest { return first..<longest }
    }
    return nil
  }

  /// Whether the expression fits somewhere in a text.
  func isFound(in text: String) -> Bool { range(in: Array(text)) != nil }

  private func end(of branch: Branch, _ text: [Character], _ start: Int) -> Int? {
    // The places that each piece can begin at.
    var places: Set<Int> = [start]
    for piece in branch.pieces {
      var next: Set<Int> = piece.isOptional ? places : []
      for place in places {
        var end = place
        while end < text.count, fits(piece, text[end]) {
          end += 1
          next.insert(end)
          if !piece.isMany { break }
        }
      }
      places = next
      if places.isEmpty { return nil }
    }
    if branch.isAtEnd { return places.contains(text.count) ? text.count : nil }
    return places.max()
  }

  private func fits(_ piece: Piece, _ character: Character) -> Bool {
    if piece.pattern.matches(CollectionOfOne(character)) { return true }
    guard ignoresCase else { return false }
    return piece.pattern.matches(CollectionOfOne(Character(character.uppercased())))
  }
}

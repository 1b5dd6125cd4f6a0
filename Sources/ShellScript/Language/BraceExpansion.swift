// `{a,b}` and `{1..3}`, which bash expands before anything else.

/// Brace expansion of bash (bash(1), Brace Expansion).
enum BraceExpansion {
  /// The most words that one word becomes.
  static let most = 10_000

  /// One character of a word, or an expansion in it.
  private enum Piece {
    /// A character outside quotes.
    case plain(Character)
    case part(ShellWordPart)
  }

  /// The words that a word stands for; itself when it has no braces.
  static func words(_ word: ShellWord) -> [ShellWord] {
    var hasBrace = false
    for part in word.parts {
      if case .text(let text, false) = part, text.utf8.contains(0x7b) { hasBrace = true }
    }
    guard hasBrace else { return [word] }
    var pieces: [Piece] = []
    for part in word.parts {
      if case .text(let text, false) = part {
        for character in text { pieces.append(.plain(character)) }
      } else {
        pieces.append(.part(part))
      }
    }
    var budget = most
    let lists = expand(pieces[...], &budget, 0)
    return lists.map { ShellWord(parts: parts($0), place: word.place) }
  }

  private static func character(_ piece: Piece) -> Character? {
    if case .plain(let character) = piece { return character }
    return nil
  }

  private static func expand(_ pieces: ArraySlice<Piece>, _ budget: inout Int, _ depth: Int) -> [[Piece]] {
    var index = pieces.startIndex
    while index < pieces.endIndex {
      guard character(pieces[index]) == "{", depth < 20, let (items, end) = items(pieces, index) else {
        index += 1
        continue
      }
      let before = Array(pieces[pieces.startIndex..<index])
      let behind = expand(pieces[(end + 1)...], &budget, depth + 1)
      var result: [[Piece]] = []
      for item in items {
        for middle in expand(item[...], &budget, depth + 1) {
          for rest in behind {
            budget -= 1
            if budget <= 0 { return [Array(pieces)] }
            result.append(before + middle + rest)
          }
        }
      }
      return result
    }
    return [Array(pieces)]
  }

  /// The alternatives of the brace at `start`, and where it closes; nil when it stands for itself.
  private static func items(_ pieces: ArraySlice<Piece>, _ start: Int) -> (items: [[Piece]], end: Int)? {
    var depth = 0
    var items: [[Piece]] = [[]]
    var index = start + 1
    while index < pieces.endIndex {
      switch character(pieces[index]) {
      case "{"?:
        depth += 1
        items[items.count - 1].append(pieces[index])
      case "}"? where depth > 0:
        depth -= 1
        items[items.count - 1].append(pieces[index])
      case "}"?:
        if items.count > 1 { return (items, index) }
        guard let range = range(items[0]) else { return nil }
        return (range, index)
      case ","? where depth == 0: items.append([])
      default: items[items.count - 1].append(pieces[index])
      }
      index += 1
    }
    return nil
  }

  /// `1..5`, `5..1`, `1..9..2`, `a..e`.
  private static func range(_ pieces: [Piece]) -> [[Piece]]? {
    var text = ""
    for piece in pieces {
      guard let character = character(piece) else { return nil }
      text.append(character)
    }
    var ends: [String] = [""]
    var dots = 0
    for character in text {
      if character == "." {
        dots += 1
        if dots == 2 {
          ends.append("")
          dots = 0
        }
      } else {
        if dots == 1 { return nil }
        ends[ends.count - 1].append(character)
      }
    }
    guard ends.count == 2 || ends.count == 3, dots == 0 else { return nil }
    let step = max(1, abs(ends.count == 3 ? (Int32(ends[2]).map { Int($0) } ?? 1) : 1))
    if let first = Int32(ends[0]).map({ Int($0) }), let last = Int32(ends[1]).map({ Int($0) }) {
      guard abs(last - first) / step < most else { return nil }
      let isPadded = [ends[0], ends[1]].contains { $0.count > 1 && ($0.hasPrefix("0") || $0.hasPrefix("-0")) }
      let width = isPadded ? max(ends[0].count, ends[1].count) : 0
      return stride(from: first, through: last, by: first <= last ? step : -step).map { number in
        var digits = "\(abs(number))"
        let sign = number < 0 ? "-" : ""
        while digits.count + sign.count < width { digits = "0" + digits }
        return (sign + digits).map { Piece.plain($0) }
      }
    }
    guard ends[0].utf8.count == 1, ends[1].utf8.count == 1, let first = ends[0].utf8.first,
      let last = ends[1].utf8.first
    else { return nil }
    return stride(from: Int(first), through: Int(last), by: first <= last ? step : -step).map {
      [.plain(Character(UnicodeScalar(UInt8($0))))]
    }
  }

  private static func parts(_ pieces: [Piece]) -> [ShellWordPart] {
    var result: [ShellWordPart] = []
    var text = ""
    for piece in pieces {
      switch piece {
      case .plain(let character): text.append(character)
      case .part(let part):
        if !text.isEmpty { result.append(.text(text, isQuoted: false)) }
        text = ""
        result.append(part)
      }
    }
    if !text.isEmpty { result.append(.text(text, isQuoted: false)) }
    return result
  }
}

// The commands of `sed` that scripts use on a word or a line.

/// A command of sed: a substitution, a deletion, or a print, perhaps for lines that fit an expression.
struct SedStep: Sendable {
  private enum Action: Sendable {
    case substitute(ShellExpression, with: [Character], all: Bool)
    case delete
    case print
  }

  private enum Address: Sendable {
    case fits(ShellExpression)
    case line(Int)
    case last
  }

  private var address: Address?
  private var isNegated = false
  private var action: Action

  /// Reads a script of commands between `;` and newlines; nil for one that has others.
  static func read(_ script: String, isExtended: Bool) -> [SedStep]? {
    var steps: [SedStep] = []
    let characters = Array(script)
    var index = 0
    while index < characters.count {
      while index < characters.count, [" ", ";", "\n", "\t"].contains(characters[index]) { index += 1 }
      guard index < characters.count else { break }
      var address: Address?
      let digits = characters[index...].prefix { $0.isASCII && $0.isNumber }
      if let number = Int(String(digits)) {
        address = .line(number)
        index += digits.count
      } else if characters[index] == "$" {
        address = .last
        index += 1
      } else if characters[index] == "/" {
        guard let text = piece(characters, &index, "/"), let expression = ShellExpression(text, isExtended: isExtended)
        else { return nil }
        address = .fits(expression)
        index += 1
      }
      var isNegated = false
      if index < characters.count, characters[index] == "!" {
        isNegated = true
        index += 1
      }
      guard index < characters.count else { return nil }
      let action: Action
      switch characters[index] {
      case "d":
        action = .delete
        index += 1
      case "p":
        action = .print
        index += 1
      case "s":
        index += 1
        guard index < characters.count else { return nil }
        let mark = characters[index]
        guard let text = piece(characters, &index, mark),
          let expression = ShellExpression(text, isExtended: isExtended),
          let other = piece(characters, &index, mark)
        else { return nil }
        index += 1
        // `&` and `\1` stand for what was found.
        guard !other.utf8.contains(0x26), !other.utf8.contains(0x5c) else { return nil }
        var all = false
        if index < characters.count, characters[index] == "g" {
          all = true
          index += 1
        }
        action = .substitute(expression, with: Array(other), all: all)
      default: return nil
      }
      while index < characters.count, characters[index] == " " { index += 1 }
      guard index == characters.count || characters[index] == ";" || characters[index] == "\n" else { return nil }
      steps.append(SedStep(address: address, isNegated: isNegated, action: action))
    }
    return steps
  }

  /// The text between the mark at `index` and the next, where `index` is left.
  private static func piece(_ characters: [Character], _ index: inout Int, _ mark: Character) -> String? {
    var text = ""
    index += 1
    while index < characters.count, characters[index] != mark {
      if characters[index] == "\\", index + 1 < characters.count, characters[index + 1] == mark { index += 1 }
      text.append(characters[index])
      index += 1
    }
    return index < characters.count ? text : nil
  }

  private func isMeant(_ line: [Character], _ number: Int, _ isLast: Bool) -> Bool {
    switch address {
    case nil: true
    case .fits(let expression)?: (expression.range(in: line) != nil) != isNegated
    case .line(let wanted)?: (number == wanted) != isNegated
    case .last?: isLast != isNegated
    }
  }

  /// Does it to a line, which is nil when it is deleted; what it prints besides.
  ///
  /// - Parameters:
  ///   - number: the number of the line, from 1.
  ///   - isLast: whether it is the last one.
  func run(_ line: [Character], _ current: inout [Character]?, number: Int, isLast: Bool) -> String? {
    guard isMeant(line, number, isLast) else { return nil }
    switch action {
    case .delete:
      current = nil
      return nil
    case .print: return String(line)
    case .substitute(let expression, let other, let all):
      var result: [Character] = []
      var start = 0
      while let range = expression.range(in: line, from: start) {
        result += line[start..<range.lowerBound] + other
        if range.isEmpty {
          if range.lowerBound < line.count { result.append(line[range.lowerBound]) }
          start = range.lowerBound + 1
        } else {
          start = range.upperBound
        }
        if !all || start > line.count { break }
      }
      if start <= line.count { result += line[start...] }
      current = result
      return nil
    }
  }
}

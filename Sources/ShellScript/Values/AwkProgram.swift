// The one program of `awk` that scripts use most.

/// `{print $1}`, `{print $1, $NF}`, `/expression/ {print $2}`.
struct AwkProgram: Sendable {
  private enum Piece: Sendable {
    case field(Int)
    case last
    case text(String)
    case blank
  }

  private var address: ShellExpression?
  private var pieces: [Piece] = []

  /// Reads a program; nil for every other.
  init?(_ text: String) {
    var rest = Substring(text).drop { $0 == " " }
    if rest.first == "/" {
      rest = rest.dropFirst()
      let inner = rest.prefix { $0 != "/" }
      guard !inner.utf8.contains(0x5c), let expression = ShellExpression(String(inner)) else { return nil }
      address = expression
      rest = rest.dropFirst(inner.count + 1).drop { $0 == " " }
      if rest.isEmpty {
        pieces = [.field(0)]
        return
      }
    }
    guard rest.first == "{" else { return nil }
    rest = rest.dropFirst().drop { $0 == " " }
    guard rest.hasPrefix("print") else { return nil }
    rest = rest.dropFirst(5).drop { $0 == " " }
    while let first = rest.first, first != "}", first != ";" {
      if first == "$" {
        rest = rest.dropFirst()
        if rest.hasPrefix("NF") {
          pieces.append(.last)
          rest = rest.dropFirst(2)
        } else {
          let digits = rest.prefix { $0 >= "0" && $0 <= "9" }
          guard let number = Int(digits) else { return nil }
          pieces.append(.field(number))
          rest = rest.dropFirst(digits.count)
        }
      } else if first == "\"" {
        let inner = rest.dropFirst().prefix { $0 != "\"" }
        guard !inner.utf8.contains(0x5c) else { return nil }
        pieces.append(.text(String(inner)))
        rest = rest.dropFirst(inner.count + 2)
      } else if first == "," {
        pieces.append(.blank)
        rest = rest.dropFirst()
      } else {
        return nil
      }
      rest = rest.drop { $0 == " " }
    }
    if rest.first == ";" { rest = rest.dropFirst().drop { $0 == " " } }
    guard rest.first == "}", rest.dropFirst().allSatisfy({ $0 == " " }) else { return nil }
    if pieces.isEmpty { pieces = [.field(0)] }
  }

  /// What it prints for a line; nil for a line that it passes over.
  func run(_ line: String, _ separator: Character?) -> String? {
    if let address, !address.isFound(in: line) { return nil }
    let fields =
      separator.map { line.isEmpty ? [] : line.split(separator: $0, omittingEmptySubsequences: false) }
      ?? line.split { $0 == " " || $0 == "\t" }
    var result = ""
    for piece in pieces {
      switch piece {
      case .field(0): result += line
      case .field(let number): if number <= fields.count { result += fields[number - 1] }
      case .last: if let last = fields.last { result += last }
      case .text(let text): result += text
      case .blank: result += " "
      }
    }
    return result
  }
}

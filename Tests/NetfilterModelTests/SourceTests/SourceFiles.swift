// The files of Sources, line by line, without comments.

import Foundation

struct SourceLine {
  /// The path below Sources.
  let path: String
  let number: Int
  /// The line without a comment.
  let text: String

  var place: String { "\(path):\(number): \(text.trimmingCharacters(in: .whitespaces))" }
  /// The name of the file without its ending.
  var file: String { String((path.split(separator: "/").last ?? "").dropLast(".swift".count)) }
}

enum SourceFiles {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../Sources").standardizedFileURL

  /// Every line of every file.
  static let lines: [SourceLine] = {
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix(".swift") }.sorted().flatMap { path in
      let text = (try? String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)) ?? ""
      return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { number, line in
        SourceLine(path: path, number: number + 1, text: code(line))
      }
    }
  }()

  /// A line without its comment; `//` within a string is none.
  static func code(_ line: Substring) -> String {
    var isString = false
    var previous: Character = " "
    for index in line.indices {
      let character = line[index]
      if character == "\"", previous != "\\" { isString.toggle() }
      if !isString, character == "/", previous == "/" { return String(line[..<line.index(before: index)]) }
      previous = character
    }
    return String(line)
  }
}

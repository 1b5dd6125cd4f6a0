// A word of a script before it is expanded.

/// A word: parts that stand side by side.
struct ShellWord: Sendable {
  var parts: [ShellWordPart] = []
  var place: ShellPlace

  /// The text of a word that is written without quotes and expansions; nil for every other.
  var literal: String? {
    if parts.isEmpty { return "" }
    guard parts.count == 1, case .text(let text, false) = parts[0] else { return nil }
    return text
  }

  /// The text of a word without expansions, quoted or not.
  var constant: String? {
    var result = ""
    for part in parts {
      guard case .text(let text, _) = part else { return nil }
      result += text
    }
    return result
  }
}

/// A part of a word.
indirect enum ShellWordPart: Sendable {
  /// Text as it stands; quoted text is neither split nor a pattern.
  case text(String, isQuoted: Bool)
  /// `$name`, `${name...}`.
  case parameter(ShellParameter, isQuoted: Bool)
  /// `$(...)` or backquotes.
  case command(ShellScript, isQuoted: Bool)
  /// `$((...))`.
  case arithmetic(ShellWord, isQuoted: Bool)
  /// `<(...)`: the name of a file that has what the commands write.
  case process(ShellScript)
  /// `~` or `~user` at the beginning of a word.
  case home(String)
  /// The text of a here-document, by its number.
  case document(Int)
}

/// A parameter and what is done with its value.
struct ShellParameter: Sendable {
  /// What stands behind the name in braces (POSIX 2.6.2, and bash's own).
  enum Operation: Sendable {
    case none
    /// `${#name}`.
    case length
    /// `${name-word}`; `counts` says that an empty value counts as none (`:-`).
    case defaultValue(counts: Bool)
    case assign(counts: Bool)
    case demand(counts: Bool)
    case alternative(counts: Bool)
    /// `${name#word}`: `##` takes away as much as it can.
    case removePrefix(longest: Bool)
    case removeSuffix(longest: Bool)
    /// `${name/word/other}`.
    case replace(all: Bool, anchor: Anchor)
    /// `${name:offset:length}`.
    case slice
    /// `${name^^}`, `${name,,}`; the first character alone when not all.
    case upper(all: Bool)
    case lower(all: Bool)
    /// `${!name[@]}`: the keys of an array.
    case keys
    /// `${!prefix*}`: the names of variables that begin so.
    case names
  }

  /// Where a pattern to be replaced must stand.
  enum Anchor: Sendable { case anywhere, start, end }

  var name: String
  /// `[...]` behind the name.
  var index: ShellWord?
  /// `${!name}`.
  var isIndirect = false
  var operation = Operation.none
  var word: ShellWord?
  /// The second word of `/` and `:`.
  var second: ShellWord?
}

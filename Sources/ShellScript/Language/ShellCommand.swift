// The commands of a script, as they were written.

/// A list of statements.
struct ShellScript: Sendable {
  var statements: [ShellStatement] = []
}

/// Pipelines joined by `&&` and `||`.
struct ShellStatement: Sendable {
  /// How a pipeline is joined to the one before.
  enum Joint: Sendable { case first, and, or }

  var pipelines: [(joint: Joint, pipeline: ShellPipeline)]
  /// Whether `&` stands behind it.
  var isBackground = false
}

/// Commands joined by `|`.
struct ShellPipeline: Sendable {
  var isNegated = false
  var commands: [ShellCommand]
  var place: ShellPlace
}

/// One command with its redirections.
struct ShellCommand: Sendable {
  indirect enum Kind: Sendable {
    case simple(assignments: [ShellAssignment], words: [ShellWord])
    case group(ShellScript)
    case subshell(ShellScript)
    case conditional([(condition: ShellScript, body: ShellScript)], otherwise: ShellScript?)
    case loop(condition: ShellScript, body: ShellScript, isUntil: Bool)
    /// `for name in words`; nil stands for the positional parameters.
    case each(name: String, words: [ShellWord]?, body: ShellScript)
    /// `for ((a; b; c))`.
    case count(start: ShellWord, condition: ShellWord, step: ShellWord, body: ShellScript)
    /// `select name in words`; nil stands for the positional parameters.
    case select(name: String, words: [ShellWord]?, body: ShellScript)
    case choice(ShellWord, [(patterns: [ShellWord], body: ShellScript, goesOn: Bool)])
    /// A function; calls share it.
    case function(name: String, ShellFunction)
    /// `[[ ... ]]`.
    case test([ShellWord])
    /// `((...))`.
    case arithmetic(ShellWord)
  }

  var kind: Kind
  var redirections: [ShellRedirection] = []
  var place: ShellPlace
}

/// The body of a function.
final class ShellFunction: Sendable {
  let body: ShellCommand
  init(_ body: ShellCommand) { self.body = body }
}

/// `name=value`, `name+=value`, `name[index]=value`, `name=(...)`.
struct ShellAssignment: Sendable {
  var name: String
  var index: ShellWord?
  var appends = false
  var value: ShellWord
  /// The elements of an array, each perhaps with `[key]=` before it; nil for a plain value.
  var elements: [(key: ShellWord?, value: ShellWord)]?
  var place: ShellPlace
}

/// A redirection of a command.
struct ShellRedirection: Sendable {
  enum Kind: Sendable {
    case read, write, append, readWrite, duplicateInput, duplicateOutput, hereDocument, hereString, both, bothAppend
  }

  var descriptor: Int?
  var kind: Kind
  /// The file, the descriptor, or the text of a here-document.
  var target: ShellWord
}

// A variable of a script.

/// A variable: a text, or an array of them.
struct ShellVariable: Hashable, Sendable {
  enum Content: Hashable, Sendable {
    case scalar(ShellValue)
    case indexed([Int: ShellValue])
    case associative(keys: [String], values: [String: ShellValue])
  }

  var content: Content
  var isReadOnly = false
  var isExported = false
  /// Whether its value is an arithmetic expression when it is assigned (`declare -i`).
  var isInteger = false

  init(_ value: ShellValue) { content = .scalar(value) }
  init(content: Content) { self.content = content }

  /// The values in order, and all that is one value of a plain variable.
  var values: [ShellValue] {
    switch content {
    case .scalar(let value): [value]
    case .indexed(let values): values.keys.sorted().compactMap { values[$0] }
    case .associative(let keys, let values): keys.compactMap { values[$0] }
    }
  }

  var keys: [String] {
    switch content {
    case .scalar: ["0"]
    case .indexed(let values): values.keys.sorted().map { "\($0)" }
    case .associative(let keys, _): keys
    }
  }

  /// The value without an index: the first of an array.
  var scalar: ShellValue? {
    switch content {
    case .scalar(let value): value
    case .indexed(let values): values[0]
    case .associative(_, let values): values["0"]
    }
  }
}

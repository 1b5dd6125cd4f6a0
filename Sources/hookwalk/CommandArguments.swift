// Splits a command line into options and the rest.

import FlowTesting
import Simulator

/// An option of a subcommand.
struct CommandOption {
  var name: String
  var letter: Character?
  var takesValue: Bool

  static func value(_ name: String, _ letter: Character? = nil) -> CommandOption {
    CommandOption(name: name, letter: letter, takesValue: true)
  }
  static func flag(_ name: String, _ letter: Character? = nil) -> CommandOption {
    CommandOption(name: name, letter: letter, takesValue: false)
  }
}

/// A command line that was understood.
struct CommandArguments {
  /// The values of each option in order; flags have empty ones.
  private var options: [String: [String]] = [:]
  /// Everything else, in order.
  private(set) var operands: [String] = []
  private let command: String

  /// Reads arguments; `--` ends the options, `-` and the arrow `->` are operands.
  init(_ arguments: [String], for command: String, _ known: [CommandOption]) throws(CommandError) {
    self.command = command
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        operands += rest
        return
      }
      if argument.hasPrefix("--") {
        let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        guard let option = known.first(where: { $0.name == name }) else { throw unknown("--\(name)", known) }
        if option.takesValue {
          guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else { throw missing("--\(name)") }
          options[name, default: []].append(value)
        } else {
          guard parts.count == 1 else { throw .usage("option `--\(name)` of `\(command)` takes no value") }
          options[name, default: []].append("")
        }
      } else if argument.hasPrefix("-"), argument != "-", argument != "->" {
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
          guard let option = known.first(where: { $0.letter == letter }) else { throw unknown("-\(letter)", known) }
          var value = ""
          if option.takesValue {
            if letters.isEmpty {
              guard let next = rest.popFirst() else { throw missing("-\(letter)") }
              value = next
            } else {
              value = String(letters)
              letters = ""
            }
          }
          options[option.name, default: []].append(value)
        }
      } else {
        operands.append(argument)
      }
    }
  }

  private func unknown(_ option: String, _ known: [CommandOption]) -> CommandError {
    .usage(
      "`\(command)` has no option `\(option)`" + Dispatcher.suggestion(option, known.map { "--\($0.name)" })
        + "\nsee `hookwalk \(command) --help`")
  }

  private func missing(_ option: String) -> CommandError {
    .usage("option `\(option)` of `\(command)` needs a value\nsee `hookwalk \(command) --help`")
  }

  /// Whether a flag was given.
  func has(_ name: String) -> Bool { options[name] != nil }
  /// Every value of an option.
  func values(_ name: String) -> [String] { options[name] ?? [] }
  /// The last value of an option, or nil.
  func value(_ name: String) -> String? { options[name]?.last }

  /// The last value of an option, one of a few words.
  func choice(_ name: String, _ choices: [String]) throws(CommandError) -> String? {
    guard let value = value(name) else { return nil }
    guard choices.contains(value) else {
      throw .usage(
        "`\(value)` is not a value of `--\(name)`" + Dispatcher.suggestion(value, choices) + "\nthe values are "
          + choices.joined(separator: " "))
    }
    return value
  }

  /// The number of rules of `--max-rules`, or nil.
  func maximumRules() throws(CommandError) -> Int? {
    guard let text = value("max-rules") else { return nil }
    guard let number = Int(text), number > 0 else {
      throw .usage("`\(text)` is not a number of rules for `--max-rules`: it is 1 or more")
    }
    return number
  }

  /// What `--unknown` says of a packet whose end nothing here can say; nil when it says nothing.
  func unknownPolicy() throws(CommandError) -> UnknownPolicy? {
    try choice("unknown", UnknownPolicy.allCases.map(\.rawValue)).flatMap { UnknownPolicy(rawValue: $0) }
  }

  /// Whether standard output is coloured.
  func usesColor() throws(CommandError) -> Bool {
    Terminal.usesColor(
      ColorChoice(rawValue: try choice("color", ColorChoice.allCases.map(\.rawValue)) ?? "auto") ?? .auto)
  }
}

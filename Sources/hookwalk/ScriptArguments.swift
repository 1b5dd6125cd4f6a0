// What the command line says about scripts: their arguments, variables, conditions and files.

import NetfilterModel
import RuleScripts

/// The options of subcommands that read scripts.
enum ScriptArguments {
  static let options: [CommandOption] = [.value("args"), .value("set"), .value("assume"), .value("root")]

  /// Their lines in the help of a subcommand.
  static let help = """
          --args WORDS       the arguments of a script: 'start "two words"'
          --set NAME=VALUE   a variable of a script that is not known otherwise
          --assume L=yes|no  the condition of line L of a script, which is not known
          --root FOLDER      stands for / where a script reads files
    """

  /// What is said about scripts.
  ///
  /// - Parameters:
  ///   - words: the words behind a script; `--args` has others.
  ///   - otherAssumptions: whether `--assume` may also speak of matches.
  static func read(
    _ arguments: CommandArguments, _ words: [String] = [], otherAssumptions: Bool = false
  ) throws(CommandError) -> ScriptOptions {
    var options = ScriptOptions()
    options.arguments = words
    for text in arguments.values("args") {
      guard words.isEmpty else {
        throw .usage("a script has its arguments in `--args` or behind its name, not in both")
      }
      guard let more = ScriptOptions.words(text) else {
        throw .usage("a quote of `--args` is not closed: `\(text)`")
      }
      options.arguments += more
    }
    for text in arguments.values("set") {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw .usage("`--set` needs NAME=VALUE, and `\(text)` is not one")
      }
      options.variables[String(parts[0])] = String(parts[1])
    }
    for text in arguments.values("assume") {
      guard let answer = condition(text) else {
        if otherAssumptions { continue }
        throw .usage("`--assume` needs the line of a condition and yes or no, as in `--assume 12=yes`")
      }
      options.answers[answer.line] = answer.isTrue
    }
    let root = arguments.value("root")
    options.read = { name, script in file(name, besides: script, root) }
    return options
  }

  /// The words of a command that say the same about a script again.
  static func words(_ arguments: CommandArguments) -> [String] {
    ["args", "set", "assume", "root"].flatMap { name in arguments.values(name).flatMap { ["--\(name)", $0] } }
  }

  /// `12=yes`, `lib.sh:3=no`; nil for anything else, such as a match.
  static func condition(_ text: String) -> (line: String, isTrue: Bool)? {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let answer = ["yes": true, "no": false][parts[1]],
      let number = parts[0].split(separator: ":").last, Int(number) != nil
    else { return nil }
    return (String(parts[0]), answer)
  }

  /// A file that a script names: beside it or below, or below the folder that stands for `/`. Others of this machine are not read:
  /// the script runs elsewhere.
  private static func file(_ name: String, besides script: String, _ root: String?) -> [UInt8]? {
    let folder = script.lastIndex(of: "/").map { String(script[...$0]) } ?? ""
    var paths: [String] = []
    if name.hasPrefix("/") {
      if let root { paths.append(root + name) }
      if !folder.isEmpty, name.hasPrefix(folder) { paths.append(name) }
    } else if !name.hasPrefix("../") {
      paths.append(folder + (name.hasPrefix("./") ? String(name.dropFirst(2)) : name))
      if !folder.isEmpty, name.hasPrefix(folder) { paths.insert(name, at: 0) }
    }
    for path in paths where FileStatus(path: path)?.kind == .regular {
      do throws(CommandError) { return try InputFile.bytes(path) } catch { continue }
    }
    return nil
  }
}

// What the command line says about scripts: their arguments, variables, conditions and files.

import NetfilterModel
import RuleScripts

/// The options of subcommands that read scripts.
enum ScriptArguments {
  static let options: [CommandOption] = [.value("set"), .value("assume"), .value("root")]

  static let help = """
      --set NAME=VALUE   a variable of a script that is not known otherwise
      --assume L=yes|no  the condition of line L of a script, which is not known
      --root FOLDER      stands for / where a script reads files
    """

  /// What is said about the script at a path.
  static func read(
    _ arguments: CommandArguments, _ words: [String], for path: String, otherAssumptions: Bool = false
  ) throws(CommandError) -> ScriptOptions {
    var options = ScriptOptions()
    options.arguments = words
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
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let root = arguments.value("root")
    options.read = { name in file(name, folder, root) }
    return options
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
  private static func file(_ name: String, _ folder: String, _ root: String?) -> [UInt8]? {
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

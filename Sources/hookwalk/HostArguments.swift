// What the command line says about the host: a description or a collected folder, and what scripts change of it.

import FlowTesting
import NetfilterModel

/// The options of subcommands that have a host.
enum HostArguments {
  static let options: [CommandOption] = [.value("host"), .flag("apply-host")]

  /// Their lines in the help of a subcommand.
  static let help = """
          --host FILE        the host, in the flow language, or a folder that the
                             script of `hookwalk collect` filled
          --apply-host       settings, routes and addresses that a script sets are
                             the host's, too
    """

  /// The description that `--host` names, and the name that its lines have; nil without one.
  static func description(_ arguments: CommandArguments) throws(CommandError) -> (text: String, file: String)? {
    guard let path = arguments.value("host") else { return nil }
    return try description(path)
  }

  /// A description, or that of a folder.
  static func description(_ path: String) throws(CommandError) -> (text: String, file: String) {
    if let folder = try HostFolder.text(path) { return (folder.text, folder.name) }
    return (try Terminal.read(path), path)
  }

  /// The lines that `--host` names, read, to stand above the lines of other files; nil without it.
  static func document(_ arguments: CommandArguments) throws(CommandError) -> FlowDocument? {
    guard let (text, file) = try description(arguments) else { return nil }
    return FlowParser.parse(text, file: file) { name in
      do throws(CommandError) { return try Terminal.read(name) } catch { return nil }
    }
  }
}

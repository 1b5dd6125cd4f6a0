// The command `hookwalk`: finds the subcommand and turns what it throws into messages and exit codes.

let arguments = Array(CommandLine.arguments.dropFirst())
Terminal.exit(Dispatcher.run(arguments))

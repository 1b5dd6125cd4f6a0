// The command `hookwalk`: finds the subcommand and turns what it throws into messages and exit codes.

SystemCall.fillStandardStreams()
SystemCall.ignoreWriteSignals()
Terminal.exit(Dispatcher.run(Array(CommandLine.arguments.dropFirst())))

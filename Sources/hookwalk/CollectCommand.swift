// `hookwalk collect`: a script that saves what hookwalk reads of a machine.

/// Prints a script that saves a machine's rules, sets, addresses, routes and settings.
enum CollectCommand: Subcommand {
  static let name = "collect"
  static let summary = "a script that saves a machine's rules and network"
  static let help = """
    hookwalk collect [--output FILE]

    Prints a POSIX shell script. Run on a machine as root, it saves rules, sets,
    addresses, routes and settings into a folder, and changes nothing there. Then
    `hookwalk trace --host FOLDER` walks packets through that machine.

    Example
      hookwalk collect > collect.sh
      sudo sh collect.sh machine
      hookwalk trace --host machine \\
        'in on eth0 tcp 198.51.100.7:4000 > 203.0.113.1:22'

    """

  /// The files of the folder, and the commands that write them.
  static let files: [(name: String, command: String)] = [
    ("rules.v4", "iptables-save -c"), ("rules.v6", "ip6tables-save -c"), ("ipset", "ipset save"),
    ("addr", "ip -c=never addr show"), ("link", "ip -c=never -d link show"),
    ("route", "ip -c=never -4 route show table all"), ("route6", "ip -c=never -6 route show table all"),
    ("rule", "ip -c=never -4 rule show"), ("rule6", "ip -c=never -6 rule show"), ("sysctl", "sysctl -a"),
  ]

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(arguments, for: name, [.value("output")])
    guard arguments.operands.isEmpty else {
      throw .usage("`collect` takes no operand; the folder is given to the script that it prints")
    }
    try Terminal.sendResult(to: arguments.value("output"))
    var text = """
      #!/bin/sh
      # Saves rules, sets, addresses, routes and settings into a folder. Nothing else is changed.
      #   sh collect.sh FOLDER
      if [ $# -ne 1 ]; then echo "usage: sh collect.sh FOLDER" >&2; exit 2; fi
      mkdir -p -- "$1" && cd -- "$1" || exit 1
      PATH=$PATH:/usr/sbin:/sbin
      save() { # FILE COMMAND...: what the command prints; no file where the command is missing or fails
        file=$1; shift
        if "$@" >"$file.part" 2>/dev/null; then mv -- "$file.part" "$file"
        else rm -f -- "$file.part"; echo "not saved: $*" >&2; fi
      }

      """
    for file in files { text += "save \(file.name) \(file.command)\n" }
    text += "ls -l\n"
    Terminal.print(text)
    return .done
  }
}

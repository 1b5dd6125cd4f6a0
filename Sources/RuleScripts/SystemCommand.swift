// The commands of a system that scripts call besides iptables, and what is known of them.

/// What is known of a command that is not netfilter's.
enum SystemCommand: Sendable {
  /// It acts, and is taken to succeed; nothing that it prints matters.
  case acts
  /// It acts, and prints what is not known.
  case reports
  /// It acts on another host or namespace.
  case elsewhere
  /// Nothing is known of its output and status.
  case unknown

  private static let acting = [
    "modprobe", "insmod", "rmmod", "depmod", "mkdir", "rmdir", "rm", "cp", "mv", "touch", "chmod", "chown", "ln",
    "sleep",
    "logger", "sync", "kill", "killall", "pkill", "mount", "umount", "tc", "ipset", "ethtool", "install", "usleep",
    "udevadm",
    "brctl", "restorecon", "setenforce", "chattr", "mknod", "renice", "start-stop-daemon", "ifup", "ifdown",
    "log_daemon_msg", "log_end_msg", "log_begin_msg", "log_action_msg", "log_success_msg", "log_failure_msg",
  ]
  private static let reporting = [
    "service", "systemctl", "sysctl", "invoke-rc.d", "rc-service", "update-rc.d", "chkconfig", "conntrack", "nft",
    "ebtables",
    "arptables", "apt-get", "apt", "yum", "dnf", "clear", "tput", "stty", "mail", "sendmail", "ifconfig", "route", "ip",
  ]
  private static let others = [
    "ssh", "nsenter", "docker", "podman", "lxc-attach", "lxc", "machinectl", "chroot", "vzctl", "virsh",
  ]

  /// The kind of the command with a name or path and arguments.
  init(_ name: String, _ arguments: [String]) {
    let base = name.split(separator: "/").last.map { String($0) } ?? name
    if SystemCommand.others.contains(base)
      || base == "ip" && arguments.first == "netns" && arguments.count > 1 && arguments[1] == "exec"
    {
      self = .elsewhere
    } else if SystemCommand.acting.contains(base) {
      self = .acts
    } else if base == "ip" || base == "ifconfig" || base == "route" {
      self = SystemCommand.changesNetwork(arguments) ? .acts : .unknown
    } else if base == "systemctl" || base == "service" {
      self = arguments.contains { $0.hasPrefix("is-") || $0 == "status" || $0 == "show" } ? .unknown : .reports
    } else if base == "sysctl" {
      self =
        arguments.contains { $0 == "-n" || $0 == "-a" || $0 == "-e" } && !arguments.contains { $0.utf8.contains(0x3d) }
        ? .unknown : .reports
    } else if SystemCommand.reporting.contains(base) || name.hasPrefix("/etc/init.d/") || name.hasPrefix("/etc/rc.d/") {
      self = .reports
    } else {
      self = .unknown
    }
  }

  private static func changesNetwork(_ arguments: [String]) -> Bool {
    for word in arguments {
      if [
        "add", "del", "delete", "set", "flush", "replace", "change", "append", "up", "down", "a", "d", "netmask", "gw",
      ].contains(word) {
        return true
      }
    }
    return false
  }

  /// The changes of the host that a command makes.
  static func changes(_ name: String, _ arguments: [String]) -> [HostChange] {
    let base = name.split(separator: "/").last.map { String($0) } ?? name
    if base == "sysctl" {
      return arguments.compactMap { word in
        guard !word.hasPrefix("-") else { return nil }
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let name = parts[0].split(separator: "/").joined(separator: ".")
        return .setting(name: name, value: String(parts[1]))
      }
    }
    guard base == "ip" else { return [] }
    let words = arguments.drop { $0.hasPrefix("-") }
    guard words.count >= 3, let object = words.first else { return [] }
    let verb = words[words.startIndex + 1]
    guard verb == "add" || verb == "a" || verb == "replace" || verb == "append" else { return [] }
    let rest = Array(words.dropFirst(2))
    if "route".hasPrefix(object), object != "", object != "rule".prefix(2) {
      return [.route(rest.joined(separator: " "))]
    }
    if object == "rule" || object == "ru" { return [.rule(rest.joined(separator: " "))] }
    if "address".hasPrefix(object), let device = rest.firstIndex(of: "dev"), device + 1 < rest.count,
      let address = rest.first
    {
      return [.address(address, interface: rest[device + 1])]
    }
    return []
  }
}

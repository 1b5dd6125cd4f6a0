// The name of a setting, with the interface in it.

/// The name of a setting as the kernel's table has it, and the interface that stands in it.
struct KernelSettingName: Hashable, Sendable {
  /// The name with `.` between its parts and `*` in the place of an interface.
  let pattern: String
  /// The interface, `all` or `default`; nil when the name has none.
  let interface: String?

  /// Reads a name as sysctl(8) does: the separator that comes first, `.` or `/`, separates; the other one stands for itself in
  /// a path, and for `.` in a name with dots.
  init(_ text: String) {
    let separator = text.first { $0 == "." || $0 == "/" } ?? "."
    var parts = text.split(separator: separator, omittingEmptySubsequences: true).map { part in
      separator == "."
        ? part.split(separator: "/", omittingEmptySubsequences: false).joined(separator: ".") : String(part)
    }
    let hasInterface = parts.count >= 5 && ["ipv4", "ipv6"].contains(parts[1]) && ["conf", "neigh"].contains(parts[2])
    guard parts.first == "net", hasInterface, let last = parts.last else {
      pattern = parts.joined(separator: ".")
      interface = nil
      return
    }
    // `net.ipv4.conf.eth0.1.rp_filter` has dots of the interface's name.
    interface = parts[3..<(parts.count - 1)].joined(separator: ".")
    parts = Array(parts[..<3]) + ["*", last]
    pattern = parts.joined(separator: ".")
  }

  /// Another name with the interface of this one.
  func written(as other: String) -> String {
    guard let interface else { return other }
    let parts = other.split(separator: "*", omittingEmptySubsequences: false)
    return parts.joined(separator: interface.split(separator: ".").joined(separator: "/"))
  }
}

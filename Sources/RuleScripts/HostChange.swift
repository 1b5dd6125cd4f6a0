// What a script changes of the host besides its rules.

/// A change of the host that a script makes.
public enum HostChange: Hashable, Sendable {
  /// `sysctl -w NAME=VALUE`, `echo VALUE > /proc/sys/...`.
  case setting(name: String, value: String)
  /// `ip route add ...`: the words behind `add`.
  case route(String)
  /// `ip rule add ...`.
  case rule(String)
  /// `ip addr add ADDRESS dev NAME`.
  case address(String, interface: String)

  /// The change as a line of the flow language.
  public var line: String {
    switch self {
    case .setting(let name, let value): "sysctl \(name)=\(value)"
    case .route(let words): "route \(words)"
    case .rule(let words): "rule \(words)"
    case .address(let address, let interface): "iface \(interface) \(address)"
    }
  }

  /// The setting of a file below /proc/sys; nil for every other file.
  init?(path: String, text: String) {
    let root = "/proc/sys/"
    guard path.hasPrefix(root) else { return nil }
    let name = path.dropFirst(root.count).split(separator: "/").joined(separator: ".")
    var value = Substring(text)
    while let last = value.last, last == "\n" || last == " " { value.removeLast() }
    self = .setting(name: name, value: String(value))
  }
}

// The kernel settings that a packet's walk depends on.

import NetfilterModel

/// Kernel settings by name (`net.ipv4.ip_forward`), with the kernel's defaults and its rules for `conf.all` and `conf.<interface>`.
struct Sysctls {
  private var values: [String: Int] = [:]
  /// `net.ipv4.conf.<interface>.<name>`.
  private var perInterface: [InterfaceName: [String: Int]] = [:]
  private var all: [String: Int] = [:]
  private var defaults: [String: Int] = [:]
  private var combined: [InterfaceName: InterfaceSettings] = [:]
  /// `net.ipv4.ip_fwd_update_priority`.
  private(set) var updatesPriority = true

  static let builtIn: [String: Int] = [
    "net.ipv4.ip_default_ttl": 64, "net.ipv4.icmp_echo_ignore_all": 0, "net.ipv4.icmp_echo_ignore_broadcasts": 1,
    "net.ipv4.icmp_ratelimit": 1000, "net.ipv4.icmp_ratemask": 6168, "net.ipv4.icmp_errors_use_inbound_ifaddr": 0,
    "net.ipv4.fwmark_reflect": 0, "net.ipv4.ip_fwd_update_priority": 1, "net.ipv4.ip_forward_use_pmtu": 0,
  ]
  static let builtInConf: [String: Int] = [
    "forwarding": 0, "rp_filter": 0, "accept_local": 0, "route_localnet": 0, "send_redirects": 1, "src_valid_mark": 0,
    "accept_source_route": 1, "bc_forwarding": 0, "log_martians": 0, "shared_media": 1, "mc_forwarding": 0,
  ]

  /// Gives a new interface the defaults of this moment.
  mutating func addInterface(_ name: InterfaceName) {
    perInterface[name] = defaults
    combine()
  }

  /// Sets a value; what is not known is kept, as it changes nothing that is modelled.
  mutating func set(_ key: String, _ text: String) throws(HostError) {
    defer { combine() }
    guard let value = Int(text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }).first ?? "") else {
      values[key] = nil
      return
    }
    let key = key.contains("/") ? key.split(separator: "/").joined(separator: ".") : key
    if key == "net.ipv4.ip_forward" {
      setConf("all", "forwarding", value)
      setConf("default", "forwarding", value)
      for name in perInterface.keys { perInterface[name]?["forwarding"] = value }
      return
    }
    let prefix = "net.ipv4.conf."
    if key.hasPrefix(prefix) {
      let rest = key.dropFirst(prefix.count)
      guard let dot = rest.lastIndex(of: ".") else { throw HostError("`\(key)` is not a setting") }
      setConf(rest[..<dot], String(rest[rest.index(after: dot)...]), value)
      if rest == "all.forwarding" {
        setConf("default", "forwarding", value)
        for name in perInterface.keys { perInterface[name]?["forwarding"] = value }
      }
      return
    }
    values[key] = value
  }

  private mutating func setConf(_ scope: some StringProtocol, _ name: String, _ value: Int) {
    switch scope {
    case "all": all[name] = value
    case "default": defaults[name] = value
    default: perInterface[InterfaceName(scope), default: [:]][name] = value
    }
  }

  /// A value by its full name; 0 where neither it nor a default is known.
  subscript(key: String) -> Int { values[key] ?? Sysctls.builtIn[key] ?? 0 }

  private func own(_ name: String, _ interface: InterfaceName) -> Int {
    perInterface[interface]?[name] ?? Sysctls.builtInConf[name] ?? 0
  }
  private func shared(_ name: String) -> Int {
    // the only one whose `all` is not what new interfaces get
    if name == "accept_source_route" { return all[name] ?? 0 }
    return all[name] ?? Sysctls.builtInConf[name] ?? 0
  }

  private func either(_ name: String, _ interface: InterfaceName) -> Bool {
    shared(name) != 0 || own(name, interface) != 0
  }

  /// The settings of an interface; those of an unknown one are the defaults.
  func settings(of interface: InterfaceName) -> InterfaceSettings { combined[interface] ?? InterfaceSettings() }

  /// Combines the settings anew after a change.
  private mutating func combine() {
    updatesPriority = self["net.ipv4.ip_fwd_update_priority"] != 0
    for name in perInterface.keys {
      combined[name] = InterfaceSettings(
        forwards: own("forwarding", name) != 0, reversePathFilter: max(shared("rp_filter"), own("rp_filter", name)),
        acceptsLocal: either("accept_local", name), routesLocalnet: either("route_localnet", name),
        sendsRedirects: either("send_redirects", name), validatesSourceWithMark: either("src_valid_mark", name),
        forwardsBroadcasts: own("bc_forwarding", name) != 0,
        acceptsSourceRoutes: shared("accept_source_route") != 0 && own("accept_source_route", name) != 0)
    }
  }
}

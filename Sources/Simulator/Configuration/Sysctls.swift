// The kernel settings that a packet's walk depends on.

import NetfilterModel

/// A setting that every interface has: `net.ipv4.conf.<interface>.<raw value>`.
enum InterfaceSetting: String, CaseIterable {
  case forwarding
  case reversePathFilter = "rp_filter"
  case acceptLocal = "accept_local"
  case routeLocalnet = "route_localnet"
  case sendRedirects = "send_redirects"
  case sourceValidMark = "src_valid_mark"
  case acceptSourceRoute = "accept_source_route"
  case broadcastForwarding = "bc_forwarding"

  /// The place of its value among those of an interface.
  var place: Int {
    switch self {
    case .forwarding: 0
    case .reversePathFilter: 1
    case .acceptLocal: 2
    case .routeLocalnet: 3
    case .sendRedirects: 4
    case .sourceValidMark: 5
    case .acceptSourceRoute: 6
    case .broadcastForwarding: 7
    }
  }
}

/// Kernel settings with the kernel's defaults and its rules for `conf.all` and `conf.<interface>`.
///
/// Every packet asks for some of them, so they are kept as numbers at fixed places, not by name.
struct Sysctls: Hashable, Sendable {
  /// The values of an interface by `InterfaceSetting.place`.
  typealias Values = SIMD8<Int>

  private var values: [String: Int] = [:]
  private var names = InterfaceNames()
  private var perInterface: [Values] = []
  private var all = builtInAll
  private var defaults = builtInConf
  /// `net.ipv4.ip_fwd_update_priority`.
  private(set) var updatesForwardPriority = true

  static let builtIn: [String: Int] = [
    "net.ipv4.ip_default_ttl": 64, "net.ipv4.icmp_echo_ignore_all": 0, "net.ipv4.icmp_echo_ignore_broadcasts": 1,
    "net.ipv4.icmp_ratelimit": 1000, "net.ipv4.icmp_ratemask": 6168, "net.ipv4.icmp_errors_use_inbound_ifaddr": 0,
    "net.ipv4.fwmark_reflect": 0, "net.ipv4.ip_fwd_update_priority": 1, "net.ipv4.ip_forward_use_pmtu": 0,
  ]
  private static let builtInConf: Values = [0, 0, 0, 0, 1, 0, 1, 0]
  /// `accept_source_route` is the only one whose `all` is not what new interfaces get.
  private static let builtInAll: Values = [0, 0, 0, 0, 1, 0, 0, 0]

  /// Gives a new interface the defaults of this moment.
  mutating func addInterface(_ name: InterfaceName) {
    if let index = names.place(of: name) {
      perInterface[index] = defaults
    } else {
      names.append(name)
      perInterface.append(defaults)
    }
  }

  /// Sets a value; what is not known is kept, as it changes nothing that is modelled.
  mutating func set(_ key: String, _ text: String) throws(HostError) {
    guard let value = Int(text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }).first ?? "") else {
      setValue(key, nil)
      return
    }
    let key = key.contains("/") ? key.split(separator: "/").joined(separator: ".") : key
    if key == "net.ipv4.ip_forward" {
      setConf("all", "forwarding", value)
      setForwarding(value)
      return
    }
    let prefix = "net.ipv4.conf."
    if key.hasPrefix(prefix) {
      let rest = key.dropFirst(prefix.count)
      guard let dot = rest.lastIndex(of: ".") else { throw HostError("`\(key)` is not a setting") }
      setConf(rest[..<dot], String(rest[rest.index(after: dot)...]), value)
      if rest == "all.forwarding" { setForwarding(value) }
      return
    }
    setValue(key, value)
  }

  private mutating func setValue(_ key: String, _ value: Int?) {
    values[key] = value
    updatesForwardPriority = self["net.ipv4.ip_fwd_update_priority"] != 0
  }

  /// Of every interface there is, and of those to come.
  private mutating func setForwarding(_ value: Int) {
    defaults[InterfaceSetting.forwarding.place] = value
    for index in perInterface.indices { perInterface[index][InterfaceSetting.forwarding.place] = value }
  }

  private mutating func setConf(_ scope: some StringProtocol, _ name: String, _ value: Int) {
    guard let place = InterfaceSetting(rawValue: name)?.place else { return }
    switch scope {
    case "all": all[place] = value
    case "default": defaults[place] = value
    default:
      let interface = InterfaceName(scope)
      let index = names.place(of: interface) ?? names.count
      if index == names.count {
        names.append(interface)
        perInterface.append(Sysctls.builtInConf)
      }
      perInterface[index][place] = value
    }
  }

  /// A value by its full name; 0 where neither it nor a default is known.
  subscript(key: String) -> Int { values[key] ?? Sysctls.builtIn[key] ?? 0 }

  /// The interface's own value (kernel: `IN_DEV_CONF_GET`).
  func conf(_ setting: InterfaceSetting, _ interface: InterfaceName) -> Int {
    names.place(of: interface).map { perInterface[$0][setting.place] } ?? Sysctls.builtInConf[setting.place]
  }
  /// Both `all` and the interface (kernel: `IN_DEV_ANDCONF`).
  func andConf(_ setting: InterfaceSetting, _ interface: InterfaceName) -> Bool {
    all[setting.place] != 0 && conf(setting, interface) != 0
  }
  /// Either `all` or the interface (kernel: `IN_DEV_ORCONF`).
  func orConf(_ setting: InterfaceSetting, _ interface: InterfaceName) -> Bool {
    all[setting.place] != 0 || conf(setting, interface) != 0
  }
  /// The larger of `all` and the interface (kernel: `IN_DEV_MAXCONF`).
  func maxConf(_ setting: InterfaceSetting, _ interface: InterfaceName) -> Int {
    max(all[setting.place], conf(setting, interface))
  }
}

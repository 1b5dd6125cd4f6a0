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

  private var general = GeneralSetting.initial
  private var names = InterfaceNames()
  private var perInterface: [Values] = []
  /// Which values of an interface `conf.default` no longer changes, a bit for each place (kernel: `ipv4_devconf.state`).
  private var own: [UInt8] = []
  private var all = builtInAll
  private var defaults = builtInConf
  private var ipv6General = IPv6Setting.initial
  private var ipv6PerInterface: [SIMD16<Int>] = []
  private var ipv6All = IPv6InterfaceSetting.initial
  private var ipv6Defaults = IPv6InterfaceSetting.initial

  private static let builtInConf: Values = [0, 0, 0, 0, 1, 0, 1, 0]
  /// `accept_source_route` is the only one whose `all` is not what new interfaces get.
  private static let builtInAll: Values = [0, 0, 0, 0, 1, 0, 0, 0]

  /// Gives a new interface the defaults of this moment.
  mutating func addInterface(_ name: InterfaceName) {
    if let index = names.place(of: name) {
      perInterface[index] = defaults
      ipv6PerInterface[index] = ipv6Defaults
      own[index] = 0
    } else {
      names.append(name)
      perInterface.append(defaults)
      ipv6PerInterface.append(ipv6Defaults)
      own.append(0)
    }
  }

  /// From its first address on, an interface's values are its own (kernel: `ipv4_devconf_setall`).
  mutating func keepValues(of name: InterfaceName) {
    if let index = names.place(of: name) { own[index] = .max }
  }

  /// Sets a value.
  mutating func set(_ target: KernelSetting.Target) {
    switch target {
    case .general(.rateLimit, let milliseconds):
      // Kept in jiffies of 4 ms (kernel: `proc_dointvec_ms_jiffies`).
      general[GeneralSetting.rateLimit.place] = (milliseconds &+ 3) / 4 * 4
    case .general(let setting, let value): general[setting.place] = value
    case .forward(let value): setForwarding(value)
    case .interface(.forwarding, "all", let value): setForwarding(value)
    case .interface(let setting, "all", let value): all[setting.place] = value
    case .interface(let setting, "default", let value):
      defaults[setting.place] = value
      guard setting != .forwarding else { return }
      for index in perInterface.indices where own[index] >> setting.place & 1 == 0 {
        perInterface[index][setting.place] = value
      }
    case .interface(let setting, let interface, let value):
      guard let index = names.place(of: InterfaceName(interface)) else { return }
      perInterface[index][setting.place] = value
      if setting != .forwarding { own[index] |= 1 << setting.place }
    case .ipv6(.rateLimit, let milliseconds):
      // Kept in jiffies of 4 ms (kernel: `proc_dointvec_ms_jiffies`).
      ipv6General[IPv6Setting.rateLimit.place] = (milliseconds &+ 3) / 4 * 4
    case .ipv6(let setting, let value):
      ipv6General[setting.place] = value
      ipv6OptionLimits = IPv6OptionLimits(self)
    case .ipv6Interface(let setting, let interface, let value): set(setting, interface, value)
    case .icmpv6RateMask(let types): icmpv6RateMask = types
    case .conntrack, .nothing: break
    }
  }

  /// Of every interface there is, and of those to come; the value that it has already changes nothing (kernel:
  /// `devinet_sysctl_forward`).
  private mutating func setForwarding(_ value: Int) {
    let place = InterfaceSetting.forwarding.place
    guard all[place] != value else { return }
    all[place] = value
    defaults[place] = value
    for index in perInterface.indices { perInterface[index][place] = value }
  }

  private mutating func set(_ setting: IPv6InterfaceSetting, _ interface: String, _ value: Int) {
    switch interface {
    case "all":
      ipv6All[setting.place] = value
      for index in ipv6PerInterface.indices { ipv6PerInterface[index][setting.place] = value }
      if case .everything = setting.reachOfAll { ipv6Defaults[setting.place] = value }
    // Interfaces that are there keep what they have.
    case "default": ipv6Defaults[setting.place] = value
    default:
      if let index = names.place(of: InterfaceName(interface)) { ipv6PerInterface[index][setting.place] = value }
    }
  }

  /// The limits on options of IPv6, which every packet asks for.
  private(set) var ipv6OptionLimits = IPv6OptionLimits()
  /// The types of ICMPv6 that are limited.
  private(set) var icmpv6RateMask = ICMPv6TypeSet.limited

  /// A value of IPv6 of the whole host.
  func ipv6(_ setting: IPv6Setting) -> Int { ipv6General[setting.place] }

  /// The value of IPv6 in `conf.all`.
  func ipv6All(_ setting: IPv6InterfaceSetting) -> Int { ipv6All[setting.place] }

  /// The interface's own value of IPv6.
  func ipv6(_ setting: IPv6InterfaceSetting, _ interface: InterfaceName) -> Int {
    names.place(of: interface).map { ipv6PerInterface[$0][setting.place] }
      ?? IPv6InterfaceSetting.initial[setting.place]
  }

  /// A value of the whole host.
  subscript(setting: GeneralSetting) -> Int { general[setting.place] }

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

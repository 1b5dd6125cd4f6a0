// A setting as it is written to /proc/sys: a name that the kernel has, and a value that it takes.

import NetfilterModel

/// A kernel setting with its new value, both as the kernel takes them.
package struct KernelSetting: Hashable, Sendable {
  /// What it changes.
  enum Target: Hashable, Sendable {
    /// A value of the whole host.
    case general(GeneralSetting, Int)
    /// A value that each interface has; the scope is `all`, `default` or an interface.
    case interface(InterfaceSetting, String, Int)
    /// `net.ipv4.ip_forward`.
    case forward(Int)
    /// Something of connection tracking, by its name there.
    case conntrack(String, value: String)
    /// A value of IPv6 of the whole host.
    case ipv6(IPv6Setting, Int)
    /// A value of IPv6 that each interface has; the scope is `all`, `default` or an interface.
    case ipv6Interface(IPv6InterfaceSetting, String, Int)
    /// `net.ipv6.icmp.ratemask`.
    case icmpv6RateMask(ICMPv6TypeSet)
    /// Nothing that a walk asks for.
    case nothing
  }
  let target: Target
  /// The interface that it belongs to, `all` and `default` not counted; nil for settings of the whole host.
  package let interface: String?

  /// Whether a walk may ask for it.
  package var isUsed: Bool { target != .nothing }

  /// Whether it is for interfaces that have no value of their own (`conf.default`).
  package var isDefault: Bool {
    if case .interface(_, "default", _) = target { true } else { false }
  }

  /// Whether it is for interfaces that are made later alone: `net.ipv6.conf.default`.
  package var isForLaterInterfaces: Bool {
    if case .ipv6Interface(_, "default", _) = target { true } else { false }
  }

  /// Whether the same setting for `all` reaches every interface.
  package var mayBeForAll: Bool {
    guard case .ipv6Interface(let setting, _, _) = target else { return true }
    return setting.reachOfAll == .everything || setting.reachOfAll == .interfaces
  }

  /// Reads a setting.
  ///
  /// - Parameters:
  ///   - key: the name as sysctl(8) takes it: `net.ipv4.conf.eth0/1.rp_filter`, `net/ipv4/conf/eth0.1/rp_filter`.
  ///   - value: what is written to it.
  /// - Throws: `KernelSettingError` when the kernel has no such setting or refuses the value.
  package init(_ key: String, _ value: String) throws(KernelSettingError) {
    let name = KernelSettingName(key)
    interface = name.interface.flatMap { $0 == "all" || $0 == "default" ? nil : $0 }
    if let target = try KernelSetting.target(name, key, value) {
      self.target = target
      return
    }
    // The long list of names is asked only for what is none of the settings above.
    guard let isReadOnly = KernelSettingNames.all[name.pattern] else { throw .name(key) }
    if isReadOnly { throw .readOnly(key) }
    guard let range = ConntrackSettings.range(of: name.pattern) else {
      target = .nothing
      return
    }
    _ = try KernelSetting.number(key, value, range)
    target = ConntrackSettings.isUsed(name.pattern) ? .conntrack(name.pattern, value: value) : .nothing
  }

  /// What a setting outside connection tracking changes; nil for one that no walk asks for.
  private static func target(
    _ name: KernelSettingName, _ key: String, _ value: String
  ) throws(KernelSettingError) -> Target? {
    let text = name.pattern
    let general = "net.ipv4."
    let conf = "net.ipv4.conf.*."
    if text == "net.ipv4.ip_forward" { return .forward(try number(key, value, integers)) }
    if text.hasPrefix(conf), let setting = InterfaceSetting(rawValue: String(text.dropFirst(conf.count))) {
      return .interface(setting, name.interface ?? "", try number(key, value, integers))
    }
    if text.hasPrefix(general), let setting = GeneralSetting(rawValue: String(text.dropFirst(general.count))) {
      return .general(setting, try number(key, value, setting.range))
    }
    if let setting = IPv6Setting(name: text) { return .ipv6(setting, try number(key, value, setting.range)) }
    if text == "net.ipv6.icmp.ratemask" {
      guard let types = ICMPv6TypeSet(value) else {
        throw .value("`\(key)` cannot be `\(value)`", help: "write types of ICMPv6, 0 to 255, as in `0-1,3-127`")
      }
      return .icmpv6RateMask(types)
    }
    guard let setting = IPv6InterfaceSetting(pattern: text) else { return nil }
    let amount = try number(key, value, setting.range)
    let scope = name.interface ?? ""
    // The kernel does not ask for `all` of most settings.
    return scope == "all" && setting.reachOfAll == .nothing ? .nothing : .ipv6Interface(setting, scope, amount)
  }

  /// What `proc_dointvec` takes.
  private static let integers = Int(Int32.min)...Int(Int32.max)

  private static func number(
    _ key: String, _ text: String, _ range: ClosedRange<Int>
  ) throws(KernelSettingError) -> Int {
    guard let number = NumberReader.procGetInteger(text) else {
      throw .value("`\(key)` is a number, not `\(text)`", help: "\(words(range)), decimal, 0x1f or 017")
    }
    if range == 0...Int(ConntrackSettings.longestTimeout), (-range.upperBound..<0).contains(number) {
      throw .value(
        "a negative timeout, 198 days to the kernel, is not simulated", help: "write \(words(range)) seconds")
    }
    guard range.contains(number) else {
      throw .value("`\(key)` cannot be `\(text)`", help: "it takes \(words(range))")
    }
    return number
  }

  private static func words(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }

  /// Whether a name is more general than others that have to come after it: 0 for settings of the whole host, then `conf.all`,
  /// `conf.default` and the interfaces.
  ///
  /// `ip_forward` and `conf.all.forwarding` change every interface, so that one interface's own value comes after them where the
  /// order is not known.
  package static func rank(_ key: String) -> Int {
    let name = KernelSettingName(key)
    guard name.pattern.hasPrefix("net.ipv4.conf.*.") || name.pattern.hasPrefix("net.ipv6.conf.*."),
      let interface = name.interface
    else { return 0 }
    return interface == "all" ? 1 : interface == "default" ? 2 : 3
  }
}

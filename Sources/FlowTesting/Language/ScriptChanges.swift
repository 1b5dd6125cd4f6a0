// What scripts change of the host besides its rules, done on a described host.

import NetfilterModel
import RuleScripts
import Simulator

/// Does on a host what scripts do besides their rules: settings, addresses, routes and routing rules.
public enum ScriptChanges {
  /// Whether one of the changes says where packets go, so that a host can be made of them.
  public static func describeHost(_ changes: [ScriptChange]) -> Bool {
    changes.contains {
      switch $0.change {
      case .address, .route: true
      case .setting, .rule: false
      }
    }
  }

  /// Makes the changes in their order; one that fails changes nothing, as on the host itself, and is told.
  public static func apply(_ changes: [ScriptChange], to host: inout LinuxHost) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    var done: Set<HostChange> = []
    for one in changes where done.insert(one.change).inserted {
      if let problem = apply(one, to: &host) { diagnostics.append(problem) }
    }
    return diagnostics
  }

  private static func apply(_ one: ScriptChange, to host: inout LinuxHost) -> Diagnostic? {
    var severity = Severity.warning
    do throws(HostError) {
      switch one.change {
      case .setting(let name, let value):
        let setting: KernelSetting
        do throws(KernelSettingError) { setting = try KernelSetting(name, value) } catch {
          // A setting that nothing here asks for may well be one of the kernel's.
          if case .name = error { severity = .note }
          throw HostError(error.message, help: error.help)
        }
        try host.set(setting)
      case .route(let words): try host.addRoute(words)
      case .rule(let words): try host.addRoutingRule(words)
      case .address(let text, let interface): try add(text, to: interface, on: &host)
      }
      return nil
    } catch {
      return Diagnostic(
        .changeNotApplied, severity, at: one.range,
        "`\(one.change.line)` of the script is not done here: \(error.message)",
        help: error.help)
    }
  }

  private static func add(_ text: String, to name: String, on host: inout LinuxHost) throws(HostError) {
    guard InterfaceName.isValid(name) else { throw HostError("`\(name)` cannot be the name of an interface") }
    // Without a length an address stands for itself alone (ip-address(8)).
    let isWhole = text.utf8.contains(0x2f)
    let length = text.utf8.contains(0x3a) ? 128 : 32
    guard let address = InterfaceAddress(isWhole ? text : "\(text)/\(length)") else {
      throw HostError("`\(text)` is not an address of an interface")
    }
    let interface = InterfaceName(name)
    if host.interface(interface) == nil {
      host.addInterface(Interface(interface, mtu: interface == .loopback ? 65536 : 1500))
    }
    host.addAddress(address, to: interface)
  }
}

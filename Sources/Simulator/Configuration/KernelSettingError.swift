// Why a setting cannot be made.

import NetfilterModel

/// Why a setting cannot be made.
package enum KernelSettingError: Error, Hashable, Sendable {
  /// The kernel has no setting of this name.
  case name(String)
  /// The setting of this name can only be read.
  case readOnly(String)
  /// The kernel refuses the value; why, and what to do.
  case value(String, help: String)

  /// What is wrong, in lower case.
  package var message: String {
    switch self {
    case .name(let key):
      isOfNetwork(key) ? "the kernel has no setting `\(key)`" : "`\(key)` is not a setting of the network"
    case .readOnly(let key): "`\(key)` can only be read"
    case .value(let message, _): message
    }
  }

  /// What to do, or nil. The nearest name is looked for when it is asked for: an imported file may have thousands of others.
  package var help: String? {
    switch self {
    case .name(let key):
      if !isOfNetwork(key) { return "leave it out: it changes nothing of a packet's way" }
      let name = KernelSettingName(key)
      if let nearest = Spelling.nearest(to: name.pattern, among: KernelSettingNames.all.keys) {
        return "did you mean `\(name.written(as: nearest))`?"
      }
      return "the names are those of Linux 6.18 below /proc/sys/net; leave out what others have: no walk asks for it"
    case .readOnly: return nil
    case .value(_, let help): return help
    }
  }

  private func isOfNetwork(_ key: String) -> Bool { KernelSettingName(key).pattern.hasPrefix("net.") }
}

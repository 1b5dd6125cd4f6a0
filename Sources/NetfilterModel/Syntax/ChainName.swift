// Which names a chain can have.

/// Chain names: their length and what they may not be.
enum ChainName {
  /// The longest name in bytes (kernel: `XT_EXTENSION_MAXNAMELEN` without its zero).
  static let longest = 28

  /// What iptables says of the name of a new chain that it refuses (iptables: `assert_valid_chain_name`).
  static func refusal(_ name: String) -> String? {
    if let first = name.first, first == "-" || first == "!" { return "chain name not allowed to start with `\(first)'" }
    if name.utf8.count > longest { return "chain name `\(name)' too long (must be under \(longest + 1) chars)" }
    if Verdict(name: name) != nil || ExtensionCatalog.targets[name] != nil
      || ExtensionCatalog.foreignTargets.contains(name)
    {
      return "chain name may not clash with target name"
    }
    return "Invalid chain name `\(name)'"
  }

  /// What is wrong with the name of a new chain, or nil (iptables: `assert_valid_chain_name`).
  ///
  /// - Parameter forCommand: whether `-N` makes it; a `:CHAIN` line checks its length alone.
  static func problem(_ name: String, forCommand: Bool, family: AddressFamily) -> String? {
    if name.utf8.count > longest {
      return "chain name `\(name)` is \(name.utf8.count) bytes long; at most \(longest) are allowed"
    }
    guard forCommand else { return nil }
    if let first = name.first, first == "-" || first == "!" {
      return "a chain's name cannot start with `\(first)`"
    }
    if Verdict(name: name) != nil || ExtensionCatalog.targets[name] != nil
      || ExtensionCatalog.foreignTargets.contains(name)
    {
      return "chain name `\(name)` is the name of a target"
    }
    if name.utf8.contains(where: { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0d) }) {
      return "chain name `\(name)` has a blank in it"
    }
    return nil
  }
}

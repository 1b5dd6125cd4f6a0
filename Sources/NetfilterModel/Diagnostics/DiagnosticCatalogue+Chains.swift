// Problems of chains and of what leads to them: 1101 to 1199. A number is never given twice, and new entries come last.

extension DiagnosticID {
  /// There is no chain, or no chain or target, of this name.
  public static let unknownChain = DiagnosticID(
    1101, "unknown-chain", "There is no chain, or no chain or target, of this name")
  /// There is a chain of this name already.
  public static let chainExists = DiagnosticID(
    1102, "chain-exists", "There is a chain of this name already")
  /// A chain cannot be called like this.
  public static let badChainName = DiagnosticID(
    1103, "bad-chain-name", "A chain cannot be called like this")
  /// The name of a chain is missing.
  public static let missingChainName = DiagnosticID(
    1104, "missing-chain-name", "The name of a chain is missing")
  /// A built-in chain cannot be deleted or renamed.
  public static let chainIsBuiltIn = DiagnosticID(
    1105, "chain-is-built-in", "A built-in chain cannot be deleted or renamed")
  /// A chain cannot be deleted, as rules lead to it.
  public static let chainInUse = DiagnosticID(
    1106, "chain-in-use", "A chain cannot be deleted, as rules lead to it")
  /// A chain cannot be deleted, as it has rules.
  public static let chainNotEmpty = DiagnosticID(
    1107, "chain-not-empty", "A chain cannot be deleted, as it has rules")
  /// A table lacks one of its built-in chains.
  public static let missingBuiltInChain = DiagnosticID(
    1108, "missing-built-in-chain", "A table lacks one of its built-in chains")
  /// The policy of a chain is missing.
  public static let missingPolicy = DiagnosticID(
    1109, "missing-policy", "The policy of a chain is missing")
  /// A built-in chain has a policy that is neither ACCEPT nor DROP.
  public static let badPolicy = DiagnosticID(
    1110, "bad-policy", "A built-in chain has a policy that is neither ACCEPT nor DROP")
  /// A chain that is not built in has a policy.
  public static let policyOnUserChain = DiagnosticID(
    1111, "policy-on-user-chain", "A chain that is not built in has a policy")
  /// A rule leads to a built-in chain.
  public static let jumpToBuiltInChain = DiagnosticID(
    1112, "jump-to-built-in-chain", "A rule leads to a built-in chain")
  /// Chains that packets reach lead to each other in a circle.
  public static let chainLoop = DiagnosticID(
    1113, "chain-loop", "Chains that packets reach lead to each other in a circle")
  /// Table nat does not drop packets.
  public static let dropInNat = DiagnosticID(
    1114, "drop-in-nat", "Table nat does not drop packets")
  /// A chain has the name of a target and is taken in its place.
  public static let chainHidesTarget = DiagnosticID(
    1115, "chain-hides-target", "A chain has the name of a target and is taken in its place", .warning)
}

extension DiagnosticCatalogue {
  static let chains: [DiagnosticID] = [
    .unknownChain, .chainExists, .badChainName, .missingChainName, .chainIsBuiltIn, .chainInUse, .chainNotEmpty,
    .missingBuiltInChain, .missingPolicy, .badPolicy, .policyOnUserChain, .jumpToBuiltInChain, .chainLoop,
    .dropInNat, .chainHidesTarget,
  ]
}

// What a connection starts with when the CT target asked for something.

/// The wishes of the CT target for the connection that the packet starts (kernel: the template made by `xt_ct_tg_check`).
public struct ConnectionTemplate: Hashable, Sendable {
  /// The name of the helper, at most 15 bytes; empty for none.
  public var helper: String

  /// Whether it names a conntrack zone, which is not simulated.
  public var hasZone: Bool

  /// Makes a template.
  public init(helper: String = "", hasZone: Bool = false) {
    self.helper = helper
    self.hasZone = hasZone
  }
}

// The translation that a rule gives to a connection.

/// Where the address of a translation comes from.
public enum TranslationAddress: Hashable, Sendable {
  /// The range itself says.
  case range
  /// The address of the interface that the packet leaves on (kernel: `nf_nat_masquerade_ipv4`).
  case outputInterface
  /// This host: the address of the input interface, or 127.0.0.1 at OUTPUT (kernel: `nf_nat_redirect`).
  case thisHost
  /// The packet's own address with its network part replaced (kernel: `xt_nat`, `nf_nat_range.min_addr`).
  case network(AddressMatch)
}

/// A translation that a rule gives to a connection (kernel: `nf_nat_setup_info`).
public struct Translation: Hashable, Sendable {
  /// Which end it changes; nil for the one that belongs to the hook: the destination at PREROUTING and OUTPUT, the source elsewhere.
  public var manipulation: NATManipulation?
  /// Where the address comes from.
  public var address: TranslationAddress
  /// What may be chosen from; the addresses count only with `TranslationAddress.range`.
  public var range: NATRange

  /// Makes a translation.
  public init(_ manipulation: NATManipulation?, to address: TranslationAddress = .range, range: NATRange = NATRange()) {
    self.manipulation = manipulation
    self.address = address
    self.range = range
  }

  /// The end that it changes at a hook (kernel: `HOOK2MANIP`).
  public func end(at hook: Hook) -> NATManipulation {
    manipulation ?? (hook == .prerouting || hook == .output ? .destination : .source)
  }
}

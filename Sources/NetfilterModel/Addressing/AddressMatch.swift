// An address with a mask, as `-s` and `-d` hold it.

/// An address under a mask (`192.0.2.0/24`, `10.0.0.0/255.0.255.0`), with host bits already cleared.
public struct AddressMatch: Hashable, Sendable {
  /// The address; bits outside the mask are zero.
  public var address: IPAddress
  /// The mask; need not be contiguous.
  public var mask: IPAddress

  /// Makes a match; clears the bits of `address` outside `mask`, as iptables does.
  public init(_ address: IPAddress, mask: IPAddress) {
    self.address = address.masked(by: mask)
    self.mask = mask
  }

  /// Makes a match for a prefix.
  public init(_ address: IPAddress, prefixLength: Int) {
    self.init(address, mask: .prefixMask(prefixLength, family: address.family))
  }

  /// Whether `other` lies inside.
  public func contains(_ other: IPAddress) -> Bool {
    other.family == address.family
      && ((other.high & mask.high) ^ address.high) | ((other.low & mask.low) ^ address.low) == 0
  }
}

extension AddressMatch: CustomStringConvertible {
  /// The text that `iptables-save` prints: `address/prefix`, or `address/mask` when the mask is not contiguous.
  public var description: String {
    if let length = mask.prefixLength { return "\(address)/\(length)" }
    return "\(address)/\(mask)"
  }
}

// A number under a mask.

/// A number under a mask, `value[/mask]`, in hexadecimal (`-m mark`, `-m connmark`).
public struct MaskedValue: Hashable, Sendable {
  /// The value.
  public var value: UInt32
  /// The mask.
  public var mask: UInt32

  /// Makes a masked value.
  public init(_ value: UInt32, mask: UInt32 = .max) {
    self.value = value
    self.mask = mask
  }
}

// A set of ICMPv6 types, as `net.ipv6.icmp.ratemask` names them.

/// Some of the 256 ICMPv6 types.
public struct ICMPv6TypeSet: Hashable, Sendable {
  /// A bit for each type.
  private var bits = SIMD4<UInt64>()

  /// The types that are limited unless a setting says otherwise: errors but packet too big (kernel: `inet6_net_init`).
  public static let limited: ICMPv6TypeSet = {
    var types = ICMPv6TypeSet()
    for type in UInt8(0)...127 where type != ICMPv6Type.packetTooBig.rawValue { types.insert(type) }
    return types
  }()

  /// Makes an empty set.
  public init() {}

  /// Reads numbers and ranges of numbers with commas between them: `0-1,3-127`; nil for what the kernel refuses (kernel:
  /// `proc_do_large_bitmap`). An empty text is the empty set.
  public init?(_ text: String) {
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard let first = UInt8(ends[0]), let last = UInt8(ends[ends.count - 1]), first <= last else { return nil }
      for type in first...last { insert(type) }
    }
  }

  private mutating func insert(_ type: UInt8) { bits[Int(type >> 6)] |= 1 << UInt64(type & 63) }

  /// Whether a type is among them.
  public func contains(_ type: ICMPv6Type) -> Bool {
    bits[Int(type.rawValue >> 6)] >> UInt64(type.rawValue & 63) & 1 == 1
  }
}

// How a packet that was put together from fragments came in.

/// How a reassembled datagram came in, which decides how it is cut again on its way out.
public struct FragmentOrigin: Hashable, Sendable {
  /// The size of the largest fragment in bytes, header included (kernel: `IPCB(skb)->frag_max_size`).
  public var maximumSize: Int
  /// Whether the fragments that a router may not cut were the largest ones (kernel: `IPSKB_FRAG_PMTU`).
  public var keepsDontFragment: Bool
  /// The payload lengths of the fragments in their order (kernel: the skb's fragment list).
  public var lengths: [Int]
  /// How many bytes of headers fit in front of each later piece without a copy of it (IPv6; kernel: `skb_headroom`).
  public var headroom = Int.max
  /// Where what the fragments carried begins, in bytes (IPv6).
  public var payloadOffset = 0
  /// Where the number of its first header is written, in bytes (IPv6; kernel: `fq->nhoffset`).
  public var numberOffset = 0

  /// Makes an origin.
  public init(maximumSize: Int, keepsDontFragment: Bool, lengths: [Int]) {
    self.maximumSize = maximumSize
    self.keepsDontFragment = keepsDontFragment
    self.lengths = lengths
  }

  /// Whether a payload of `length` bytes can leave in the pieces that it came in, each of at most `space` bytes.
  func fits(length: Int, space: Int) -> Bool {
    guard lengths.count > 1 else { return false }
    var sum = 0
    for (index, size) in lengths.enumerated() {
      guard size > 0, size <= space, size & 7 == 0 || index == lengths.count &- 1 else { return false }
      sum &+= size
    }
    return sum == length
  }
}

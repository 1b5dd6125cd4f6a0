// The largest segment size that TCP is told.

/// The largest segment size that a TCP SYN is to announce.
public enum SegmentSize: Hashable, Sendable {
  /// A number of bytes.
  case fixed(UInt16)
  /// What the smaller MTU of the way and of the way back leaves.
  case pathMTU
}

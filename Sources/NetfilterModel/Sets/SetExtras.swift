// What is said of an entry beside its key.

/// What an entry is added with (kernel: `struct ip_set_ext`).
struct SetExtras: Hashable, Sendable {
  /// Seconds until it goes, 0 for never; nil for as long as the set says.
  var timeout: UInt32?
  /// Packets; nil to leave what is counted.
  var packets: UInt64?
  /// Bytes; nil to leave what is counted.
  var bytes: UInt64?
  /// A comment; nil for none.
  var comment: String?
  /// A mark, priority and queue; nil for none.
  var info: SetPacketInfo?

  /// What of it a set cannot keep (kernel: `ip_set_get_extensions`); nil when it can keep all.
  func fault(in header: SetHeader) -> SetFault? {
    if timeout != nil, header.timeout == nil { return .noTimeout }
    if packets != nil || bytes != nil, !header.hasCounters { return .noCounters }
    if comment != nil, !header.hasComments { return .noComments }
    if info != nil, !header.hasPacketInfo { return .noPacketInfo }
    return nil
  }
}

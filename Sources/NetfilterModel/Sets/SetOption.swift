// The options of `ipset create` and `ipset add`, as data.

/// An option of a set or of an entry (libipset: `ipset_args`).
enum SetOption: UInt8, Hashable, Sendable {
  case family, hashSize, maximumEntries, range, netmask, bitmask, markMask, timeout, counters, comments, forceAdd
  case packetInfo, bucketSize, initialValue, size
  case before, after, noMatch, wildcard, packets, bytes, comment, packetMark, packetPriority, packetQueue

  /// The word.
  var name: String {
    switch self {
    case .family: "family"
    case .hashSize: "hashsize"
    case .maximumEntries: "maxelem"
    case .range: "range"
    case .netmask: "netmask"
    case .bitmask: "bitmask"
    case .markMask: "markmask"
    case .timeout: "timeout"
    case .counters: "counters"
    case .comments, .comment: "comment"
    case .forceAdd: "forceadd"
    case .packetInfo: "skbinfo"
    case .bucketSize: "bucketsize"
    case .initialValue: "initval"
    case .size: "size"
    case .before: "before"
    case .after: "after"
    case .noMatch: "nomatch"
    case .wildcard: "wildcard"
    case .packets: "packets"
    case .bytes: "bytes"
    case .packetMark: "skbmark"
    case .packetPriority: "skbprio"
    case .packetQueue: "skbqueue"
    }
  }

  /// Whether a value follows it.
  var takesValue: Bool {
    switch self {
    case .counters, .comments, .forceAdd, .packetInfo, .noMatch, .wildcard: false
    default: true
    }
  }

  /// Whether it may be given again; flags may.
  var isRepeatable: Bool { !takesValue }
}

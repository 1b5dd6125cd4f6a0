// What a set was created with.

/// The properties of a set that no entry changes.
public struct SetHeader: Hashable, Sendable {
  /// The place of its type in `SetType.all`.
  public var typePlace: Int
  /// The family of its addresses; nil for a type without addresses.
  public var family: AddressFamily?
  /// How many buckets the hash begins with, a power of two from 64 up.
  public var hashSize: UInt32 = 1024
  /// How many entries a hash holds.
  public var maximumEntries: UInt32 = 65536
  /// The first and the last address or port of a bitmap.
  public var range: ClosedRange<UInt32> = 0...0
  /// The prefix length of what an entry of a bitmap or hash stands for; nil for one address.
  public var netmask: UInt8?
  /// The bits of an address that count; nil for all.
  public var bitmask: IPAddress?
  /// The bits of a mark that count.
  public var markMask: UInt32 = .max
  /// Seconds that an entry lasts, 0 for ever; nil where entries have no timeouts.
  public var timeout: UInt32?
  /// Whether entries count packets and bytes.
  public var hasCounters = false
  /// Whether entries have comments.
  public var hasComments = false
  /// Whether entries have a mark, a priority and a queue.
  public var hasPacketInfo = false
  /// Whether an entry that does not fit replaces another one.
  public var forcesAdding = false
  /// How many entries share a bucket before the hash grows.
  public var bucketSize: UInt8 = 12
  /// The key of the hash; nil when the kernel draws one.
  public var initialValue: UInt32?
  /// The size that a list was created with, which limits nothing.
  public var size: UInt32 = 8

  /// Makes the header of a set of a type, by its place in `SetType.all`.
  public init(typePlace: Int, family: AddressFamily? = nil) {
    self.typePlace = SetType.all.indices.contains(typePlace) ? typePlace : 0
    self.family = family
  }

  /// The type.
  public var type: SetType { SetType.all[typePlace] }

  /// The mask of every address: that of the netmask or the bitmask; nil for none.
  var addressMask: IPAddress? {
    guard let family else { return nil }
    return netmask.map { IPAddress.prefixMask(Int($0), family: family) } ?? bitmask
  }

  /// Whether `create -exist` takes a set for the one that is there (kernel: `mtype_same_set`).
  func isLike(_ other: SetHeader) -> Bool {
    typePlace == other.typePlace && timeout == other.timeout && hasCounters == other.hasCounters
      && hasComments == other.hasComments && hasPacketInfo == other.hasPacketInfo
      && (type.method != .hash || maximumEntries == other.maximumEntries)
      && (type.method != .bitmap || range == other.range) && (type.method != .list || size == other.size)
      && netmask == other.netmask && bitmask == other.bitmask && markMask == other.markMask
  }
}

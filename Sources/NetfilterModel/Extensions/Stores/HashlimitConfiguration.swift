// What -m hashlimit was told, which its table keeps.

/// What makes up a flow, and how a rate is meant (kernel: the mode bits of `struct hashlimit_cfg3`).
public struct HashlimitMode: OptionSet, Hashable, Sendable {
  /// The bits.
  public var rawValue: UInt32
  /// Makes a mode from its bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The destination address.
  public static let destinationAddress = HashlimitMode(rawValue: 1 << 0)
  /// The destination port.
  public static let destinationPort = HashlimitMode(rawValue: 1 << 1)
  /// The source address.
  public static let sourceAddress = HashlimitMode(rawValue: 1 << 2)
  /// The source port.
  public static let sourcePort = HashlimitMode(rawValue: 1 << 3)
  /// Above the rate instead of up to it.
  public static let inverted = HashlimitMode(rawValue: 1 << 4)
  /// Bytes instead of packets.
  public static let bytes = HashlimitMode(rawValue: 1 << 5)
  /// Looks at the rate without limiting it (`--hashlimit-rate-match`).
  public static let rateMatch = HashlimitMode(rawValue: 1 << 6)

  static let names: [(String, HashlimitMode)] = [
    ("srcip", .sourceAddress), ("srcport", .sourcePort), ("dstip", .destinationAddress), ("dstport", .destinationPort),
  ]

  /// The parts of a flow in the order in which they are printed.
  var names: [String] { Self.names.filter { contains($0.1) }.map { $0.0 } }
}

/// What `-m hashlimit` was told (kernel: `struct hashlimit_cfg3`).
public struct HashlimitConfiguration: Hashable, Sendable {
  /// The mode bits.
  public var mode: HashlimitMode = []
  /// The time for one packet in microseconds, or what 16 bytes cost in the byte mode.
  public var average: UInt64 = 0
  /// The burst in packets, or how often the credit is filled up in the byte mode.
  public var burst: UInt64 = 5
  /// The number of hash buckets; 0 for the kernel's choice.
  public var size: UInt32 = 0
  /// The most entries; 0 for eight times the buckets.
  public var maximum: UInt32 = 0
  /// How often idle entries are removed, in milliseconds.
  public var collectionInterval: UInt32 = 1000
  /// After how many idle milliseconds an entry goes.
  public var expiry: UInt32 = 0
  /// The prefix length of source addresses.
  public var sourceMask: UInt8 = 32
  /// The prefix length of destination addresses.
  public var destinationMask: UInt8 = 32
  /// The interval of `--hashlimit-rate-match` in seconds; 0 when it was not given.
  public var interval: UInt32 = 0

  /// Makes the defaults.
  public init() {}
}

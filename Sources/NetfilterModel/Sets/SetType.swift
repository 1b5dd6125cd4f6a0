// The types of sets as data: what their entries are made of, and which options they take.

/// A type of set (kernel: `struct ip_set_type`; man page: ipset, "SET TYPES").
public struct SetType: Sendable {
  /// How the kernel keeps the entries.
  public enum Method: Hashable, Sendable {
    /// A bit for each number of a range.
    case bitmap
    /// A hash table.
    case hash
    /// A list of other sets.
    case list
  }

  /// Which families a set of the type can have.
  public enum Families: Hashable, Sendable {
    /// IPv4 only.
    case inet
    /// IPv4 or IPv6, as the set is created.
    case either
    /// None: the entries have no addresses.
    case none
  }

  /// The name (`hash:ip,port`).
  public let name: String
  /// The names of older versions.
  public let aliases: [String]
  /// How the kernel keeps the entries.
  public let method: Method
  /// The parts of an entry, in order.
  public let parts: [SetPart]
  /// The families.
  public let families: Families
  /// What `create` takes, in the order in which `ipset save` prints it.
  let createOptions: [SetOption]
  /// What `add` takes, in the order in which `ipset save` prints it.
  let addOptions: [SetOption]
  /// Whether entries of /0 are allowed (kernel: `IP_SET_HASH_WITH_NET0`).
  let allowsEverything: Bool
  /// Whether the kernel of the comparison has it.
  public let isCompared: Bool

  /// Whether entries can be networks, and so say `nomatch`.
  public var hasNetworks: Bool { parts.contains(.network) }
  /// The place of the part that is the second address or network; nil without one.
  var secondAddress: Int? { parts.indices.dropFirst().last { parts[$0].isAddress } }
  /// Whether the second part of an entry may be left out.
  var isLastPartOptional: Bool { method == .bitmap && parts.count == 2 }

  private init(
    _ name: String, _ aliases: [String] = [], _ parts: [SetPart], _ families: Families = .either,
    masks: [SetOption] = [], late: [SetOption] = [], allowsEverything: Bool = false, isCompared: Bool = true
  ) {
    self.name = name
    self.aliases = aliases
    self.parts = parts
    self.families = families
    self.allowsEverything = allowsEverything
    self.isCompared = isCompared
    let method: Method = parts == [.set] ? .list : name.utf8.first == UInt8(ascii: "b") ? .bitmap : .hash
    self.method = method
    let extensions: [SetOption] = [.timeout, .counters, .comments, .forceAdd, .packetInfo]
    switch method {
    case .hash:
      createOptions =
        (families == .either ? [.family] : []) + (masks == [.markMask] ? masks : []) + [.hashSize, .maximumEntries]
        + (masks == [.markMask] ? [] : masks) + extensions + [.bucketSize, .initialValue] + late
    case .bitmap: createOptions = [.range] + masks + extensions.filter { $0 != .forceAdd }
    case .list: createOptions = [.size] + extensions.filter { $0 != .forceAdd }
    }
    let own: [SetOption] =
      parts.contains(.interface) ? [.noMatch, .wildcard] : parts.contains(.network) ? [.noMatch] : []
    addOptions =
      (method == .list ? [.before, .after] : []) + [.timeout] + own
      + [.packets, .bytes, .comment, .packetMark, .packetPriority, .packetQueue]
  }

  /// All types.
  public static let all: [SetType] = [
    SetType("bitmap:ip", ["ipmap"], [.address], .inet, masks: [.netmask]),
    SetType("bitmap:ip,mac", ["macipmap"], [.singleAddress, .hardware], .inet),
    SetType("bitmap:port", ["portmap"], [.port], .none),
    SetType("hash:ip", ["iphash"], [.address], masks: [.netmask, .bitmask]),
    SetType("hash:net", ["nethash"], [.network]),
    SetType("hash:ip,port", ["ipporthash"], [.address, .protocolPort], late: [.netmask, .bitmask]),
    SetType("hash:ip,port,ip", ["ipportiphash"], [.address, .protocolPort, .singleAddress]),
    SetType("hash:ip,port,net", ["ipportnethash"], [.address, .protocolPort, .network]),
    SetType("hash:net,port", ["netporthash"], [.network, .protocolPort]),
    SetType("hash:net,iface", ["netifacehash"], [.network, .interface], allowsEverything: true),
    SetType("list:set", ["setlist"], [.set], .none),
    SetType(
      "hash:net,net", ["netnethash"], [.network, .network], late: [.bitmask, .netmask], allowsEverything: true,
      isCompared: false),
    SetType(
      "hash:net,port,net", ["netportnethash"], [.network, .protocolPort, .network], allowsEverything: true,
      isCompared: false),
    SetType("hash:ip,mark", ["ipmarkhash"], [.address, .mark], masks: [.markMask], isCompared: false),
    SetType("hash:mac", ["machash"], [.hardware], .none, isCompared: false),
    SetType("hash:ip,mac", ["ipmachash"], [.singleAddress, .hardware], isCompared: false),
  ]

  /// The place in `all` of the type with a name, or an older one; nil for none.
  public static func place(of name: some StringProtocol) -> Int? {
    all.firstIndex { $0.name == name || $0.aliases.contains { $0 == name } }
  }
}

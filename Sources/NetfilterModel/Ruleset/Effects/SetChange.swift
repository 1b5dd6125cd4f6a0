// What SET does with sets.

/// A set in a rule, and whose address, port or interface each part of an entry is.
public struct SetReference: Hashable, Sendable {
  /// The name of the set.
  public var name: String
  /// For each part of an entry, whether it is the source's; at most six.
  public var sources: [Bool]

  /// Makes a reference.
  public init(name: String, sources: [Bool]) {
    self.name = name
    self.sources = sources
  }
}

/// What SET does with sets, in this order (kernel: `set_target_v3`).
public struct SetChange: Hashable, Sendable {
  /// The set that what the packet shows is added to.
  public var add: SetReference?
  /// Whether an entry that is there begins anew.
  public var exists = false
  /// Seconds that the entry lasts; nil for as long as the set says.
  public var timeout: UInt32?
  /// The set that what the packet shows is removed from.
  public var remove: SetReference?
  /// The set whose entry gives the packet its mark and priority.
  public var map: SetReference?
  /// Whether the packet gets the entry's mark.
  public var mapsMark = false
  /// Whether the packet gets the entry's priority.
  public var mapsPriority = false
  /// Whether the packet gets the entry's queue of the network card, which changes nothing that is simulated.
  public var mapsQueue = false

  /// Makes a change that does nothing.
  public init() {}
}

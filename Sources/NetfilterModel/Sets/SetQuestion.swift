// What a rule asks a set.

/// A comparison of a counter of the entry that fits (kernel: `struct ip_set_counter_match`).
public struct SetCounterTest: Hashable, Sendable {
  /// How it is compared.
  public enum Operator: String, Hashable, Sendable, CaseIterable {
    /// Equal, or different when inverted.
    case eq
    /// Less.
    case lt
    /// Greater.
    case gt
  }

  /// How it is compared.
  public var comparison: Operator
  /// The number.
  public var value: UInt64
  /// Whether `!` stood before it.
  public var isInverted: Bool

  /// Whether a counter passes.
  func holds(_ counter: UInt64) -> Bool {
    switch comparison {
    case .eq: (counter == value) != isInverted
    case .lt: counter < value
    case .gt: counter > value
    }
  }
}

/// What a rule asks a set, beside the packet (kernel: `struct ip_set_adt_opt`).
public struct SetQuestion: Hashable, Sendable {
  /// For each part of an entry, whether it is the source's.
  public var sources: [Bool]
  /// Whether an entry that says `nomatch` counts as a match.
  public var returnsNoMatch = false
  /// Whether the counters of the entry count the packet.
  public var countsPackets = true
  /// Whether the counters of entries of sets in a list count it.
  public var countsInMembers = true
  /// What the packets and bytes of the entry must be.
  public var packets: SetCounterTest?
  /// What its bytes must be.
  public var bytes: SetCounterTest?

  /// Makes a question.
  public init(sources: [Bool]) { self.sources = sources }
}

/// What a set says of a packet.
public enum SetAnswer: Hashable, Sendable {
  /// It has no such entry.
  case no
  /// It has, and what the entry gives to packets.
  case yes(SetPacketInfo?)
  /// An entry with `nomatch` covers it.
  case excluded
  /// Nothing here can say; why.
  case unknown(String)
}

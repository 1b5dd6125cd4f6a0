// What has happened to a connection.

/// The bits of a connection's status (kernel: `enum ip_conntrack_status`).
public struct ConnectionStatus: OptionSet, Hashable, Sendable {
  /// The bits.
  public var rawValue: UInt32
  /// Makes a status from its bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// It was expected by another (`IPS_EXPECTED`).
  public static let expected = ConnectionStatus(rawValue: 1 << 0)
  /// Both directions were seen (`IPS_SEEN_REPLY`).
  public static let seenReply = ConnectionStatus(rawValue: 1 << 1)
  /// It is kept under early drop (`IPS_ASSURED`).
  public static let assured = ConnectionStatus(rawValue: 1 << 2)
  /// It stands in the table (`IPS_CONFIRMED`).
  public static let confirmed = ConnectionStatus(rawValue: 1 << 3)
  /// Its source is translated (`IPS_SRC_NAT`).
  public static let sourceNAT = ConnectionStatus(rawValue: 1 << 4)
  /// Its destination is translated (`IPS_DST_NAT`).
  public static let destinationNAT = ConnectionStatus(rawValue: 1 << 5)
  /// TCP sequence numbers are adjusted (`IPS_SEQ_ADJUST`).
  public static let sequenceAdjust = ConnectionStatus(rawValue: 1 << 6)
  /// Source NAT was set up, perhaps to nothing (`IPS_SRC_NAT_DONE`).
  public static let sourceNATDone = ConnectionStatus(rawValue: 1 << 7)
  /// Destination NAT was set up, perhaps to nothing (`IPS_DST_NAT_DONE`).
  public static let destinationNATDone = ConnectionStatus(rawValue: 1 << 8)
  /// It is about to be removed (`IPS_DYING`).
  public static let dying = ConnectionStatus(rawValue: 1 << 9)
  /// Its timeout is fixed (`IPS_FIXED_TIMEOUT`).
  public static let fixedTimeout = ConnectionStatus(rawValue: 1 << 10)
  /// It is a template from the CT target (`IPS_TEMPLATE`).
  public static let template = ConnectionStatus(rawValue: 1 << 11)
  /// Its helper was set by rule (`IPS_HELPER`).
  public static let helper = ConnectionStatus(rawValue: 1 << 13)

  /// The names that `--ctstatus` takes, in the order in which they are printed.
  static let names: [(name: String, bits: UInt16)] = [
    ("NONE", 0), ("EXPECTED", 1 << 0), ("SEEN_REPLY", 1 << 1), ("ASSURED", 1 << 2), ("CONFIRMED", 1 << 3),
  ]

  /// The names of its bits; `NONE` without any.
  var words: String { isEmpty ? "NONE" : WordList.print(UInt16(truncatingIfNeeded: rawValue), Self.names) }
}

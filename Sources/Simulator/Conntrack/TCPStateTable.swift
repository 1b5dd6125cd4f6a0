// What each kind of TCP segment does to the state of a connection, as one table.

import NetfilterModel

/// The kind of a segment by its control flags; the rows of the state table (kernel: `enum tcp_bit_set`).
enum TCPSegmentKind: UInt8, Hashable, CaseIterable {
  case syn = 0
  case synAck = 1
  case fin = 2
  case ack = 3
  case rst = 4
  case none = 5

  /// The kind of a segment with `flags` (kernel: `get_conntrack_index`).
  init(flags: TCPFlags) {
    if flags.contains(.rst) {
      self = .rst
    } else if flags.contains(.syn) {
      self = flags.contains(.ack) ? .synAck : .syn
    } else if flags.contains(.fin) {
      self = .fin
    } else {
      self = flags.contains(.ack) ? .ack : .none
    }
  }
}

/// What the state table says about a segment.
enum TCPTransition: Hashable {
  /// The connection goes to this state, or stays in it.
  case to(TCPConnectionState)
  /// The segment may be valid; it passes, and the state stays (kernel: `TCP_CONNTRACK_IGNORE`).
  case ignore
  /// The segment is invalid.
  case invalid
}

/// The state table of Linux 6.18 (kernel: `tcp_conntracks`).
enum TCPStateTable {
  /// The transition for a segment of `kind` in `direction` when the connection is in `state`.
  static func transition(
    _ direction: ConnectionDirection, _ kind: TCPSegmentKind, _ state: TCPConnectionState
  ) -> TCPTransition {
    let row = Int(direction.rawValue) * 6 + Int(kind.rawValue)
    let index = row * 10 + Int(state.rawValue)
    guard index < cells.count else { return .invalid }
    let cell = cells[index]
    if cell == ignore { return .ignore }
    return TCPConnectionState(rawValue: cell).map { .to($0) } ?? .invalid
  }

  private static let invalid: UInt8 = 10
  private static let ignore: UInt8 = 11

  /// Two letters a cell, in the order of the states: NO SS SR ES FW CW LA TW CL S2; IG ignored, IV invalid.
  private static let rows = [
    // Original direction: SYN, SYN/ACK, FIN, ACK, RST, none of them.
    "SS SS IG IG IG IG IG SS SS S2",
    "IV IV SR IV IV IV IV IV IV SR",
    "IV IV FW FW LA LA LA TW CL IV",
    "ES IV ES ES CW CW TW TW CL IV",
    "IV CL CL CL CL CL CL CL CL CL",
    "IV IV IV IV IV IV IV IV IV IV",
    // Reply direction.
    "IV S2 IV IV IV IV IV SS IV S2",
    "IV SR IG IG IG IG IG IG IG SR",
    "IV IV FW FW LA LA LA TW CL IV",
    "IV IG SR ES CW CW TW TW CL IG",
    "IV CL CL CL CL CL CL CL CL CL",
    "IV IV IV IV IV IV IV IV IV IV",
  ]

  private static let cells: [UInt8] = rows.flatMap { row in
    row.split(separator: " ").map { name in
      switch name {
      case "IG": ignore
      case "IV": invalid
      default: UInt8(names.firstIndex(of: name) ?? Int(invalid))
      }
    }
  }

  private static let names: [Substring] = ["NO", "SS", "SR", "ES", "FW", "CW", "LA", "TW", "CL", "S2"]
}

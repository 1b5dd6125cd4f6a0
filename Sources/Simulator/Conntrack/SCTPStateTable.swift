// The states of an SCTP association.

import NetfilterModel

/// The state table of SCTP (kernel: `sctp_conntracks`).
enum SCTPStateTable {
  /// The state after a chunk, or nil if the chunk is invalid; chunks that are not in the table change nothing
  /// (kernel: `sctp_new_state`).
  static func state(
    after chunk: SCTPChunkType, _ direction: ConnectionDirection, _ state: SCTPConnectionState
  ) -> SCTPConnectionState? {
    guard let row = order.firstIndex(of: chunk) else { return state }
    let table = direction == .original ? original : reply
    let index = row * 9 + Int(state.rawValue)
    return index < table.count ? table[index] : nil
  }

  private static let order: [SCTPChunkType] = [
    .initiation, .initiationAck, .abort, .shutdown, .shutdownAck, .error,
    .cookieEcho, .cookieAck, .shutdownComplete, .heartbeat, .heartbeatAck,
  ]

  /// Two letters a cell, in the order of the states: NO CL CW CE ES SS SR SA HS; IV invalid.
  private static let original = cells([
    "CL CL CW CE ES CL CL SA CW",
    "CL CL CW CE ES SS SR SA CL",
    "CL CL CL CL CL CL CL CL CL",
    "CL CL CW CE SS SS SR SA CL",
    "SA CL CW CE ES SA SA SA SA",
    "CL CL CW CE ES SS SR SA CL",
    "CL CL CE CE ES SS SR SA CL",
    "CL CL CW ES ES SS SR SA CL",
    "CL CL CW CE ES SS SR CL CL",
    "HS CL CW CE ES SS SR SA HS",
    "CL CL CW CE ES SS SR SA HS",
  ])

  private static let reply = cells([
    "IV CL CW CE ES SS SR SA IV",
    "IV CW CW CE ES SS SR SA IV",
    "IV CL CL CL CL CL CL CL IV",
    "IV CL CW CE SR SS SR SA IV",
    "IV CL CW CE ES SA SA SA IV",
    "IV CL CW CL ES SS SR SA IV",
    "IV CL CE CE ES SS SR SA IV",
    "IV CL CW ES ES SS SR SA IV",
    "IV CL CW CE ES SS SR CL IV",
    "IV CL CW CE ES SS SR SA HS",
    "IV CL CW CE ES SS SR SA ES",
  ])

  private static func cells(_ rows: [String]) -> [SCTPConnectionState?] {
    let names: [Substring] = ["NO", "CL", "CW", "CE", "ES", "SS", "SR", "SA", "HS"]
    return rows.flatMap { row in
      row.split(separator: " ").map { name in
        names.firstIndex(of: name).flatMap { SCTPConnectionState(rawValue: UInt8($0)) }
      }
    }
  }
}

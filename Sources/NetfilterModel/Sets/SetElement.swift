// An entry as it is written, before ranges become entries.

/// Addresses as they are written: one, a network, or a range.
struct SetSpan: Hashable, Sendable {
  var first: IPAddress
  var prefix: UInt8?
  var last: IPAddress?
}

/// An entry as `ipset add` takes it, which may stand for many (libipset: `struct ipset_data`).
struct SetElement: Hashable, Sendable {
  var address: SetSpan?
  var second: SetSpan?
  var protocolNumber: ProtocolNumber?
  var port: UInt16 = 0
  var lastPort: UInt16?
  var hardware: UInt64?
  var mark: UInt32 = 0
  var interface = InterfaceName.none
  /// Physical, `nomatch` and `wildcard`, as in `SetKey.word`.
  var flags: UInt64 = 0
  /// The name of the set that it is.
  var set = ""
  /// The name of the set beside which it stands, and whether before it.
  var reference: (name: String, isBefore: Bool)?

  static func == (left: SetElement, right: SetElement) -> Bool {
    left.address == right.address && left.second == right.second && left.port == right.port
      && left.protocolNumber == right.protocolNumber && left.lastPort == right.lastPort && left.set == right.set
      && left.hardware == right.hardware && left.mark == right.mark && left.interface == right.interface
      && left.flags == right.flags && left.reference?.name == right.reference?.name
      && left.reference?.isBefore == right.reference?.isBefore
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(address)
    hasher.combine(port)
    hasher.combine(set)
  }
}

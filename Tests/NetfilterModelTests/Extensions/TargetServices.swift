// A host for tests of single targets: it answers what it is told to and remembers what it was asked.

import NetfilterModel

final class TargetServices: HostServices {
  var now: UInt64 { 0 }
  var wallClock: UInt64? { nil }
  var chanceIsInjected: Bool { true }
  var mtu: (forward: Int?, back: Int?) = (1500, 1500)
  var address: IPAddress?
  var ranges: [(NATRange, NATManipulation)] = []
  var rejected: [RejectKind] = []
  var records: [LogRecord] = []

  func random32() -> UInt32 { 0 }
  func store<Store: SharedStore>(_ key: String, make: () -> Store) -> Store { make() }
  func addressType(of address: IPAddress, on interface: InterfaceName?) -> AddressType { .unicast }
  func route(to destination: IPAddress, from source: IPAddress, mark: UInt32, tos: UInt8) -> (
    type: AddressType, device: InterfaceName
  )? { nil }
  func masqueradeAddress(for packet: PacketContext) -> IPAddress? { address }
  func redirectAddress(for packet: PacketContext) -> IPAddress? { address }
  func setUpNAT(_ packet: inout PacketContext, range: NATRange, manipulation: NATManipulation) -> TargetResult {
    ranges.append((range, manipulation))
    return .accept
  }
  func reject(_ packet: PacketContext, with kind: RejectKind) { rejected.append(kind) }
  func pathMTU(for packet: PacketContext) -> (forward: Int?, back: Int?) { mtu }
  func log(_ record: LogRecord, packet: PacketContext) { records.append(record) }
}

/// The target of a rule's text, read by the parser; nil when the rule is refused.
func parsedTarget(_ text: String, table: TableKind) -> Target? {
  let result = RestoreParser.parse("*\(table.name)\n\(text)\nCOMMIT\n", file: "test")
  let rules = result.ruleset[table]?.chains.flatMap(\.rules) ?? []
  guard !result.hasErrors, rules.count == 1, case .target(let target) = rules[0].action else { return nil }
  return target
}

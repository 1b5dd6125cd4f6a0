// A rule that chooses a routing table.

import NetfilterModel

/// What a routing rule does.
package enum RoutingRuleAction: Hashable, Sendable {
  case lookup(RoutingTableID)
  case blackhole
  case unreachable
  case prohibit
}

/// A rule of the routing policy (ip-rule(8)).
package struct RoutingRule: Hashable, Sendable {
  var priority: UInt32
  var source: AddressMatch?
  var destination: AddressMatch?
  var mark: MaskedValue?
  var input: InterfaceName?
  var output: InterfaceName?
  var tos: UInt8 = 0
  var inverted = false
  var action: RoutingRuleAction

  /// The interfaces that it is about.
  package var interfaces: [InterfaceName] { [input, output].compactMap { $0 } }

  func matches(_ flow: FlowKey) -> Bool {
    var result = true
    if let source, !source.contains(flow.source) { result = false }
    if let destination, !destination.contains(flow.destination) { result = false }
    if let mark, (flow.mark ^ mark.value) & mark.mask != 0 { result = false }
    if let input, input != (flow.input.isNone ? .loopback : flow.input) { result = false }
    if let output, output != (flow.output.isNone ? flow.preferred : flow.output) { result = false }
    if tos != 0, tos != flow.tos & 0x1c { result = false }
    return result != inverted
  }
}

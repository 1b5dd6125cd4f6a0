// A packet out of a set, in the words of `hookwalk trace`.

import NetfilterModel

/// A packet out of a set of packets.
struct SamplePacket {
  var protocolNumber: ProtocolNumber
  var source: IPAddress
  var destination: IPAddress
  var sourcePort: UInt16
  var destinationPort: UInt16
  var input: InterfaceName
  var output: InterfaceName
  var icmpType: UInt8
  var icmpCode: UInt8

  /// A packet that begins a connection and lies in a set; fields without a condition get values that no rule speaks of.
  ///
  /// - Returns: nil when the set holds none that can be made: with another protocol than TCP, UDP or ICMP, for one.
  init?(in set: PacketSet, _ neutral: NeutralValues, isLocal: Bool = false, port: UInt16? = nil) {
    guard !set.isEmpty, set.mayBe(.new), let far = neutral.sources.first else { return nil }
    let family = set.family
    let icmp: ProtocolNumber = family == .ipv4 ? .icmp : .icmpv6
    let protocols = set.numbers(.protocolNumber)
    guard
      let first = [ProtocolNumber.tcp, .udp, icmp].first(where: { protocols.contains(UInt128($0.rawValue)) })
    else { return nil }
    protocolNumber = first
    let sources = set.numbers(.source)
    let destinations = set.numbers(.destination)
    func address(_ numbers: IntervalSet, _ wishes: [IPAddress]) -> IPAddress {
      if let wish = wishes.first(where: { numbers.contains(PacketSet.single($0).lowest) }) { return wish }
      let lowest = numbers.lowest
      // The first address of a network is none of a host.
      return PacketSet.address(numbers.single == nil && numbers.contains(lowest + 1) ? lowest + 1 : lowest, family)
    }
    source = address(sources, isLocal ? [neutral.own] : neutral.sources)
    destination = address(destinations, isLocal ? neutral.sources : [neutral.own] + neutral.sources)
    guard !source.isZero, !source.isMulticast, !source.isLoopback, !destination.isZero, !destination.isMulticast,
      destination != source || far == source, destination != .v4(.max)
    else { return nil }
    func number(_ dimension: Dimension, _ wish: UInt16) -> UInt16? {
      guard let numbers = set[dimension] else { return wish }
      if numbers.contains(UInt128(wish)) { return wish }
      return UInt16(exactly: max(numbers.lowest, numbers.highest > 0 ? 1 : 0))
    }
    let allowsSYN = set[.tcpFlags].map { $0.contains(2) } ?? true
    guard let from = number(.sourcePort, NeutralValues.clientPort),
      let to = number(.destinationPort, port ?? neutral.port), allowsSYN || protocolNumber != .tcp
    else { return nil }
    sourcePort = from
    destinationPort = to
    func interface(_ dimension: Dimension) -> InterfaceName {
      let numbers = set.numbers(dimension)
      let names = [neutral.interface] + neutral.named
      if let name = names.first(where: { numbers.contains(PacketSet.single($0).lowest) }) { return name }
      return numbers.lowest == 0 ? .none : PacketSet.name(numbers.lowest)
    }
    input = isLocal ? .none : interface(.input)
    output = interface(.output)
    guard isLocal || (!input.isNone && InterfaceName.isValid(input.description)) else { return nil }
    let types = set[.icmpType]
    let type = types?.lowest ?? (family == .ipv4 ? 0x0800 : 0x8000)
    icmpType = UInt8(truncatingIfNeeded: type >> 8)
    icmpCode = UInt8(truncatingIfNeeded: type)
    let isEcho = icmpType == 8 || icmpType == 128
    guard protocolNumber != icmp || isEcho else { return nil }
  }

  /// `tcp 198.51.100.7:40000 > 203.0.113.1:22 [S] mss=1460`; a SYN without the option is dropped by careful rules.
  var text: String { SamplePacket.text(protocolNumber, source, sourcePort, destination, destinationPort) }

  /// A packet as text; TCP begins a connection, ICMP asks for an echo.
  static func text(
    _ number: ProtocolNumber, _ source: IPAddress, _ sourcePort: UInt16, _ destination: IPAddress,
    _ destinationPort: UInt16
  ) -> String {
    switch number {
    case .tcp: return "tcp \(end(source, sourcePort)) > \(end(destination, destinationPort)) [S] mss=1460"
    case .udp: return "udp \(end(source, sourcePort)) > \(end(destination, destinationPort))"
    case .icmpv6: return "icmp6 echo-request \(source) > \(destination)"
    default: return "icmp echo-request \(source) > \(destination)"
    }
  }

  /// An address with a port.
  static func end(_ address: IPAddress, _ port: UInt16) -> String {
    address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }
}

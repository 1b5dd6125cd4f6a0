// The fields of a packet that sets of packets are described by.

import NetfilterModel

/// A field of a packet as a dimension of a set of packets.
enum Dimension: UInt8, Hashable, Sendable, CaseIterable {
  case source, destination, input, output, protocolNumber, fragmentOffset, state, sourcePort, destinationPort, tcpFlags
  case icmpType, totalLength, tos, dscp, ecn, ttl, transportLength, segmentSize, mark, connectionMark, packetType
  case sourceMAC, userID, groupID

  /// The dimension of a field; nil for one that sets do not know.
  init?(_ field: Field) {
    switch field {
    case .source: self = .source
    case .destination: self = .destination
    case .input: self = .input
    case .output: self = .output
    case .protocolNumber: self = .protocolNumber
    case .fragmentOffset: self = .fragmentOffset
    case .connectionState, .packetState, .hasConnection: self = .state
    case .sourcePort: self = .sourcePort
    case .destinationPort: self = .destinationPort
    case .tcpFlags: self = .tcpFlags
    case .icmpType: self = .icmpType
    case .totalLength: self = .totalLength
    case .tos: self = .tos
    case .dscp: self = .dscp
    case .ecn: self = .ecn
    case .ttl: self = .ttl
    case .transportLength: self = .transportLength
    case .maximumSegmentSize: self = .segmentSize
    case .mark: self = .mark
    case .connectionMark: self = .connectionMark
    case .packetType: self = .packetType
    case .sourceMAC: self = .sourceMAC
    case .userID: self = .userID
    case .groupID: self = .groupID
    default: return nil
    }
  }

  /// How many bits its numbers have.
  func bits(_ family: AddressFamily) -> Int {
    switch self {
    case .source, .destination: family.addressBits
    case .input, .output: 128
    case .protocolNumber, .tcpFlags, .tos, .ttl: 8
    case .dscp: 6
    case .ecn: 2
    case .state: 4
    case .fragmentOffset, .sourcePort, .destinationPort, .icmpType, .segmentSize: 16
    case .totalLength, .transportLength: 64
    case .mark, .connectionMark, .userID, .groupID: 32
    case .packetType: 2
    case .sourceMAC: 48
    }
  }

  /// The largest number that it can have.
  func maximum(_ family: AddressFamily) -> UInt128 {
    let bits = bits(family)
    if self == .state { return StateValues.count - 1 }
    return bits >= 128 ? .max : (UInt128(1) << UInt128(bits)) - 1
  }

  /// Whether every packet has it, so that a condition that all its numbers fulfil is none.
  var isAlwaysThere: Bool {
    switch self {
    case .source, .destination, .input, .output, .protocolNumber, .fragmentOffset, .state, .totalLength, .tos, .dscp,
      .ecn,
      .ttl, .transportLength, .mark, .packetType:
      true
    default: false
    }
  }

  /// How much one value tells packets apart, in bits at most: few rules share an address, many an interface.
  var weight: Int {
    switch self {
    case .input, .output: 6
    case .state, .protocolNumber, .tcpFlags, .packetType: 3
    case .fragmentOffset, .transportLength, .totalLength: 1
    default: 128
    }
  }
}

// An extension header of IPv6 as a person describes it.

import NetfilterModel

/// An option in a header of hop-by-hop or destination options (RFC 8200 §4.2).
public struct ExtensionOption: Hashable, Sendable {
  /// The type.
  public var kind: IPv6OptionKind
  /// The data, at most 255 bytes.
  public var data: [UInt8]

  /// Makes an option.
  public init(_ kind: IPv6OptionKind, _ data: [UInt8] = []) {
    self.kind = kind
    self.data = data
  }
}

/// An extension header of IPv6 in the terms of the flow language (RFC 8200 §4).
public enum ExtensionHeader: Hashable, Sendable {
  /// Hop-by-hop options.
  case hopByHop([ExtensionOption])
  /// Destination options.
  case destinationOptions([ExtensionOption])
  /// A routing header; its addresses in the order in which they stand there, at most 127.
  case routing(type: UInt8, segmentsLeft: UInt8, addresses: [IPAddress])
  /// An authentication header with its security parameters index.
  case authentication(UInt32)
  /// The fragment header; what it says stands in the packet's description.
  case fragment

  /// The number that names it.
  var number: ProtocolNumber {
    switch self {
    case .hopByHop: .ipv6HopByHop
    case .destinationOptions: .ipv6DestinationOptions
    case .routing: .ipv6Routing
    case .authentication: .ah
    case .fragment: .ipv6Fragment
    }
  }

  /// The length in bytes.
  var length: Int {
    switch self {
    case .hopByHop(let options), .destinationOptions(let options):
      IPv6OptionsHeader.length(of: options.map { ($0.kind, $0.data) })
    case .routing(_, _, let addresses): 8 + 16 * min(addresses.count, IPv6RoutingHeader.maximumAddresses)
    case .authentication: AHHeader.usualLength
    case .fragment: IPv6FragmentHeader.length
    }
  }

  /// Whether it says how long a jumbogram is, so that the IPv6 header does not (RFC 2675 §3).
  var isOfJumbogram: Bool {
    if case .hopByHop(let options) = self { options.contains { $0.kind == .jumbo } } else { false }
  }

  /// Where the packet goes in the end, when the header names hops that are still to be visited (RFC 8200 §4.4, RFC 8754 §3).
  var finalDestination: IPAddress? {
    guard case .routing(let type, let segmentsLeft, let addresses) = self, segmentsLeft > 0 else { return nil }
    return type == IPv6RoutingHeader.segmentRouting ? addresses.first : addresses.last
  }
}

extension ExtensionHeader {
  /// Reads what is written behind the name: `ra:0,jumbo:70000,30:0102` for options, `0,1,2001:db8::9` for a routing header.
  package static func parse(_ name: String, _ value: String) -> Result<ExtensionHeader, OptionError> {
    switch name {
    case "hbh": options(name, value).map { .hopByHop($0) }
    case "dst": options(name, value).map { .destinationOptions($0) }
    case "rt": routing(value)
    case "ah":
      parseUnsigned(value, in: 0...0xffff_ffff).map { .success(.authentication(UInt32(truncatingIfNeeded: $0))) }
        ?? .failure(OptionError("`\(value)` is not an SPI (0 to 4294967295)"))
    default: .failure(OptionError("`\(name)` is not an extension header"))
    }
  }

  private static func options(_ name: String, _ value: String) -> Result<[ExtensionOption], OptionError> {
    var result: [ExtensionOption] = []
    if !value.isEmpty {
      for part in value.split(separator: ",", omittingEmptySubsequences: false) {
        guard let option = option(part) else {
          return .failure(
            OptionError(
              "`\(part)` is not an option for `\(name)`",
              help: "ra:NUMBER, jumbo:LENGTH, or TYPE:HEX, with commas between: \(name)=ra:0,5:0001"))
        }
        result.append(option)
      }
    }
    guard IPv6OptionsHeader.length(of: result.map { ($0.kind, $0.data) }) <= IPv6OptionsHeader.maximumLength else {
      return .failure(OptionError("the options of `\(name)` are longer than 2046 bytes"))
    }
    return .success(result)
  }

  private static func option(_ text: Substring) -> ExtensionOption? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first else { return nil }
    let value = parts.count > 1 ? parts[1] : nil
    switch name {
    case "ra":
      guard let number = parseUnsigned(value ?? "0", in: 0...0xffff) else { return nil }
      return ExtensionOption(.routerAlert, [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)])
    case "jumbo":
      guard let value, let number = parseUnsigned(value, in: 0...0xffff_ffff) else { return nil }
      return ExtensionOption(.jumbo, [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) })
    default:
      guard let kind = parseUnsigned(name, in: 0...255), let data = Packet(hex: value ?? ""), data.bytes.count < 256,
        kind != 0 || data.bytes.isEmpty
      else { return nil }
      return ExtensionOption(IPv6OptionKind(UInt8(truncatingIfNeeded: kind)), data.bytes)
    }
  }

  private static func routing(_ value: String) -> Result<ExtensionHeader, OptionError> {
    let parts = value.split(separator: ",", omittingEmptySubsequences: false)
    let help = "TYPE,SEGMENTSLEFT and addresses, with commas between: rt=0,1,2001:db8::9"
    guard parts.count >= 2, let type = parseUnsigned(parts[0], in: 0...255),
      let left = parseUnsigned(parts[1], in: 0...255)
    else { return .failure(OptionError("`\(value)` is not a routing header", help: help)) }
    var addresses: [IPAddress] = []
    for part in parts.dropFirst(2) {
      guard let address = IPAddress(part, family: .ipv6) else {
        return .failure(OptionError("`\(part)` is not an IPv6 address", help: help))
      }
      addresses.append(address)
    }
    guard addresses.count <= IPv6RoutingHeader.maximumAddresses else {
      return .failure(OptionError("a routing header has at most \(IPv6RoutingHeader.maximumAddresses) addresses"))
    }
    return .success(
      .routing(
        type: UInt8(truncatingIfNeeded: type), segmentsLeft: UInt8(truncatingIfNeeded: left), addresses: addresses))
  }
}

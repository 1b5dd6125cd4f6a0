// The options of neighbour discovery (RFC 4861 §4.6).

/// The options of a message of neighbour discovery, as far as they name link-layer addresses (kernel: `ndisc_parse_options`).
public struct NeighbourOptions: Hashable, Sendable {
  /// Whose link-layer address an option names.
  public enum Kind: UInt8, Sendable {
    /// The sender's (`ND_OPT_SOURCE_LL_ADDR`).
    case source = 1
    /// That of the address which the message is about (`ND_OPT_TARGET_LL_ADDR`).
    case target = 2
  }

  /// A link-layer address in the options.
  public enum LinkLayerAddress: Hashable, Sendable {
    /// None is there.
    case absent
    /// It has not the length of an Ethernet address.
    case malformed
    /// An Ethernet address.
    case ethernet([UInt8])

    /// The address, or nil.
    public var mac: [UInt8]? { if case .ethernet(let mac) = self { mac } else { nil } }
  }

  /// The sender's link-layer address.
  public private(set) var source = LinkLayerAddress.absent
  /// The link-layer address of what the message is about.
  public private(set) var target = LinkLayerAddress.absent

  /// The length in bytes of an option with an Ethernet address (kernel: `ndisc_opt_addr_space`).
  public static var ethernetLength: Int { 8 }

  /// Reads the options from `start` to the end of the bytes; nil where one has no length or reaches beyond the end.
  public init?(_ bytes: [UInt8], from start: Int) {
    guard start <= bytes.count else { return nil }
    var offset = start
    while offset < bytes.count {
      let length = Int(bytes.byte(at: offset + 1)) * 8
      guard bytes.count - offset >= 2, length > 0, length <= bytes.count - offset else { return nil }
      let address =
        length == Self.ethernetLength
        ? LinkLayerAddress.ethernet(Array(bytes[(offset + 2)..<(offset + length)])) : .malformed
      // The first of a kind counts.
      switch Kind(rawValue: bytes.byte(at: offset)) {
      case .source: if source == .absent { source = address }
      case .target: if target == .absent { target = address }
      case nil: break
      }
      offset += length
    }
  }

  /// The option that names an Ethernet address of six bytes.
  public static func make(_ kind: Kind, mac: [UInt8]) -> [UInt8] { [kind.rawValue, 1] + mac.prefix(6) }
}

// -m pkttype: how the link layer delivered the packet.

extension ValueCodec where Value == PacketType {
  static let names: [(String, PacketType)] = [
    ("unicast", .host), ("broadcast", .broadcast), ("multicast", .multicast), ("otherhost", .otherHost),
    ("bcast", .broadcast), ("mcast", .multicast), ("host", .host),
  ]

  /// A packet type's name, in any case; the first name of a type is printed.
  public static let packetType = ValueCodec("type") { (argument) throws(OptionError) in
    let text = argument.text.lowercased()
    guard let found = names.first(where: { $0.0 == text }) else {
      throw OptionError(
        "`\(argument.text)` is not a packet type", help: "the types are unicast, broadcast, multicast and otherhost",
        tool: "Bad packet type '\(argument.text)'")
    }
    return found.1
  } print: { type in
    names.first { $0.1 == type }?.0 ?? "unicast"
  }
}

/// Matches the packet's link-layer class (kernel: `pkttype_mt`; man page: iptables-extensions, pkttype).
public struct PkttypeMatch: MatchExtension {
  /// The type.
  public var type: Invertible<PacketType>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "pkttype", summary: "how the link layer delivered the packet")

  /// The option table.
  public static let options: [OptionSpec<PkttypeMatch>] = [
    .invertible("pkt-type", .init({ $0.type }, { $0.type = $1 }), .packetType, isMandatory: true)
  ]

  /// Compares the type; packets that came back through loopback count as broadcast or multicast (kernel: `pkttype_mt`).
  public var conditions: [Condition] {
    [type.map { Condition("pkt-type", .packetType, .equals($0.value.rawValue), inverted: $0.inverted) }]
      .compactMap { $0 }
  }

  /// `PKTTYPE = unicast`.
  public func listing(_ style: ListStyle) -> String {
    guard let type else { return "" }
    return "PKTTYPE \(type.inverted ? "!=" : "=") \(ValueCodec.packetType.print(type.value))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m pkttype --pkt-type unicast"),
    .same("-A INPUT -m pkttype ! --pkt-type broadcast"),
    .same("-A INPUT -m pkttype --pkt-type multicast"),
    .same("-A INPUT -m pkttype --pkt-type otherhost"),
    .accepted("-A INPUT -m pkttype --pkt-type host", saves: "-A INPUT -m pkttype --pkt-type unicast"),
    .accepted("-A INPUT -m pkttype --pkt-type bcast", saves: "-A INPUT -m pkttype --pkt-type broadcast"),
    .accepted("-A INPUT -m pkttype --pkt-type Unicast", saves: "-A INPUT -m pkttype --pkt-type unicast"),
    .refused("-A INPUT -m pkttype --pkt-type loopback"),
    .refused("-A INPUT -m pkttype --pkt-type outgoing"),
    .refused("-A INPUT -m pkttype --pkt-type uni"),
    .refused("-A INPUT -m pkttype"),
  ]
}

// -m dccp: ports, types and options of DCCP; loaded by itself for `-p dccp`.

/// Matches fields of the DCCP header (kernel: `dccp_mt`; man page: iptables-extensions, dccp).
public struct DCCPMatch: MatchExtension {
  /// The source ports.
  public var sourcePorts: Invertible<PortRange>?
  /// The destination ports.
  public var destinationPorts: Invertible<PortRange>?
  /// The types, a bit each.
  public var types: Invertible<UInt16>?
  /// The option that must be there, 1...255.
  public var option: Invertible<UInt8>?
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("dccp", protocols: [.dccp], summary: "ports, types and options of DCCP")

  /// The names of the types from 0 on; the last stands for 10 to 15.
  private static let names = [
    "REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK", "CLOSEREQ", "CLOSE", "RESET", "SYNC", "SYNCACK", "INVALID",
  ]
  /// The bits of the types that there are not (iptables: `INVALID_OTHER_TYPE_MASK`).
  private static let invalid: UInt16 = 0xfc00

  /// The option table; every port is printed, too.
  public static let options: [OptionSpec<DCCPMatch>] = [
    .invertible(
      "sport", .init({ $0.sourcePorts }, { $0.sourcePorts = $1 }), .looselyOrderedPortRange, aliases: ["source-port"]),
    .invertible(
      "dport", .init({ $0.destinationPorts }, { $0.destinationPorts = $1 }), .looselyOrderedPortRange,
      aliases: ["destination-port"]),
    OptionSpec(
      "dccp-types", canInvert: true, placeholder: "type[,...]",
      parse: { (owner, argument) throws(OptionError) in
        var bits: UInt16 = 0
        for word in argument.text.split(separator: ",") {
          guard let type = names.firstIndex(of: word.uppercased()) else {
            throw OptionError(
              "`\(word)` is not a type of DCCP", help: "the types are \(names.joined(separator: ", "))")
          }
          bits |= type == names.count - 1 ? invalid : 1 << UInt16(type)
        }
        owner.types = Invertible(bits, inverted: argument.inverted)
      },
      save: { owner, writer in
        if let types = owner.types {
          writer.option("dccp-types", text(types.value, numeric: false), inverted: types.inverted)
        }
      }),
    .invertible("dccp-option", .init({ $0.option }, { $0.option = $1 }), .number(1...255)),
  ]

  private static func text(_ types: UInt16, numeric: Bool) -> String {
    (0..<16).filter { types >> UInt16($0) & 1 == 1 && (numeric || $0 < names.count) }.map {
      numeric ? "\($0)" : names[$0]
    }.joined(separator: ",")
  }

  /// Compares the header; a later fragment never matches, a cut-off header is dropped, and so are options that cannot be
  /// (kernel: `dccp_mt`).
  public var conditions: [Condition] {
    [
      .demand(.fragmentOffset, .equals(0)),
      .demand(.transportLength, .between(DCCPHeader.minimumLength, Int.max), drops: true),
      .range("sport", .sourcePort, sourcePorts), .range("dport", .destinationPort, destinationPorts),
      types.map { types in
        .opaque(
          "dccp-types",
          OpaqueTest(
            reads: [.transportLength, .other], keepsState: false,
            saw: { packet, _, _ in
              let type = DCCPHeader.type(in: packet.packet.bytes, at: packet.transportOffset)
              return "the packet is \(Self.names[min(Int(type), Self.names.count - 1)])"
            },
            evaluate: { packet, _, _ in
              let type = DCCPHeader.type(in: packet.packet.bytes, at: packet.transportOffset)
              return ConditionResult((types.value >> UInt16(type) & 1 == 1) != types.inverted)
            }))
      },
      option.map { option in
        .opaque(
          "dccp-option",
          OpaqueTest(
            reads: [.transportLength, .other], keepsState: false,
            saw: { packet, _, _ in
              switch DCCPHeader.hasOption(option.value, in: packet.packet.bytes, at: packet.transportOffset) {
              case nil: "the header is cut off, or its length cannot be"
              case true?: "the packet has the option"
              case false?: "the packet does not have the option"
              }
            },
            evaluate: { packet, _, _ in
              guard
                let has = DCCPHeader.hasOption(option.value, in: packet.packet.bytes, at: packet.transportOffset)
              else { return .drops }
              return ConditionResult(has != option.inverted)
            }))
      },
    ].compactMap { $0 }
  }

  /// `dccp spt:80 REQUEST,RESPONSE option=5`; with `-n` the types are numbers.
  public func listing(_ style: ListStyle) -> String {
    var words = ["dccp"]
    if let text = sourcePorts?.listing("spt", protocolNumber: .dccp, style: style) { words.append(text) }
    if let text = destinationPorts?.listing("dpt", protocolNumber: .dccp, style: style) { words.append(text) }
    if let types { words.append((types.inverted ? "! " : "") + Self.text(types.value, numeric: style.numeric)) }
    if let option { words.append("option=\(option.inverted ? "!" : "")\(option.value)") }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -p dccp -m dccp"),
    .accepted(
      "-A INPUT -p dccp --dccp-type REQUEST,,response --sport ssh",
      saves: "-A INPUT -p dccp -m dccp --sport 22 --dccp-types REQUEST,RESPONSE"),
    .same("-A INPUT -p dccp -m dccp ! --dccp-types REQUEST,INVALID", family: .ipv6),
    .same("-A INPUT -p dccp -m dccp --sport 5:3 ! --dport 0:65535 ! --dccp-option 255"),
    .refused("-A INPUT -p dccp -m dccp --dccp-types x"), .refused("-A INPUT -p dccp -m dccp --dccp-option 0"),
    .refused("-A INPUT -p dccp -m dccp --dccp-option 256"),
    .refused("-A INPUT -p dccp -m dccp --source-port 80:90 --sport 5"), .refused("-A INPUT -m dccp"),
    .refused("-A INPUT -p tcp -m dccp"), .refused("-A INPUT ! -p dccp -m dccp --sport 5"),
  ]
}

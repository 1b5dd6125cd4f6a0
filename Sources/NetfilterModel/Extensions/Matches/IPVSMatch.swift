// -m ipvs: the virtual server that a packet belongs to.

/// Which way of forwarding `-m ipvs` looks for (kernel: `IP_VS_CONN_F_MASQ` and its siblings).
public enum VirtualServerMethod: String, Hashable, Sendable, CaseIterable {
  /// Direct routing.
  case gate = "GATE"
  /// A tunnel.
  case ipip = "IPIP"
  /// Address translation.
  case masq = "MASQ"
}

/// Matches what a virtual server handles (kernel: `ipvs_mt`; man page: iptables-extensions, ipvs).
public struct IPVSMatch: MatchExtension {
  /// `--ipvs`: true, or false for a negated one.
  public var isHandled: Bool?
  /// The protocol's number.
  public var protocolNumber: Invertible<ProtocolNumber>?
  /// The virtual address.
  public var address: Invertible<MaskedHost>?
  /// The virtual port.
  public var port: Invertible<UInt16>?
  /// The direction.
  public var direction: ConnectionDirection?
  /// The way of forwarding.
  public var method: Invertible<VirtualServerMethod>?
  /// The port of the controlling connection.
  public var controlPort: Invertible<UInt16>?
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "ipvs", summary: "the virtual server that a packet belongs to", outside: "virtual servers", isCompared: false)

  /// The option table; `--ipvs` is printed where no other option stands.
  public static let options: [OptionSpec<IPVSMatch>] = [
    OptionSpec(
      "ipvs", arity: .none, canInvert: true,
      parse: { (owner, argument) throws(OptionError) in owner.isHandled = !argument.inverted },
      save: { owner, writer in
        if !owner.hasOthers, let isHandled = owner.isHandled { writer.option("ipvs", inverted: !isHandled) }
      }),
    OptionSpec(
      "vproto", canInvert: true, placeholder: "protocol",
      parse: { (owner, argument) throws(OptionError) in
        owner.protocolNumber = Invertible(
          try ValueCodec.protocolNumber.parse(argument), inverted: argument.inverted)
      },
      save: { owner, writer in
        if let number = owner.protocolNumber {
          // Without the `v`, as iptables 1.8.9 prints it.
          writer.option("proto", "\(number.value.rawValue)", inverted: number.inverted)
        }
      }),
    .invertible("vaddr", .init({ $0.address }, { $0.address = $1 }), .maskedHost),
    .invertible("vport", .init({ $0.port }, { $0.port = $1 }), .anyServicePort),
    OptionSpec(
      "vdir", placeholder: "ORIGINAL|REPLY",
      parse: { (owner, argument) throws(OptionError) in
        switch argument.text.uppercased() {
        case "ORIGINAL": owner.direction = .original
        case "REPLY": owner.direction = .reply
        default: throw OptionError("`\(argument.text)` is not a direction", help: "write `ORIGINAL` or `REPLY`")
        }
      },
      save: { owner, writer in
        if let direction = owner.direction { writer.option("vdir", direction == .reply ? "REPLY" : "ORIGINAL") }
      }),
    OptionSpec(
      "vmethod", canInvert: true, placeholder: "GATE|IPIP|MASQ",
      parse: { (owner, argument) throws(OptionError) in
        guard let method = VirtualServerMethod(rawValue: argument.text.uppercased()) else {
          throw OptionError("`\(argument.text)` is not a way of forwarding", help: "write `GATE`, `IPIP` or `MASQ`")
        }
        owner.method = Invertible(method, inverted: argument.inverted)
      },
      save: { owner, writer in
        if let method = owner.method { writer.option("vmethod", method.value.rawValue, inverted: method.inverted) }
      }),
    .invertible("vportctl", .init({ $0.controlPort }, { $0.controlPort = $1 }), .anyServicePort),
  ]

  private var hasOthers: Bool {
    protocolNumber != nil || address != nil || port != nil || direction != nil || method != nil || controlPort != nil
  }

  /// Refuses the match without an option, and `! --ipvs` among others.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    guard rule.hasOptions else { throw OptionError("ipvs needs an option") }
    if hasOthers, isHandled == false { throw OptionError("! --ipvs cannot stand beside other options") }
  }

  /// Ports need a protocol, which the kernel asks for (kernel: `ipvs_mt_check`).
  public var conditions: [Condition] {
    [.opaque("ipvs", OpaqueTest.unknown("virtual servers are not known"))]
  }

  /// `vproto 6 vport 80`.
  public func listing(_ style: ListStyle) -> String {
    var writer = SaveWriter()
    save(into: &writer)
    return writer.text.split(separator: " ").map { $0.hasPrefix("--") ? String($0.dropFirst(2)) : String($0) }
      .joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m ipvs ! --ipvs"),
    .accepted("-A INPUT -m ipvs --ipvs --vport http", saves: "-A INPUT -m ipvs --vport 80"),
    .accepted(
      "-A INPUT -m ipvs --vaddr 10.0.0.1/255.255.0.0 ! --vmethod masq --vdir reply",
      saves: "-A INPUT -m ipvs --vaddr 10.0.0.1/16 --vdir REPLY ! --vmethod MASQ"),
    .same("-A INPUT -m ipvs ! --vaddr fd00::1 ! --vportctl 21", family: .ipv6), .refused("-A INPUT -m ipvs"),
    .refused("-A INPUT -m ipvs ! --ipvs --vport 80"), .refused("-A INPUT -m ipvs --vmethod NAT"),
    .refused("-A INPUT -m ipvs --vdir both"),
  ]
}

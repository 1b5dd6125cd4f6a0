// -m tcp: ports, flags and options of a TCP segment; loaded by itself for `-p tcp`.

/// A set of TCP flags under a mask, as `--tcp-flags mask comp` holds it.
public struct TCPFlagsCondition: Hashable, Sendable {
  /// The flags that are looked at.
  public var mask: UInt8
  /// The flags of those that must be set.
  public var set: UInt8

  /// SYN set, of SYN, RST, ACK and FIN: what `--syn` means.
  public static let syn = TCPFlagsCondition(mask: 0x17, set: 0x02)

  static let names: [(String, UInt8)] = [
    ("FIN", 0x01), ("SYN", 0x02), ("RST", 0x04), ("PSH", 0x08), ("ACK", 0x10), ("URG", 0x20), ("ALL", 0x3f),
    ("NONE", 0),
  ]

  static func parse(_ text: String) throws(OptionError) -> UInt8 {
    var bits: UInt8 = 0
    for word in text.split(separator: ",", omittingEmptySubsequences: true) {
      guard let flag = names.first(where: { $0.0.lowercased() == word.lowercased() }) else {
        throw OptionError(
          "`\(word)` is not a TCP flag", help: "the flags are FIN SYN RST PSH ACK URG ALL NONE",
          tool: "Unknown TCP flag `\(word)'")
      }
      bits |= flag.1
    }
    return bits
  }

  static func text(_ bits: UInt8) -> String {
    let set = names.prefix(6).filter { bits & $0.1 != 0 }.map { $0.0 }
    return set.isEmpty ? "NONE" : set.joined(separator: ",")
  }
}

/// Matches fields of the TCP header (kernel: `tcp_mt`; man page: iptables-extensions, tcp).
public struct TCPMatch: MatchExtension {
  /// The source ports.
  public var sourcePorts: Invertible<PortRange>?
  /// The destination ports.
  public var destinationPorts: Invertible<PortRange>?
  /// The TCP option kind that must be there.
  public var option: Invertible<UInt8>?
  /// The flags.
  public var flags: Invertible<TCPFlagsCondition>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "tcp", protocols: [.tcp], summary: "ports, flags and options of TCP")

  /// The option table.
  public static let options: [OptionSpec<TCPMatch>] = [
    .invertible(
      "sport", .init({ $0.sourcePorts }, { $0.sourcePorts = $1 }), .portRange, aliases: ["source-port"],
      omitting: { $0.value == .all }
    ).again("Only one `--source-port' allowed"),
    .invertible(
      "dport", .init({ $0.destinationPorts }, { $0.destinationPorts = $1 }), .portRange, aliases: ["destination-port"],
      omitting: { $0.value == .all }
    ).again("Only one `--destination-port' allowed"),
    .invertible("tcp-option", .init({ $0.option }, { $0.option = $1 }), .tcpOption)
      .again("Only one `--tcp-option' allowed"),
    OptionSpec(
      "tcp-flags", arity: .two, canInvert: true, excludes: ["syn"], placeholder: "mask comp",
      parse: { (owner, argument) throws(OptionError) in
        let flags = TCPFlagsCondition(
          mask: try TCPFlagsCondition.parse(argument.text), set: try TCPFlagsCondition.parse(argument.second))
        owner.flags = Invertible(flags, inverted: argument.inverted)
      },
      save: { owner, writer in
        guard let flags = owner.flags, flags.inverted || flags.value.mask != 0 else { return }
        writer.option(
          "tcp-flags", TCPFlagsCondition.text(flags.value.mask), TCPFlagsCondition.text(flags.value.set),
          inverted: flags.inverted)
      }
    ).again("Only one of `--syn' or `--tcp-flags'  allowed"),
    OptionSpec(
      "syn", arity: .none, canInvert: true, excludes: ["tcp-flags"],
      parse: { (owner, argument) throws(OptionError) in owner.flags = Invertible(.syn, inverted: argument.inverted) },
      save: { _, _ in }
    ).again("Only one of `--syn' or `--tcp-flags'  allowed"),
  ]

  /// Compares the header: a later fragment never matches, one at offset 1 and a cut-off header are dropped (kernel: `tcp_mt`).
  public var conditions: [Condition] {
    var result: [Condition] = [
      .demand(.fragmentOffset, .ranges([NumberRange(0, 0), NumberRange(2, 0xffff)]), drops: true),
      .demand(.fragmentOffset, .equals(0)), .demand(.transportLength, .between(20, Int.max), drops: true),
    ]
    if let ports = Condition.range("sport", .sourcePort, sourcePorts) { result.append(ports) }
    if let ports = Condition.range("dport", .destinationPort, destinationPorts) { result.append(ports) }
    if let flags {
      result.append(
        Condition(
          "tcp-flags", .tcpFlags, .masked(value: UInt64(flags.value.set), mask: UInt64(flags.value.mask)),
          inverted: flags.inverted))
    }
    if let option {
      result.append(.demand(.tcpHeaderIsWhole, .equals(1), drops: true))
      result.append(Condition("tcp-option", .tcpOption(option.value), .equals(1), inverted: option.inverted))
    }
    return result
  }

  /// `tcp spt:1 dpt:22 flags:0x17/0x02`; without `-n` the flags have their names.
  public func listing(_ style: ListStyle) -> String {
    var words = ["tcp"]
    if let text = sourcePorts?.listing("spt", protocolNumber: .tcp, style: style) { words.append(text) }
    if let text = destinationPorts?.listing("dpt", protocolNumber: .tcp, style: style) { words.append(text) }
    if let option { words.append("option=\(option.inverted ? "!" : "")\(option.value)") }
    if let flags, flags.inverted || flags.value.mask != 0 {
      let text = { (bits: UInt8) in
        guard style.numeric else { return TCPFlagsCondition.text(bits) }
        return "0x" + (bits < 16 ? "0" : "") + String(bits, radix: 16, uppercase: true)
      }
      words.append("flags:\(flags.inverted ? "!" : "")\(text(flags.value.mask))/\(text(flags.value.set))")
    }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -p tcp --dport ssh", saves: "-A INPUT -p tcp -m tcp --dport 22"),
    .accepted("-A INPUT -p tcp --syn", saves: "-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN"),
    .same("-A INPUT -p tcp -m tcp ! --sport 1:1023"),
    .accepted("-A INPUT -p tcp -m tcp ! --dport 0:65535", saves: "-A INPUT -p tcp -m tcp"),
    .accepted(
      "-A INPUT -p tcp --syn --dport ssh --sport 1:1023",
      saves: "-A INPUT -p tcp -m tcp --sport 1:1023 --dport 22 --tcp-flags FIN,SYN,RST,ACK SYN"),
    .accepted(
      "-A INPUT -p tcp --tcp-flags ALL NONE", saves: "-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE"),
    .accepted(
      "-A INPUT -p tcp --tcp-flags syn,ack,,rst SYN", saves: "-A INPUT -p tcp -m tcp --tcp-flags SYN,RST,ACK SYN"),
    .accepted("-A INPUT -p tcp --tcp-flags NONE SYN", saves: "-A INPUT -p tcp -m tcp"),
    .same("-A INPUT -p tcp -m tcp ! --tcp-flags NONE SYN"),
    .same("-A INPUT -p tcp -m tcp ! --tcp-option 2"),
    .refused("-A INPUT -p tcp --tcp-option 0"),
    .refused("-A INPUT -p tcp --dport 5:3"),
    .refused("-A INPUT -p tcp --dport bootps"),
    .refused("-A INPUT -p tcp --syn --tcp-flags SYN,ACK SYN"),
    .refused("-A INPUT -p tcp --tcp-flags SYN,FOO SYN"),
    .refused("-A INPUT ! -p tcp -m tcp"),
    .refused("-A INPUT -p tcp --dport 70000"),
    .refused("-A INPUT -p udp -m tcp --dport 53"),
  ]
}

extension ValueCodec where Value == UInt8 {
  /// The number of an option of TCP (iptables: `parse_tcp_option`).
  fileprivate static let tcpOption = ValueCodec("number") { (argument) throws(OptionError) in
    guard let value = parseUnsigned(argument.text, in: 1...255) else {
      throw OptionError(
        "`\(argument.text)` is not the number of an option: 1 to 255", tool: "Bad TCP option \"\(argument.text)\"")
    }
    return UInt8(value)
  } print: {
    "\($0)"
  }
}

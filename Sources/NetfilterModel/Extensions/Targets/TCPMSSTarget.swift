// -j TCPMSS: lowers or adds the maximum segment size of a TCP SYN.

/// Changes the MSS option (kernel: `tcpmss_tg4`, `tcpmss_tg6`; man page: iptables-extensions, TCPMSS; RFC 9293 §3.7.1).
public struct TCPMSSTarget: TargetExtension {
  /// The size; nil before an option said it.
  public var size: SegmentSize?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "TCPMSS", protocols: [.tcp], summary: "lowers or adds the maximum segment size of TCP")

  /// The option table; of both options the last one counts.
  public static let options: [OptionSpec<TCPMSSTarget>] = [
    OptionSpec(
      "clamp-mss-to-pmtu", arity: .none,
      parse: { (owner, _) throws(OptionError) in owner.size = .pathMTU },
      save: { owner, writer in if owner.size == .pathMTU { writer.option("clamp-mss-to-pmtu") } }),
    OptionSpec(
      "set-mss", placeholder: "bytes",
      parse: { (owner, argument) throws(OptionError) in
        owner.size = .fixed(
          try ValueCodec<UInt16>.number(0...(argument.family == .ipv4 ? 65515 : 65495)).parse(argument))
      },
      save: { owner, writer in if case .fixed(let size) = owner.size { writer.option("set-mss", "\(size)") } }),
  ]

  /// Refuses the target without a size.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if size == nil {
      throw OptionError(
        "TCPMSS needs --set-mss or --clamp-mss-to-pmtu", tool: "TCPMSS target: At least one parameter is required")
    }
  }

  /// Clamping needs a route; and the rule must ask for SYN (kernel: `tcpmss_tg4_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if size == .pathMTU, !rule.hooks.isSubset(of: [.forward, .output, .postrouting]) {
      return OptionError("--clamp-mss-to-pmtu works in FORWARD, OUTPUT and POSTROUTING only")
    }
    // Some condition asks for SYN (kernel: `find_syn_match`).
    let asksForSYN = rule.matches.contains { match in
      match.conditions.contains { condition in
        guard condition.field == .tcpFlags, !condition.isInverted, case .masked(let set, _) = condition.test else {
          return false
        }
        return set & 0x02 != 0
      }
    }
    return asksForSYN ? nil : OptionError("TCPMSS works on TCP SYN packets only", help: "add `--syn` to the rule")
  }

  /// Lowers or adds the option (kernel: `tcpmss_tg4`).
  public var effects: [Effect] {
    size.map { [.segmentSize($0)] } ?? []
  }

  /// `TCPMSS set 1400`, `TCPMSS clamp to PMTU`.
  public func listing(_ style: ListStyle) -> String {
    if case .fixed(let size) = size { return "TCPMSS set \(size)" }
    return "TCPMSS clamp to PMTU"
  }

  static let syn = "-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS"

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same(syn + " --set-mss 1400", table: .mangle),
    .same(syn + " --clamp-mss-to-pmtu"),
    .accepted(syn + " --clamp-mss-to-pmtu --set-mss 10", saves: syn + " --set-mss 10", table: .mangle),
    .accepted(syn + " --set-mss 10 --clamp-mss-to-pmtu", saves: syn + " --clamp-mss-to-pmtu", table: .mangle),
    .same("-A FORWARD -p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK -j TCPMSS --set-mss 65515", table: .mangle),
    .same("-A PREROUTING -p tcp -m tcp --tcp-flags SYN SYN -j TCPMSS --set-mss 10", table: .mangle),
    .refused(syn + " --set-mss 65516", table: .mangle),
    .refused(syn, table: .mangle),
    .same(syn + " --set-mss 65495", table: .mangle, family: .ipv6),
    .refused(syn + " --set-mss 65496", table: .mangle, family: .ipv6),
    .refused("-A FORWARD -p tcp -j TCPMSS --set-mss 1400", table: .mangle),
    .refused("-A FORWARD -p tcp ! --syn -j TCPMSS --set-mss 1400", table: .mangle),
    .refused("-A FORWARD -p tcp --tcp-flags SYN,ACK ACK -j TCPMSS --set-mss 1400", table: .mangle),
    .refused("-A PREROUTING -p tcp --syn -j TCPMSS --clamp-mss-to-pmtu", table: .mangle),
    .refused("-A FORWARD -j TCPMSS --set-mss 1400", table: .mangle),
  ]
}

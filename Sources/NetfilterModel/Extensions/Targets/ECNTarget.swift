// -j ECN: changes the bits of explicit congestion notification.

/// Changes the ECN bits of IP and TCP (kernel: `ecn_tg`; man page: iptables-extensions, ECN; RFC 3168).
public struct ECNTarget: TargetExtension {
  /// The new value of TCP's ECE, 0 or 1, or nil to keep it.
  public var echo: UInt8?
  /// The new value of TCP's CWR, 0 or 1, or nil to keep it.
  public var reduced: UInt8?
  /// The new ECN field of the IP header, 0...3, or nil to keep it.
  public var codePoint: UInt8?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("ECN", families: [.ipv4], tables: .mangle, summary: "changes the ECN bits")

  /// Whether nothing but clearing both TCP bits is asked for, which has an option of its own.
  var isRemove: Bool { echo == 0 && reduced == 0 && codePoint == nil }

  /// The option table.
  public static let options: [OptionSpec<ECNTarget>] = [
    OptionSpec(
      "ecn-tcp-remove", arity: .none, excludes: ["ecn-tcp-cwr", "ecn-tcp-ece"],
      parse: { (owner, _) throws(OptionError) in
        owner.echo = 0
        owner.reduced = 0
      },
      save: { owner, writer in if owner.isRemove { writer.option("ecn-tcp-remove") } }),
    bit("ecn-tcp-ece") {
      $0.echo = $1
    } value: {
      $0.isRemove ? nil : $0.echo
    },
    bit("ecn-tcp-cwr") {
      $0.reduced = $1
    } value: {
      $0.isRemove ? nil : $0.reduced
    },
    .value("ecn-ip-ect", .init({ $0.codePoint }, { $0.codePoint = $1 }), .number(0...3)),
  ]

  static func bit(
    _ name: String, _ store: @escaping @Sendable (inout ECNTarget, UInt8) -> Void,
    value: @escaping @Sendable (ECNTarget) -> UInt8?
  ) -> OptionSpec<ECNTarget> {
    OptionSpec(
      name, excludes: ["ecn-tcp-remove"], placeholder: "0|1",
      parse: { (owner, argument) throws(OptionError) in
        store(&owner, try ValueCodec<UInt8>.number(0...1).parse(argument))
      },
      save: { owner, writer in if let bit = value(owner) { writer.option(name, "\(bit)") } })
  }

  /// Refuses the target without an operation.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if echo == nil, reduced == nil, codePoint == nil {
      throw OptionError("ECN needs an operation", help: "add --ecn-tcp-remove")
    }
  }

  /// The TCP bits need `-p tcp` (kernel: `ecn_tg_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if echo != nil || reduced != nil, !rule.requiresProtocol(.tcp) {
      return OptionError("ECN can change TCP bits of TCP only", help: "add `-p tcp` to the rule")
    }
    return nil
  }

  /// Sets the bits of IP, then those of TCP (kernel: `ecn_tg`).
  public var effects: [Effect] {
    var result: [Effect] = []
    if let codePoint { result.append(.tos(value: codePoint, mask: 0x03)) }
    if echo != nil || reduced != nil {
      result.append(
        .tcpFlags(
          value: (echo ?? 0) << 6 | (reduced ?? 0) << 7, mask: (echo == nil ? 0 : 0x40) | (reduced == nil ? 0 : 0x80)))
    }
    return result
  }

  /// `ECN TCP remove`, `ECN ECE=0 CWR=1`.
  public func listing(_ style: ListStyle) -> String {
    var text = "ECN"
    if isRemove { return text + " TCP remove" }
    if let echo { text += " ECE=\(echo)" }
    if let reduced { text += " CWR=\(reduced)" }
    if let codePoint { text += " ECT codepoint=\(codePoint)" }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A FORWARD -p tcp -j ECN --ecn-tcp-remove", table: .mangle),
    .accepted(
      "-A FORWARD -p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0",
      saves: "-A FORWARD -p tcp -j ECN --ecn-tcp-remove", table: .mangle),
    .accepted(
      "-A FORWARD -p tcp -j ECN --ecn-tcp-remove --ecn-ip-ect 1",
      saves: "-A FORWARD -p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0 --ecn-ip-ect 1", table: .mangle),
    .same("-A FORWARD -p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 1", table: .mangle),
    .same("-A FORWARD -j ECN --ecn-ip-ect 3", table: .mangle),
    .refused("-A FORWARD -j ECN --ecn-ip-ect 4", table: .mangle),
    .refused("-A FORWARD -j ECN --ecn-tcp-remove", table: .mangle),
    .refused("-A FORWARD ! -p tcp -j ECN --ecn-tcp-remove", table: .mangle),
    .refused("-A FORWARD -p tcp -j ECN --ecn-tcp-remove --ecn-tcp-ece 1", table: .mangle),
    .refused("-A FORWARD -j ECN", table: .mangle),
    .refused("-A FORWARD -p tcp -j ECN --ecn-tcp-remove"),
  ]
}

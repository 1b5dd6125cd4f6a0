// -j DSCP: sets the differentiated-services code point.

/// Sets the upper six bits of the TOS byte (kernel: `dscp_tg`; man page: iptables-extensions, DSCP; RFC 2474).
public struct DSCPTarget: TargetExtension {
  /// The code point, 0...63.
  public var codePoint: UInt8?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "DSCP", tables: .mangle, summary: "sets the differentiated-services code point")

  /// The code point of a class name, in any case, or nil (RFC 2474 CSx, RFC 2597 AFxy, RFC 3246 EF).
  static func codePoint(ofClass name: String) -> UInt8? {
    switch name.lowercased() {
    case "be": return 0
    case "ef": return 0x2e
    default: break
    }
    let bytes = Array(name.lowercased().utf8)
    let digit = { (index: Int) in bytes.byte(at: index) &- UInt8(ascii: "0") }
    if bytes.count == 3, bytes.starts(with: "cs".utf8), digit(2) < 8 { return digit(2) << 3 }
    if bytes.count == 4, bytes.starts(with: "af".utf8), (1...4).contains(digit(2)), (1...3).contains(digit(3)) {
      return digit(2) << 3 | digit(3) << 1
    }
    return nil
  }

  /// The option table; both forms are printed as `--set-dscp`.
  public static let options: [OptionSpec<DSCPTarget>] = [
    OptionSpec(
      "set-dscp", excludes: ["set-dscp-class"], placeholder: "value",
      parse: { (owner, argument) throws(OptionError) in
        owner.codePoint = try ValueCodec<UInt8>.number(0...63).parse(argument)
      },
      save: { owner, writer in if let value = owner.codePoint { writer.option("set-dscp", value.hexadecimal) } }),
    OptionSpec(
      "set-dscp-class", excludes: ["set-dscp"], placeholder: "class",
      parse: { (owner, argument) throws(OptionError) in
        guard let value = codePoint(ofClass: argument.text) else {
          throw OptionError(
            "`\(argument.text)` is not a DSCP class", help: "the classes are BE, EF, CS0 to CS7 and AF11 to AF43")
        }
        owner.codePoint = value
      },
      save: { _, _ in }),
  ]

  /// Refuses the target without a value.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if codePoint == nil {
      throw OptionError(
        "DSCP needs --set-dscp or --set-dscp-class", tool: "DSCP target: Parameter --set-dscp is required")
    }
  }

  /// Sets the code point (kernel: `dscp_tg`).
  public var effects: [Effect] {
    codePoint.map { [.tos(value: $0 << 2, mask: 0xfc)] } ?? []
  }

  /// `DSCP set 0x0a`.
  public func listing(_ style: ListStyle) -> String { "DSCP set " + (codePoint ?? 0).hexadecimal }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A FORWARD -j DSCP --set-dscp 10", saves: "-A FORWARD -j DSCP --set-dscp 0x0a", table: .mangle),
    .same("-A FORWARD -j DSCP --set-dscp 0x3f", table: .mangle),
    .accepted("-A FORWARD -j DSCP --set-dscp-class EF", saves: "-A FORWARD -j DSCP --set-dscp 0x2e", table: .mangle),
    .accepted("-A FORWARD -j DSCP --set-dscp-class cs7", saves: "-A FORWARD -j DSCP --set-dscp 0x38", table: .mangle),
    .accepted("-A FORWARD -j DSCP --set-dscp-class AF43", saves: "-A FORWARD -j DSCP --set-dscp 0x26", table: .mangle),
    .accepted("-A FORWARD -j DSCP --set-dscp-class be", saves: "-A FORWARD -j DSCP --set-dscp 0x00", table: .mangle),
    .refused("-A FORWARD -j DSCP --set-dscp 64", table: .mangle),
    .refused("-A FORWARD -j DSCP --set-dscp-class cs8", table: .mangle),
    .refused("-A FORWARD -j DSCP --set-dscp-class le", table: .mangle),
    .refused("-A FORWARD -j DSCP --set-dscp 1 --set-dscp-class ef", table: .mangle),
    .refused("-A FORWARD -j DSCP", table: .mangle),
    .refused("-A FORWARD -j DSCP --set-dscp 1"),
  ]
}

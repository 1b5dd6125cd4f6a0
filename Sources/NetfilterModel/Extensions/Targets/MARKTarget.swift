// -j MARK: changes the firewall mark of the packet.

/// Sets, and-s, or-s or xor-s the packet's mark (kernel: `mark_tg`; man page: iptables-extensions, MARK).
public struct MARKTarget: TargetExtension {
  /// The new bits.
  public var mark = MaskedValue(0, mask: 0)
  /// Whether any of the options was given.
  public var isSet = false

  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("MARK", summary: "changes the packet's firewall mark")

  static let all = ["set-mark", "set-xmark", "and-mark", "or-mark", "xor-mark"]

  /// The option table; every form is kept and printed as `--set-xmark value/mask`.
  public static let options: [OptionSpec<MARKTarget>] = [
    form("set-xmark") { $0 },
    form("set-mark") { MaskedValue($0.value, mask: $0.value | $0.mask) },
    form("and-mark") { MaskedValue(0, mask: ~$0.value) },
    form("or-mark") { MaskedValue($0.value, mask: $0.value) },
    form("xor-mark") { MaskedValue($0.value, mask: 0) },
  ]

  static func form(_ name: String, _ meaning: @escaping @Sendable (MaskedValue) -> MaskedValue) -> OptionSpec<
    MARKTarget
  > {
    OptionSpec(
      name, excludes: all.filter { $0 != name }, placeholder: "value[/mask]",
      parse: { (owner, argument) throws(OptionError) in
        owner.mark = meaning(try ValueCodec.masked.parse(argument))
        owner.isSet = true
      },
      save: { owner, writer in
        guard name == "set-xmark" else { return }
        writer.option(name, "0x" + String(owner.mark.value, radix: 16) + "/0x" + String(owner.mark.mask, radix: 16))
      })
  }

  /// Refuses the target without an option.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if !isSet { throw OptionError("MARK needs one of --set-mark, --set-xmark, --and-mark, --or-mark, --xor-mark") }
  }

  /// Changes the mark (kernel: `mark_tg`).
  public func apply(_ packet: inout PacketContext) -> TargetResult {
    packet.packet.mark = (packet.packet.mark & ~mark.mask) ^ mark.value
    return .next
  }

  /// `MARK set 0x1`.
  public func listing(_ style: ListStyle) -> String {
    let hex = { (value: UInt32) in "0x" + String(value, radix: 16) }
    if mark.value == 0 { return "MARK and \(hex(~mark.mask))" }
    if mark.value == mark.mask { return "MARK or \(hex(mark.value))" }
    if mark.mask == 0 { return "MARK xor \(hex(mark.value))" }
    if mark.mask == .max { return "MARK set \(hex(mark.value))" }
    return "MARK xset \(hex(mark.value))/\(hex(mark.mask))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -j MARK --set-mark 1", saves: "-A INPUT -j MARK --set-xmark 0x1/0xffffffff", table: .mangle),
    .accepted("-A INPUT -j MARK --or-mark 0xf", saves: "-A INPUT -j MARK --set-xmark 0xf/0xf", table: .mangle),
    .refused("-A INPUT -j MARK", table: .mangle),
  ]
}

// -j MARK: changes the firewall mark of the packet.

/// Sets, and-s, or-s or xor-s the packet's mark (kernel: `mark_tg`; man page: iptables-extensions, MARK).
public struct MARKTarget: TargetExtension {
  /// The new bits: the mark becomes `(mark & ~mask) ^ value`.
  public var mark = MaskedValue(0, mask: 0)
  /// Whether any of the options was given.
  public var isSet = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("MARK", summary: "changes the packet's firewall mark")

  /// The option table; every form is kept and printed as `--set-xmark value/mask`.
  public static let options: [OptionSpec<MARKTarget>] = MarkOperation.allCases.map { operation in
    OptionSpec(
      operation.optionName, excludes: operation.otherNames, placeholder: operation.placeholder,
      parse: { (owner, argument) throws(OptionError) in
        owner.mark = try operation.parse(argument)
        owner.isSet = true
      },
      save: { owner, writer in
        if operation == .setXmark { writer.option(operation.optionName, MarkOperation.saved(owner.mark)) }
      })
  }

  /// Refuses the target without an option.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if !isSet {
      throw OptionError(
        "MARK needs one of --set-mark, --set-xmark, --and-mark, --or-mark, --xor-mark",
        tool: "MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required")
    }
  }

  /// Changes the mark (kernel: `mark_tg`).
  public var effects: [Effect] {
    [.mark(mark)]
  }

  /// `MARK set 0x1`.
  public func listing(_ style: ListStyle) -> String { "MARK " + MarkOperation.listed(mark) }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -j MARK --set-mark 1", saves: "-A INPUT -j MARK --set-xmark 0x1/0xffffffff"),
    .accepted("-A INPUT -j MARK --set-mark 1/2", saves: "-A INPUT -j MARK --set-xmark 0x1/0x3", table: .mangle),
    .same("-A INPUT -j MARK --set-xmark 0x1/0x2", table: .mangle),
    .accepted("-A INPUT -j MARK --set-xmark 1", saves: "-A INPUT -j MARK --set-xmark 0x1/0xffffffff", table: .mangle),
    .accepted("-A INPUT -j MARK --and-mark 0xf", saves: "-A INPUT -j MARK --set-xmark 0x0/0xfffffff0"),
    .accepted("-A INPUT -j MARK --or-mark 0xf", saves: "-A INPUT -j MARK --set-xmark 0xf/0xf", table: .mangle),
    .accepted("-A INPUT -j MARK --xor-mark 0xf", saves: "-A INPUT -j MARK --set-xmark 0xf/0x0"),
    .accepted("-A INPUT -j MARK --set-mark 0/0xff", saves: "-A INPUT -j MARK --set-xmark 0x0/0xff"),
    .refused("-A INPUT -j MARK", table: .mangle),
    .refused("-A INPUT -j MARK --and-mark 0xf/2"),
    .refused("-A INPUT -j MARK --set-mark 1 --or-mark 2"),
    .refused("-A INPUT -j MARK --set-mark 4294967296"),
    .refused("-A INPUT -j MARK --set-mark 08"),
    .refused("-A INPUT -j MARK ! --set-mark 1"),
  ]
}

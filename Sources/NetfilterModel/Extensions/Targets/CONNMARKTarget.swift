// -j CONNMARK: changes the mark of the connection, or copies marks between packet and connection.

/// Sets, saves or restores the connection mark (kernel: `connmark_tg_v2`; man page: iptables-extensions, CONNMARK).
public struct CONNMARKTarget: TargetExtension {
  /// What happens to the marks.
  public typealias Mode = ConnectionMarkChange.Mode

  /// What is done; nil before an option said it.
  public var mode: Mode?
  /// The value of `set`.
  public var value: UInt32 = 0
  /// The bits of the connection mark.
  public var connectionMask = UInt32.max
  /// The bits of the packet mark.
  public var packetMask = UInt32.max
  /// The shift in bits, 0...31; user space lets 32 pass, the kernel does not.
  public var shift: UInt8 = 0
  /// Whether the shift goes right.
  public var shiftsRight = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "CONNMARK", summary: "changes the connection mark, or copies it from or to the packet")

  static let actions = MarkOperation.allCases.map { $0.optionName } + ["save-mark", "restore-mark"]

  /// The option table; later options overwrite the masks of earlier ones, as in iptables.
  public static let options: [OptionSpec<CONNMARKTarget>] =
    MarkOperation.allCases.map { operation in
      OptionSpec(
        operation.optionName, excludes: others(operation.optionName), placeholder: operation.placeholder,
        parse: { (owner, argument) throws(OptionError) in
          let mark = try operation.parse(argument)
          owner.mode = .set
          owner.value = mark.value
          owner.connectionMask = mark.mask
        },
        save: { owner, writer in
          guard operation == .setXmark, owner.mode == .set else { return }
          writer.option("set-xmark", MarkOperation.saved(MaskedValue(owner.value, mask: owner.connectionMask)))
        })
    } + [
      copy("save-mark", .save), copy("restore-mark", .restore),
      mask("nfmask", excludes: ["mask"], isPrinted: true) {
        $0.packetMask = $1
      } value: {
        $0.packetMask
      },
      mask("ctmask", excludes: ["mask"], isPrinted: true) {
        $0.connectionMask = $1
      } value: {
        $0.connectionMask
      },
      mask("mask", excludes: ["nfmask", "ctmask"], isPrinted: false) {
        $0.connectionMask = $1
        $0.packetMask = $1
      } value: {
        $0.packetMask
      },
      shift("left-shift-mark", right: false), shift("right-shift-mark", right: true),
    ]

  static func others(_ name: String) -> [String] { actions.filter { $0 != name } }

  static func copy(_ name: String, _ mode: Mode) -> OptionSpec<CONNMARKTarget> {
    OptionSpec(
      name, arity: .none, excludes: others(name),
      parse: { (owner, _) throws(OptionError) in owner.mode = mode },
      save: { owner, writer in if owner.mode == mode { writer.option(name) } })
  }

  static func mask(
    _ name: String, excludes: [String], isPrinted: Bool,
    _ store: @escaping @Sendable (inout CONNMARKTarget, UInt32) -> Void,
    value: @escaping @Sendable (CONNMARKTarget) -> UInt32
  ) -> OptionSpec<CONNMARKTarget> {
    OptionSpec(
      name, excludes: excludes, placeholder: "mask",
      parse: { (owner, argument) throws(OptionError) in
        store(&owner, try ValueCodec<UInt32>.number().parse(argument))
      },
      save: { owner, writer in
        if isPrinted, owner.mode == .save || owner.mode == .restore {
          writer.option(name, MarkOperation.hex(value(owner)))
        }
      })
  }

  static func shift(_ name: String, right: Bool) -> OptionSpec<CONNMARKTarget> {
    OptionSpec(
      name, placeholder: "bits",
      parse: { (owner, argument) throws(OptionError) in
        owner.shift = try ValueCodec<UInt8>.number(0...32).parse(argument)
        owner.shiftsRight = right
      },
      save: { owner, writer in
        if owner.shift != 0, owner.shiftsRight == right { writer.option(name, "\(owner.shift)") }
      })
  }

  /// Refuses the target without an action.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if mode == nil {
      throw OptionError(
        "CONNMARK needs an operation", help: "add --set-mark, --save-mark or --restore-mark",
        tool: "CONNMARK target: No operation specified")
    }
  }

  /// The kernel shifts by 31 bits at most (kernel: `connmark_tg_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    shift < 32 ? nil : OptionError("a mark can be shifted by 31 bits at most")
  }

  /// It works on connections.
  public var enablesConntrack: Bool { true }

  /// Moves marks (kernel: `connmark_tg_shift`).
  public var effects: [Effect] {
    mode.map {
      [
        .connectionMark(
          ConnectionMarkChange(
            $0, value: value, connectionMask: connectionMask, packetMask: packetMask, shift: shift,
            shiftsRight: shiftsRight))
      ]
    } ?? []
  }

  /// `CONNMARK save mask 0xff`.
  public func listing(_ style: ListStyle) -> String {
    let hex = MarkOperation.hex
    var text = "CONNMARK "
    switch mode {
    case .save, .restore:
      text += mode == .save ? "save" : "restore"
      if packetMask == connectionMask {
        if packetMask != .max { text += " mask \(hex(packetMask))" }
      } else if mode == .save {
        text += " nfmask \(hex(packetMask)) ctmask ~\(hex(connectionMask))"
      } else {
        text += " ctmask \(hex(connectionMask)) nfmask ~\(hex(packetMask))"
      }
    default: text += MarkOperation.listed(MaskedValue(value, mask: connectionMask))
    }
    if shift != 0 { text += " \(shiftsRight ? "right" : "left")-shift-mark \(shift)" }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A FORWARD -j CONNMARK --set-mark 1/2", saves: "-A FORWARD -j CONNMARK --set-xmark 0x1/0x3", table: .mangle),
    .accepted(
      "-A FORWARD -j CONNMARK --save-mark",
      saves: "-A FORWARD -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff", table: .mangle),
    .accepted(
      "-A FORWARD -j CONNMARK --restore-mark --mask 0xff",
      saves: "-A FORWARD -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff", table: .mangle),
    .same("-A FORWARD -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff00", table: .mangle),
    .accepted(
      "-A FORWARD -j CONNMARK --and-mark 1 --mask 3", saves: "-A FORWARD -j CONNMARK --set-xmark 0x0/0x3",
      table: .mangle),
    .accepted(
      "-A FORWARD -j CONNMARK --mask 3 --and-mark 1", saves: "-A FORWARD -j CONNMARK --set-xmark 0x0/0xfffffffe",
      table: .mangle),
    .accepted(
      "-A FORWARD -j CONNMARK --set-mark 1 --left-shift-mark 3",
      saves: "-A FORWARD -j CONNMARK --set-xmark 0x1/0xffffffff --left-shift-mark 3", table: .mangle),
    .accepted(
      "-A FORWARD -j CONNMARK --restore-mark --right-shift-mark 3 --left-shift-mark 2",
      saves: "-A FORWARD -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff --left-shift-mark 2",
      table: .mangle),
    .refused("-A FORWARD -j CONNMARK", table: .mangle),
    .refused("-A FORWARD -j CONNMARK --mask 0xff", table: .mangle),
    .refused("-A FORWARD -j CONNMARK --save-mark --restore-mark", table: .mangle),
    .refused("-A FORWARD -j CONNMARK --save-mark --nfmask 0xff --mask 0xf", table: .mangle),
    .refused("-A FORWARD -j CONNMARK --restore-mark --right-shift-mark 32", table: .mangle),
    .refused("-A FORWARD -j CONNMARK --and-mark 1/2", table: .mangle),
  ]
}

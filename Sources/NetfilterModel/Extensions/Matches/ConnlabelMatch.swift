// -m connlabel: the labels of the packet's connection.

/// Matches a label of the connection, or sets it (kernel: `connlabel_mt`; man page: iptables-extensions, connlabel).
public struct ConnlabelMatch: MatchExtension {
  /// The number of the label, 0...65535; the kernel takes up to 127.
  public var label: Invertible<UInt16>?
  /// Whether a connection without the label gets it.
  public var sets = false
  /// Makes the match before any option was read.
  public init() {}

  /// The most labels (kernel: `XT_CONNLABEL_MAXBIT`).
  private static let maximum: UInt16 = 127

  /// The facts.
  public static let spec = ExtensionSpec(
    "connlabel", summary: "the labels of the connection", outside: "the names in /etc/xtables/connlabel.conf")

  /// The option table. Names of labels stand in a file that is not read here: numbers are taken.
  public static let options: [OptionSpec<ConnlabelMatch>] = [
    OptionSpec(
      "label", canInvert: true, isMandatory: true, placeholder: "number",
      parse: { (owner, argument) throws(OptionError) in
        // A number of 64 bits whose lower 32 are not negative, cut to 16 bits (libxt_connlabel).
        guard let number = NumberReader.wrappingStrtoul(argument.text),
          Int32(truncatingIfNeeded: number) >= 0
        else {
          throw OptionError(
            "`\(argument.text)` is not the number of a label",
            help: "names of labels stand in a file of the host: write the number, 0 to \(maximum)")
        }
        owner.label = Invertible(UInt16(truncatingIfNeeded: number), inverted: argument.inverted)
      },
      save: { owner, writer in
        if let label = owner.label { writer.option("label", "\"\(label.value)\"", inverted: label.inverted) }
      }),
    .flag("set", .init({ $0.sets }, { $0.sets = $1 })),
  ]

  /// The kernel has 128 labels (kernel: `nf_connlabels_get`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    guard let label, label.value > Self.maximum else { return nil }
    return OptionError(
      "there is no label \(label.value): the kernel has labels 0 to \(Self.maximum)",
      tool: "Numerical result out of range")
  }

  /// Connection tracking is needed (kernel: `connlabel_mt_check`).
  public var enablesConntrack: Bool { true }

  /// Looks at the label, or sets it (kernel: `connlabel_mt`).
  public var conditions: [Condition] {
    guard let label, label.value <= Self.maximum else { return [] }
    let number = UInt8(label.value)
    guard sets else {
      let bit = UInt64(1) << UInt64(number & 63)
      let value = number < 64 ? FieldValue(bit) : FieldValue(0, high: bit)
      return [
        Condition(
          "label", .connectionLabels, .masked128(value: value, mask: value), inverted: label.inverted,
          holdsWhenAbsent: label.inverted)
      ]
    }
    return [
      .opaque(
        "label",
        OpaqueTest(
          reads: [.connectionLabels], keepsState: true, question: .label(number),
          saw: { _, state, _ in
            state.second == 1 ? "the connection has the label from now on" : "the packet has no connection"
          },
          evaluate: { _, state, _ in ConditionResult((state.second == 1) != label.inverted) }))
    ]
  }

  /// `connlabel ! 3 set`.
  public func listing(_ style: ListStyle) -> String {
    guard let label else { return "" }
    return "connlabel \(label.inverted ? "! " : "")\(label.value)\(sets ? " set" : "")"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m connlabel --label -0", saves: "-A INPUT -m connlabel --label \"0\""),
    .accepted("-A INPUT -m connlabel --label 65536", saves: "-A INPUT -m connlabel --label \"0\""),
    .accepted("-A INPUT -m connlabel --label 4294967301", saves: "-A INPUT -m connlabel --label \"5\""),
    .accepted("-A INPUT -m connlabel --label -18446744073709551615", saves: "-A INPUT -m connlabel --label \"1\""),
    .refused("-A INPUT -m connlabel --label 18446744073709551615"),
    .same("-A INPUT -m connlabel --label \"127\""),
    .same("-A INPUT -m connlabel ! --label \"3\" --set", family: .ipv6),
    .accepted("-A INPUT -m connlabel --label 0x10", saves: "-A INPUT -m connlabel --label \"16\""),
    .accepted("-A INPUT -m connlabel --label \" +3\"", saves: "-A INPUT -m connlabel --label \"3\""),
    .refused("-A INPUT -m connlabel --label 128"), .refused("-A INPUT -m connlabel --label foo"),
    .refused("-A INPUT -m connlabel --label \"\""), .refused("-A INPUT -m connlabel --label 3x"),
    .refused("-A INPUT -m connlabel --label -1"), .refused("-A INPUT -m connlabel --set"),
    .refused("-A INPUT -m connlabel --label 3 ! --set"),
  ]
}

// -j LED: lights a lamp of the machine.

/// Lights a lamp and goes on (kernel: `led_tg`; man page: iptables-extensions, LED).
public struct LEDTarget: TargetExtension {
  /// The name of the trigger, at most 16 bytes.
  public var trigger: String?
  /// How long the lamp is lit in milliseconds; the largest number stands for ever.
  public var delay: UInt32 = 0
  /// Whether it blinks for every packet.
  public var alwaysBlinks = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("LED", summary: "lights a lamp of the machine", isCompared: false)

  /// The option table.
  public static let options: [OptionSpec<LEDTarget>] = [
    OptionSpec(
      "led-trigger-id", isMandatory: true, placeholder: "name",
      parse: { (owner, argument) throws(OptionError) in
        owner.trigger = try ValueCodec.string(maximum: 16).parse(argument)
      },
      save: { owner, writer in if owner.trigger != nil { writer.option("led-trigger-id", owner.quoted) } }),
    OptionSpec(
      "led-delay", placeholder: "milliseconds|inf",
      parse: { (owner, argument) throws(OptionError) in
        owner.delay =
          argument.text.lowercased().hasPrefix("inf") ? .max : try ValueCodec<UInt32>.number().parse(argument)
      },
      save: { owner, writer in
        // A signed number, as iptables 1.8.9 prints it; other negative ones not at all.
        let delay = Int32(bitPattern: owner.delay)
        if delay > 0 {
          writer.option("led-delay", "\(delay)")
        } else if delay == -1 {
          writer.option("led-delay", "inf")
        }
      }),
    .flag("led-always-blink", .init({ $0.alwaysBlinks }, { $0.alwaysBlinks = $1 })),
  ]

  private var quoted: String {
    var text = "\""
    for character in trigger ?? "" {
      if character == "\"" || character == "\\" { text += "\\" }
      text.append(character)
    }
    return text + "\""
  }

  /// Lights a lamp (kernel: `led_tg`).
  public var effects: [Effect] { [.outside("lights the lamp netfilter-\(trigger ?? "")")] }

  /// `led-trigger-id:"x" led-delay:0ms led-always-blink`.
  public func listing(_ style: ListStyle) -> String {
    let delay = Int32(bitPattern: delay)
    return "led-trigger-id:\(quoted) led-delay:\(delay == -1 ? "inf" : "\(delay)ms")"
      + (alwaysBlinks ? " led-always-blink" : "")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -j LED --led-trigger-id x", saves: "-A INPUT -j LED --led-trigger-id \"x\""),
    .accepted(
      "-A INPUT -j LED --led-always-blink --led-delay INFinite --led-trigger-id a",
      saves: "-A INPUT -j LED --led-trigger-id \"a\" --led-delay inf --led-always-blink", family: .ipv6),
    .same("-A INPUT -j LED --led-trigger-id \"a b\" --led-delay 100"),
    .refused("-A INPUT -j LED --led-trigger-id 12345678901234567"), .refused("-A INPUT -j LED"),
    .refused("-A INPUT -j LED --led-trigger-id x --led-delay y"),
  ]
}

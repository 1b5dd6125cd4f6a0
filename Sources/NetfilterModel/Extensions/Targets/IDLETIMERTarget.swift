// -j IDLETIMER: starts a timer that tells programs when no packet has come for a while.

/// Starts a timer anew and goes on (kernel: `idletimer_tg_target_v1`; man page: iptables-extensions, IDLETIMER).
public struct IDLETIMERTarget: TargetExtension {
  /// How long the timer runs, in seconds.
  public var timeout: UInt32?
  /// The name of the timer, at most 27 bytes.
  public var label: String?
  /// Whether the timer also runs while the machine sleeps.
  public var isAlarm = false
  /// Makes the target before any option was read.
  public init() {}

  /// The longest time that the kernel takes in seconds (kernel: `INT_MAX / 1000`, which it refuses itself).
  private static let longest: UInt32 = 2_147_482

  /// The facts.
  public static let spec = ExtensionSpec(
    "IDLETIMER", summary: "starts a timer that tells programs when no packet has come", makesObjects: true)

  /// The option table.
  public static let options: [OptionSpec<IDLETIMERTarget>] = [
    .value("timeout", .init({ $0.timeout }, { $0.timeout = $1 }), .number(placeholder: "seconds"), isMandatory: true),
    .value("label", .init({ $0.label }, { $0.label = $1 }), .copied(maximum: 27), isMandatory: true),
    .flag("alarm", .init({ $0.isAlarm }, { $0.isAlarm = $1 })),
  ]

  /// A timer has one name and one kind.
  public var object: KernelObject? { KernelObject("idletimer \(label ?? "")", parameters: isAlarm ? "alarm" : "") }

  /// Refuses times that are too short or too long, and names that a file below /sys cannot have (kernel:
  /// `idletimer_tg_helper`, `idletimer_check_sysfs_name`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if timeout == 0 { return OptionError("the kernel refuses a timeout of 0") }
    if let timeout, timeout > Self.longest {
      return OptionError("the kernel refuses a timeout above \(Self.longest) seconds")
    }
    if let refusal = ProcName.refusal(label ?? "") { return refusal }
    if ["power", "subsystem", "uevent"].contains(label ?? "") {
      return OptionError("the kernel refuses the name `\(label ?? "")`: a file below /sys has it already")
    }
    if let object, rule.objects.contains(where: { $0.name == object.name && $0.parameters != object.parameters }) {
      return OptionError(
        "a rule before this one has the timer `\(label ?? "")` \(isAlarm ? "without" : "with") --alarm")
    }
    return nil
  }

  /// Starts the timer (kernel: `idletimer_tg_target`).
  public var effects: [Effect] { [.outside("starts timer \(label ?? "") of \(timeout ?? 0) s")] }

  /// `timeout:5 label:foo alarm`.
  public func listing(_ style: ListStyle) -> String {
    "timeout:\(timeout ?? 0) label:\(label ?? "")\(isAlarm ? " alarm" : "")"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -j IDLETIMER --timeout 2147482 --label foo"),
    .accepted(
      "-A INPUT -j IDLETIMER --alarm --label 1234567890123456789012345678 --timeout 0x5",
      saves: "-A INPUT -j IDLETIMER --timeout 5 --label 123456789012345678901234567 --alarm", family: .ipv6),
    .refused("-A INPUT -j IDLETIMER --timeout 0 --label foo"), .refused("-A INPUT -j IDLETIMER --timeout 5"),
    .refused("-A INPUT -j IDLETIMER --label x"), .refused("-A INPUT -j IDLETIMER --timeout 2147483 --label foo"),
    .refused("-A INPUT -j IDLETIMER --timeout 5 --label \"\""),
    .refused("-A INPUT -j IDLETIMER --timeout 5 --label a/b"),
    .refused("-A INPUT -j IDLETIMER --timeout 5 --label power"),
    .refused("-A INPUT -j IDLETIMER --timeout 5 --label ."),
  ]
}

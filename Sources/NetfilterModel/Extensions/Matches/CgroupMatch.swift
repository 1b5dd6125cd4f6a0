// -m cgroup: the control group of the sending process.

/// Matches the control group of the socket that sent the packet (kernel: `cgroup_mt_v2`; man page:
/// iptables-extensions, cgroup).
public struct CgroupMatch: MatchExtension {
  /// The path in the hierarchy of version 2.
  public var path: Invertible<String>?
  /// The class of the controller `net_cls`.
  public var classID: Invertible<UInt32>?
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "cgroup", hooks: [.input, .output, .postrouting], summary: "the control group of the sending process",
    outside: "control groups, of which only the root is known")

  /// The option table.
  public static let options: [OptionSpec<CgroupMatch>] = [
    .invertible("path", .init({ $0.path }, { $0.path = $1 }), .cgroupPath),
    .invertible("cgroup", .init({ $0.classID }, { $0.classID = $1 }), .number()),
  ]

  /// Refuses neither, both, and groups that are not known to be there (kernel: `cgroup_mt_check_v2`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    guard let path else {
      return classID == nil ? OptionError("the kernel wants --path or --cgroup") : nil
    }
    if classID != nil { return OptionError("the kernel takes --path or --cgroup, not both") }
    if path.value.utf8.allSatisfy({ $0 == 0x2f }) { return nil }
    return OptionError(
      "the kernel refuses the path of a control group that is not there, as `\(path.value)` here",
      help: "only the root, `/`, is known to be there")
  }

  /// A packet without a socket never matches; every socket lies below the root (kernel: `cgroup_mt_v2`).
  public var conditions: [Condition] {
    let demand = Condition.demand(.socket, .equals(1))
    if let path { return [demand, Self.root(path.inverted)] }
    return [demand, .opaque("cgroup", OpaqueTest.unknown("the classes of control groups are not known"))]
  }

  private static func root(_ isInverted: Bool) -> Condition {
    .opaque(
      "path",
      OpaqueTest(
        reads: [], keepsState: false, saw: { _, _, _ in "every process lies below the root" },
        evaluate: { _, _, _ in ConditionResult(!isInverted) }))
  }

  /// `cgroup ! 65537`.
  public func listing(_ style: ListStyle) -> String {
    if let path { return "cgroup \(path.inverted ? "! " : "")\(path.value)" }
    guard let classID else { return "" }
    return "cgroup \(classID.inverted ? "! " : "")\(classID.value)"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m cgroup ! --cgroup 0x10001", saves: "-A INPUT -m cgroup ! --cgroup 65537"),
    .same("-A OUTPUT -m cgroup --cgroup 0", family: .ipv6),
    .accepted("-A OUTPUT -m cgroup ! --path /", saves: "-A OUTPUT -m cgroup ! --path \"/\""),
    .same("-A OUTPUT -m cgroup --path \"\""), .refused("-A OUTPUT -m cgroup --path nosuch"),
    .refused("-A OUTPUT -m cgroup --path / --cgroup 5"), .refused("-A INPUT -m cgroup"),
    .refused("-A INPUT -m cgroup --cgroup 4294967296"), .refused("-A FORWARD -m cgroup --cgroup 5"),
    .refused("-A PREROUTING -m cgroup --cgroup 5", table: .mangle),
  ]
}

extension ValueCodec where Value == String {
  /// A path, cut to the bytes that the kernel holds (kernel: `XT_CGROUP_PATH_MAX`).
  static let cgroupPath = ValueCodec("path") { (argument) throws(OptionError) in
    ProcName.cut(argument.text, to: 511)
  } print: {
    SaveWriter.quoted($0)
  }
}

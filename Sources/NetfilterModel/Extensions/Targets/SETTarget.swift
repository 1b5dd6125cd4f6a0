// -j SET: entries of sets of ipset are added and removed, and give their mark to packets.

/// Adds what a packet shows to a set, removes it, or takes over what the entry gives (kernel: `set_target_v3`; man
/// page: iptables-extensions, SET).
public struct SETTarget: TargetExtension {
  /// What is done.
  public var change = SetChange()

  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("SET", summary: "adds to a set of ipset and removes from it", namesSets: true)

  /// The option table.
  public static let options: [OptionSpec<SETTarget>] = [
    row("add-set", .init({ $0.change.add }, { $0.change.add = $1 })),
    flag("exist", .init({ $0.change.exists }, { $0.change.exists = $1 })),
    OptionSpec(
      "timeout", isRepeatable: true, placeholder: "seconds",
      parse: { (owner, argument) throws(OptionError) in
        guard let value = parseUnsigned(argument.text, in: 0...UInt64(UInt32.max) - 1) else {
          throw OptionError("`\(argument.text)` is not a number from 0 to \(UInt32.max - 1)")
        }
        owner.change.timeout = UInt32(truncatingIfNeeded: value)
      },
      save: { owner, writer in if let timeout = owner.change.timeout { writer.option("timeout", "\(timeout)") } }),
    row("del-set", .init({ $0.change.remove }, { $0.change.remove = $1 })),
    row("map-set", .init({ $0.change.map }, { $0.change.map = $1 })),
    flag("map-mark", .init({ $0.change.mapsMark }, { $0.change.mapsMark = $1 })),
    flag("map-prio", .init({ $0.change.mapsPriority }, { $0.change.mapsPriority = $1 })),
    flag("map-queue", .init({ $0.change.mapsQueue }, { $0.change.mapsQueue = $1 })),
  ]

  /// A set; a `!` before it means nothing.
  private static func row(_ name: String, _ field: OptionField<SETTarget, SetReference?>) -> OptionSpec<SETTarget> {
    OptionSpec(
      name, arity: .two, canInvert: true, placeholder: "name src|dst[,...]",
      parse: { (owner, argument) throws(OptionError) in
        if field.get(owner) != nil { throw OptionError("--\(name) can be given only once") }
        field.set(&owner, try SetReference(argument))
      },
      save: { owner, writer in
        if let reference = field.get(owner) { writer.option(name, reference.name, reference.directions) }
      })
  }

  private static func flag(_ name: String, _ field: OptionField<SETTarget, Bool>) -> OptionSpec<SETTarget> {
    OptionSpec(
      name, arity: .none, isRepeatable: true,
      parse: { (owner, _) throws(OptionError) in field.set(&owner, true) },
      save: { owner, writer in if field.get(owner) { writer.option(name) } })
  }

  /// Refuses the target without a set, and flags without the set that they belong to.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if sets.isEmpty { throw OptionError("SET needs --add-set, --del-set or --map-set") }
    if change.add == nil, change.exists || change.timeout != nil {
      throw OptionError("--exist and --timeout need --add-set")
    }
    let maps = change.mapsMark || change.mapsPriority || change.mapsQueue
    if change.map == nil, maps { throw OptionError("--map-mark, --map-prio and --map-queue need --map-set") }
    if change.map != nil, !maps { throw OptionError("--map-set needs --map-mark, --map-prio or --map-queue") }
  }

  /// Refuses mapping outside table mangle, and of more than the mark before routing has chosen a device (kernel:
  /// `set_target_v3_checkentry`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    guard change.map != nil else { return nil }
    if rule.table != .mangle { return OptionError("--map-set belongs to table mangle") }
    let allowed: HookSet = [.forward, .output, .postrouting]
    if change.mapsPriority || change.mapsQueue, !rule.hooks.subtracting(allowed).isEmpty {
      return OptionError("--map-prio and --map-queue can be reached from FORWARD, OUTPUT and POSTROUTING only")
    }
    return nil
  }

  /// The sets.
  public var sets: [String] { [change.add, change.remove, change.map].compactMap { $0?.name } }

  /// Adds, removes, takes over.
  public var effects: [Effect] { [.changeSets(change)] }

  /// `add-set NAME src exist timeout 5`.
  public func listing(_ style: ListStyle) -> String {
    var writer = SaveWriter()
    save(into: &writer)
    return writer.text.split(separator: " ").map { $0.hasPrefix("--") ? String($0.dropFirst(2)) : String($0) }
      .joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -j SET --add-set a src"),
    .accepted(
      "-A INPUT -j SET --timeout 5 --add-set a src --exist --exist",
      saves: "-A INPUT -j SET --add-set a src --exist --timeout 5"),
    .accepted("-A INPUT -j SET ! --add-set a src", saves: "-A INPUT -j SET --add-set a src"),
    .same("-A INPUT -j SET --add-set a src --timeout 4294967294"),
    .same("-A INPUT -j SET --add-set a src --del-set p src,dst"),
    .same("-A INPUT -j SET --map-set s src --map-mark", table: .mangle),
    .same(
      "-A FORWARD -j SET --add-set a src --del-set n dst --map-set s src,dst --map-mark --map-prio --map-queue",
      table: .mangle),
    .refused("-A INPUT -j SET"), .refused("-A INPUT -j SET --exist"),
    .refused("-A INPUT -j SET --add-set a src --timeout 4294967295"),
    .refused("-A INPUT -j SET --del-set a dst --exist"), .refused("-A INPUT -j SET --del-set a dst --timeout 4"),
    .refused("-A INPUT -j SET --add-set a src --add-set n src"),
    .refused("-A INPUT -j SET --map-set s src --map-mark"),
    .refused("-A INPUT -j SET --map-set s src", table: .mangle),
    .refused("-A INPUT -j SET --map-set s src --map-mark --map-prio", table: .mangle),
    .refused("-A PREROUTING -j SET --map-set s src --map-queue", table: .mangle),
    .refused("-A FORWARD -j SET --add-set a src --map-mark", table: .mangle),
    .refused("-A INPUT -j SET --add-set a src,dst,src,dst,src,dst,src"),
  ]
}

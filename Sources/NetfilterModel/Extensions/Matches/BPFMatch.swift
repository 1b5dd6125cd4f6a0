// -m bpf: a program of the Berkeley Packet Filter.

/// Matches packets for which a program returns something (kernel: `bpf_mt_v1`; man page: iptables-extensions, bpf).
public struct BPFMatch: MatchExtension {
  /// The program.
  public var program: BPFProgram?
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = {
    var spec = ExtensionSpec(
      "bpf", summary: "a program of the Berkeley Packet Filter",
      outside: "pinned programs, and what a program reads that is not in the packet")
    spec.isListedWithoutBlank = true
    return spec
  }()

  /// The option table.
  public static let options: [OptionSpec<BPFMatch>] = [
    OptionSpec(
      "bytecode", placeholder: "program",
      parse: { (owner, argument) throws(OptionError) in owner.program = try BPFProgram(argument.text) },
      save: { owner, writer in
        guard let program = owner.program else { return }
        writer.option("bytecode", "\"\(program.instructions.count),\(program.text)\"")
      }),
    OptionSpec(
      "object-pinned", placeholder: "path",
      parse: { (_, argument) throws(OptionError) in
        throw OptionError("there is no pinned program `\(argument.text)`: programs of the host are not known")
      }, save: { _, _ in }),
  ]

  /// Refuses the match without a program.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if program == nil { throw OptionError("bpf needs --bytecode or --object-pinned") }
  }

  /// Refuses programs that cannot be run (kernel: `bpf_check_classic`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    program?.refusal.map { OptionError("the kernel refuses the program: \($0)") }
  }

  /// Runs the program (kernel: `bpf_mt`).
  public var conditions: [Condition] {
    guard let program else { return [] }
    return [
      .opaque(
        "bytecode",
        OpaqueTest(
          keepsState: false, mayBeUnknown: true,
          saw: { packet, _, _ in
            program.run(packet) == .unknown
              ? "the program asks for something that is not known" : "the program returned 0"
          },
          evaluate: { packet, _, _ in
            switch program.run(packet) {
            case .returned(let value): ConditionResult(value != 0)
            case .unknown: .unknown
            }
          }))
    ]
  }

  /// `match bpf 6 0 0 1`, with the byte 0 that iptables puts behind it.
  public func listing(_ style: ListStyle) -> String { "match bpf \(program?.text ?? "")\0" }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m bpf --bytecode \"4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0\""),
    .same("-A INPUT -m bpf --bytecode \"3,40 0 0 4,116 0 0 0,22 0 0 0\"", family: .ipv6),
    .same("-A INPUT -m bpf --bytecode \"6,0 0 0 7,2 0 0 3,5 0 0 1,96 0 0 3,97 0 0 3,22 0 0 0\""),
    .accepted(
      "-A INPUT -m bpf --bytecode \" 65537,  +6 256   0 1x,\"", saves: "-A INPUT -m bpf --bytecode \"1,6 0 0 1\""),
    .accepted(
      "-A INPUT -m bpf --bytecode \"1,65542 0 0 -1\"", saves: "-A INPUT -m bpf --bytecode \"1,6 0 0 4294967295\""),
    .same("-A INPUT -m bpf --bytecode \"2,48 0 0 4294963248,6 0 0 1\""),
    .refused("-A INPUT -m bpf --bytecode \"2,48 0 0 4294963204,6 0 0\""),
    .refused("-A INPUT -m bpf --bytecode \"0,6 0 0 0\""), .refused("-A INPUT -m bpf --bytecode \"65,6 0 0 0\""),
    .refused("-A INPUT -m bpf --bytecode \"2,6 0 0 0\""), .refused("-A INPUT -m bpf --bytecode \"1,6 0 0 0,6 0 0 0\""),
    .refused("-A INPUT -m bpf --bytecode \"1,0x6 0 0 1\""), .refused("-A INPUT -m bpf --bytecode \"\""),
    .refused("-A INPUT -m bpf --bytecode \"1 ,6 0 0 0\""), .refused("-A INPUT -m bpf --bytecode \"1,48 0 0 0\""),
    .refused("-A INPUT -m bpf --bytecode \"2,21 5 0 0,6 0 0 1\""),
    .refused("-A INPUT -m bpf --bytecode \"2,99 0 0 0,6 0 0 1\""),
    .refused("-A INPUT -m bpf --bytecode \"2,52 0 0 0,6 0 0 1\""),
    .refused("-A INPUT -m bpf --bytecode \"2,96 0 0 3,6 0 0 1\""),
    .refused("-A INPUT -m bpf --bytecode \"2,2 0 0 16,6 0 0 1\""),
    .refused("-A INPUT -m bpf --bytecode \"2,100 0 0 32,6 0 0 1\""),
    .refused("-A INPUT -m bpf --bytecode \"1,14 0 0 0\""), .refused("-A INPUT -m bpf"),
    .refused("-A INPUT -m bpf --object-pinned /sys/fs/bpf/x"),
    .refused("-A INPUT -m bpf ! --bytecode \"1,6 0 0 1\""),
  ]
}

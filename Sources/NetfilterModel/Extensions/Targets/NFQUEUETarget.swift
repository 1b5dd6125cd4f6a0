// -j NFQUEUE: hands the packet to a program that decides.

/// Queues the packet (kernel: `nfqueue_tg_v3`; man page: iptables-extensions, NFQUEUE).
public struct NFQUEUETarget: TargetExtension {
  /// `--queue-num`.
  public var number: UInt16?
  /// `--queue-balance`: the queues.
  public var balance: PortRange?
  /// `--queue-bypass`: the packet leaves the table when no program listens.
  public var bypasses = false
  /// `--queue-cpu-fanout`: the processor chooses the queue.
  public var fansOut = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "NFQUEUE", summary: "hands the packet to a program that decides", outside: "what the program decides")

  /// The option table; without a number it is 0, which is printed.
  public static let options: [OptionSpec<NFQUEUETarget>] = [
    OptionSpec(
      "queue-num", excludes: ["queue-balance"], placeholder: "number",
      parse: { (owner, argument) throws(OptionError) in
        owner.number = try ValueCodec<UInt16>.number().parse(argument)
      },
      save: { owner, writer in if owner.balance == nil { writer.option("queue-num", "\(owner.number ?? 0)") } }),
    OptionSpec(
      "queue-balance", excludes: ["queue-num"], placeholder: "first:last",
      parse: { (owner, argument) throws(OptionError) in
        let parts = argument.text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts[0].isEmpty ? 0 : parseUnsigned(parts[0], in: 0...65535),
          let last = parts[1].isEmpty ? 65535 : parseUnsigned(parts[1], in: 0...65535)
        else { throw OptionError("`\(argument.text)` is not a range of queues: `first:last`") }
        guard first < last else { throw OptionError("the first queue \(first) is not below the last queue \(last)") }
        owner.balance = PortRange(UInt16(first), UInt16(last))
      },
      save: { owner, writer in if let range = owner.balance { writer.option("queue-balance", range.description) } }),
    .flag("queue-bypass", .init({ $0.bypasses }, { $0.bypasses = $1 })),
    .flag("queue-cpu-fanout", .init({ $0.fansOut }, { $0.fansOut = $1 })),
  ]

  /// Fanning out needs several queues.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if fansOut, balance == nil { throw OptionError("--queue-cpu-fanout needs --queue-balance") }
  }

  /// The kernel counts the queues in 16 bits (kernel: `nfqueue_tg_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    balance == .all ? OptionError("0:65535 are too many queues", help: "leave one out") : nil
  }

  /// Queues (kernel: `nfqueue_tg_v3`).
  public var effects: [Effect] {
    [.queue(balance?.lower ?? number ?? 0, bypasses: bypasses)]
  }

  /// `NFQUEUE num 3 bypass`.
  public func listing(_ style: ListStyle) -> String {
    var text = "NFQUEUE " + (balance.map { "balance \($0)" } ?? "num \(number ?? 0)")
    if bypasses { text += " bypass" }
    if fansOut { text += " cpu-fanout" }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -j NFQUEUE", saves: "-A INPUT -j NFQUEUE --queue-num 0"),
    .same("-A INPUT -j NFQUEUE --queue-num 5 --queue-bypass"),
    .accepted(
      "-A INPUT -j NFQUEUE --queue-cpu-fanout --queue-balance 1:4 --queue-bypass",
      saves: "-A INPUT -j NFQUEUE --queue-balance 1:4 --queue-bypass --queue-cpu-fanout"),
    .accepted("-A INPUT -j NFQUEUE --queue-balance 3:", saves: "-A INPUT -j NFQUEUE --queue-balance 3:65535"),
    .refused("-A INPUT -j NFQUEUE --queue-num 65536"),
    .refused("-A INPUT -j NFQUEUE --queue-balance 3:3"),
    .refused("-A INPUT -j NFQUEUE --queue-balance 3"),
    .refused("-A INPUT -j NFQUEUE --queue-balance 0:65535"),
    .refused("-A INPUT -j NFQUEUE --queue-num 1 --queue-cpu-fanout"),
    .refused("-A INPUT -j NFQUEUE --queue-num 1 --queue-balance 1:4"),
  ]
}

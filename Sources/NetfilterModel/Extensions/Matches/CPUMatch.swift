// -m cpu: the processor that handles the packet.

/// Matches the number of the processor (kernel: `cpu_mt`; man page: iptables-extensions, cpu).
public struct CPUMatch: MatchExtension {
  /// The number of the processor.
  public var processor: Invertible<UInt32>?
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "cpu", summary: "the processor that handles the packet", outside: "the processor")

  /// The option table.
  public static let options: [OptionSpec<CPUMatch>] = [
    .invertible("cpu", .init({ $0.processor }, { $0.processor = $1 }), .number(), isMandatory: true)
  ]

  /// Which processor handles a packet is not known here (kernel: `cpu_mt`).
  public var conditions: [Condition] {
    [.opaque("cpu", OpaqueTest.unknown("which processor handles the packet is not known"))]
  }

  /// `cpu ! 3`.
  public func listing(_ style: ListStyle) -> String {
    guard let processor else { return "" }
    return "cpu \(processor.inverted ? "! " : "")\(processor.value)"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m cpu --cpu 0"), .same("-A INPUT -m cpu ! --cpu 4294967295", family: .ipv6),
    .refused("-A INPUT -m cpu --cpu 4294967296"), .refused("-A INPUT -m cpu --cpu x"), .refused("-A INPUT -m cpu"),
  ]
}

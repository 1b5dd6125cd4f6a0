// -j CHECKSUM: fills in a checksum that was left to the network card.

/// Completes an offloaded checksum (kernel: `checksum_tg`; man page: iptables-extensions, CHECKSUM).
///
/// Only packets in the state CHECKSUM_PARTIAL are changed: here REJECT's resets, in a kernel also those that a local TCP or UDP
/// socket, or a virtual machine's card, sent without a checksum. A packet that comes from a wire, a tun device or a raw
/// socket has its final checksum, so nothing happens to it, even when the checksum is wrong.
public struct CHECKSUMTarget: TargetExtension {
  /// `--checksum-fill`.
  public var fills = false
  /// Makes the target before any option was read.
  public init() {}
  /// The facts.
  public static let spec = ExtensionSpec("CHECKSUM", tables: .mangle, summary: "fills in an offloaded checksum")
  /// The option table.
  public static let options: [OptionSpec<CHECKSUMTarget>] = [
    .flag("checksum-fill", .init({ $0.fills }, { $0.fills = $1 }), isMandatory: true)
  ]

  /// Fills the checksum in (kernel: `checksum_tg`).
  public var effects: [Effect] {
    [.completeChecksum]
  }

  /// `CHECKSUM fill`.
  public func listing(_ style: ListStyle) -> String { "CHECKSUM fill" }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A FORWARD -j CHECKSUM --checksum-fill", table: .mangle),
    .same("-A OUTPUT -p udp -j CHECKSUM --checksum-fill", table: .mangle),
    .refused("-A FORWARD -j CHECKSUM", table: .mangle),
    .refused("-A FORWARD -p udp -j CHECKSUM --checksum-fill"),
  ]
}

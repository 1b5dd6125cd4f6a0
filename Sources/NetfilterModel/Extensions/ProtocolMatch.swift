// The matches of one protocol that are not simulated: what is known of them without their option tables.

/// A match that `-p` loads by itself when one of its options follows (iptables: `load_proto`).
struct ProtocolMatch: Sendable {
  /// The name as iptables-save prints it.
  let name: String
  /// The protocol that loads it, and behind which alone the kernel takes it (kernel: `xt_match.proto`).
  let protocolNumber: ProtocolNumber
  /// The options, without dashes.
  let options: [String]

  private static let ports = ["source-port", "sport", "destination-port", "dport"]

  /// All of them.
  static let all = [
    ProtocolMatch(
      name: "sctp", protocolNumber: .sctp, options: ports + ["chunk-types"]),
    ProtocolMatch(
      name: "dccp", protocolNumber: .dccp, options: ports + ["dccp-types", "dccp-option"]),
    ProtocolMatch(
      name: "ipcomp", protocolNumber: ProtocolNumber(108), options: ["ipcompspi", "compres"]),
  ]

  /// The one that a name stands for, or nil.
  static func named(_ name: String) -> ProtocolMatch? { all.first { $0.name == name } }
}

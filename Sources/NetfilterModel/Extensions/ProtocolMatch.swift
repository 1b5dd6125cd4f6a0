// The matches of one protocol that are not simulated: what is known of them without their option tables.

/// A match that `-p` loads by itself when one of its options follows (iptables: `load_proto`).
struct ProtocolMatch: Sendable {
  /// The name as iptables-save prints it.
  let name: String
  /// The protocol that loads it.
  let protocolNumber: ProtocolNumber
  /// Whether the kernel takes it behind this protocol alone (kernel: `xt_match.proto`).
  var isDemanded = true
  /// Other names of the match or the protocol that stand for it.
  let aliases: [String]
  /// The only family that has it; nil for both.
  let family: AddressFamily?
  /// The options, without dashes.
  let options: [String]

  private static let ports = ["source-port", "sport", "destination-port", "dport"]

  /// All of them.
  static let all = [
    ProtocolMatch(
      name: "sctp", protocolNumber: .sctp, aliases: [], family: nil, options: ports + ["chunk-types"]),
    ProtocolMatch(
      name: "dccp", protocolNumber: .dccp, aliases: [], family: nil, options: ports + ["dccp-types", "dccp-option"]),
    ProtocolMatch(
      name: "ipcomp", protocolNumber: ProtocolNumber(108), aliases: [], family: nil, options: ["ipcompspi", "compres"]),
    ProtocolMatch(
      name: "ah", protocolNumber: .ah, isDemanded: false, aliases: [], family: .ipv6,
      options: ["ahspi", "ahlen", "ahres"]),
    ProtocolMatch(
      name: "mh", protocolNumber: ProtocolNumber(135), aliases: [], family: .ipv6, options: ["mh-type"]),
    ProtocolMatch(
      name: "icmp6", protocolNumber: .icmpv6, aliases: ["icmpv6", "ipv6-icmp"], family: .ipv6, options: ["icmpv6-type"]),
  ]

  /// The one that a name stands for in a family, or nil.
  static func named(_ name: String, _ family: AddressFamily) -> ProtocolMatch? {
    all.first { ($0.name == name || $0.aliases.contains(name)) && ($0.family ?? family) == family }
  }
}

// What REJECT answers with, and the names of the answers.

/// What REJECT answers with.
public enum RejectKind: Hashable, Sendable {
  /// An ICMP destination unreachable message with a code (IPv6: ICMPv6 type 1).
  case unreachable(code: UInt8)
  /// A TCP segment with RST.
  case tcpReset
}

/// A way to reject, with its names.
public struct RejectAnswer: Hashable, Sendable {
  /// The name that is printed (man page: iptables-extensions, REJECT).
  public var name: String
  /// The other name that can be written.
  public var alias: String
  /// What it answers with.
  public var kind: RejectKind

  init(_ name: String, _ alias: String, _ kind: RejectKind) {
    self.name = name
    self.alias = alias
    self.kind = kind
  }

  /// Every way of IPv4, in the order in which abbreviations are looked up.
  public static let all: [RejectAnswer] = [
    RejectAnswer("icmp-net-unreachable", "net-unreach", .unreachable(code: 0)),
    RejectAnswer("icmp-host-unreachable", "host-unreach", .unreachable(code: 1)),
    RejectAnswer("icmp-proto-unreachable", "proto-unreach", .unreachable(code: 2)),
    RejectAnswer("icmp-port-unreachable", "port-unreach", .unreachable(code: 3)),
    RejectAnswer("icmp-net-prohibited", "net-prohib", .unreachable(code: 9)),
    RejectAnswer("icmp-host-prohibited", "host-prohib", .unreachable(code: 10)),
    RejectAnswer("tcp-reset", "tcp-rst", .tcpReset),
    RejectAnswer("icmp-admin-prohibited", "admin-prohib", .unreachable(code: 13)),
  ]
}

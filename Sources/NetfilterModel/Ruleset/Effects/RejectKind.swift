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

  /// Every way of a family, in the order in which abbreviations are looked up.
  public static func all(_ family: AddressFamily) -> [RejectAnswer] { family == .ipv4 ? all : v6 }

  /// The way without an option: the port is unreachable.
  public static func usual(_ family: AddressFamily) -> RejectKind { .unreachable(code: family == .ipv4 ? 3 : 4) }

  /// Every way of IPv6 (RFC 4443 §3.1).
  private static let v6: [RejectAnswer] = [
    RejectAnswer("icmp6-no-route", "no-route", .unreachable(code: 0)),
    RejectAnswer("icmp6-adm-prohibited", "adm-prohibited", .unreachable(code: 1)),
    RejectAnswer("icmp6-addr-unreachable", "addr-unreach", .unreachable(code: 3)),
    RejectAnswer("icmp6-port-unreachable", "port-unreach", .unreachable(code: 4)),
    RejectAnswer("tcp-reset", "tcp-reset", .tcpReset),
    RejectAnswer("icmp6-policy-fail", "policy-fail", .unreachable(code: 5)),
    RejectAnswer("icmp6-reject-route", "reject-route", .unreachable(code: 6)),
  ]

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

// What people see of IPv6: the text of a walk in full, packets in a line, what changed, and places on a host with both families.

import NetfilterModel
import Testing

@testable import FlowTesting
@testable import Simulator

@Suite struct IPv6ReportTests {
  static let rules4 = """
    *filter
    :INPUT DROP [0:0]
    -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
    -A FORWARD -i ppp0 -j ACCEPT
    COMMIT

    """
  static let rules6 = """
    *nat
    -A PREROUTING -d 2001:db8::1/128 -p tcp -m tcp --dport 443 -j DNAT --to-destination [fd00::80]:8443
    COMMIT
    *mangle
    -A FORWARD -j HL --hl-inc 5
    -A FORWARD -j TOS --set-tos 0x10
    COMMIT
    *filter
    :INPUT DROP [0:0]
    :FORWARD DROP [0:0]
    -A INPUT -p tcp -m tcp --dport 23 -j ACCEPT
    -A FORWARD -p udp -j REJECT --reject-with icmp6-adm-prohibited
    -A FORWARD -d fd00::/64 -i wan6 -j ACCEPT
    COMMIT

    """

  static func host(_ files: [String] = ["v4", "v6"]) throws -> LinuxHost {
    let described = HostText.describe(
      """
      iface wan 203.0.113.2/24 2001:db8::1/64
      iface lan fd00::1/64
      sysctl net.ipv6.conf.all.forwarding = 1

      """ + files.map { "rules \($0) \($0)\n" }.joined(), file: "h", read: { $0 == "v4" ? rules4 : rules6 })
    #expect(described.diagnostics.filter { $0.severity == .error } == [])
    return try #require(described.host)
  }

  static func walk(_ text: String, on host: LinuxHost) throws -> Walk {
    var host = host
    let (packet, input) = try PacketText.packet(text)
    return host.receive(packet, on: try #require(input))
  }

  @Test func theTextInFull() throws {
    let host = try Self.host()
    let walk = try Self.walk("in on wan udp [2001:db8::7]:5000 > [fd00::9]:53 data=a-longer-question", on: host)
    #expect(
      TextReport(explains: true).render(walk, on: host) == """
        RECEIVED on wan
          UDP [2001:db8::7]:5000 > [fd00::9]:53 hl 64 len 65

        PREROUTING  in wan
          conntrack              NEW, connection 1
        + mangle/PREROUTING      policy ACCEPT
        - nat/PREROUTING#1       -d 2001:db8::1/128 -p tcp -m tcp --dport 443 -j DNAT
                                 --to-destination [fd00::80]:8443                   v6:2
                                 failed on -d 2001:db8::1/128: the packet goes to
                                 fd00::9; -p tcp: the packet is udp; --dport 443: the
                                 packet has 53
        + nat/PREROUTING         policy ACCEPT

        ROUTING     forward out lan
        * changed                hop limit 64 -> 63
              UDP [2001:db8::7]:5000 > [fd00::9]:53 hl 63 len 65

        FORWARD     in wan out lan
        + mangle/FORWARD#1       -j HL --hl-inc 5                                   v6:5
        * changed                hop limit 63 -> 68
              UDP [2001:db8::7]:5000 > [fd00::9]:53 hl 68 len 65
        + mangle/FORWARD#2       -j TOS --set-tos 0x10/0xff                         v6:6
        * changed                traffic class 0x0 -> 0x10
              UDP [2001:db8::7]:5000 > [fd00::9]:53 hl 68 len 65 tclass 0x10
        + mangle/FORWARD         policy ACCEPT
        + filter/FORWARD#1       -p udp -j REJECT --reject-with icmp6-adm-prohibited
                                                                                   v6:12

        => REJECTED with icmp6-adm-prohibited
           decided by            v6 filter/FORWARD#1 -p udp -j REJECT --reject-with
                                 icmp6-adm-prohibited                              v6:12

        ANSWER of this host
          ICMPv6 2001:db8::1 > 2001:db8::7 communication-prohibited hl 64 len 113 about
          UDP [2001:db8::7]:5000 > [fd00::9]:53

        ROUTING     out wan

        OUTPUT      out wan
          conntrack              RELATED, connection 1, in reply (began as UDP
                                 [2001:db8::7]:5000 > [fd00::9]:53)
        + mangle/OUTPUT          policy ACCEPT
        + filter/OUTPUT          policy ACCEPT

        POSTROUTING out wan
        + mangle/POSTROUTING     policy ACCEPT

        LEAVES      on wan
          ICMPv6 2001:db8::1 > 2001:db8::7 communication-prohibited hl 64 len 113 about
          UDP [2001:db8::7]:5000 > [fd00::9]:53

        => SENT out wan

        """)
  }

  /// A place says whose it is only where rules of both families are loaded.
  @Test(arguments: [
    (["v4", "v6"], "v6 filter/INPUT policy DROP", "v4 filter/INPUT policy DROP"),
    (["v6"], "   filter/INPUT policy DROP", "DELIVERED"), (["v4"], "DELIVERED", "   filter/INPUT policy DROP"),
  ])
  func placesNameTheirFamily(_ files: [String], _ six: String, _ four: String) throws {
    let host = try Self.host(files)
    let sixth = try Self.walk("in on wan tcp [2001:db8::7]:5000 > [2001:db8::1]:22", on: host)
    #expect(TextReport().render(sixth, on: host).contains(six))
    let fourth = try Self.walk("in on wan tcp 203.0.113.7:5000 > 203.0.113.2:23", on: host)
    #expect(TextReport().render(fourth, on: host).contains(four))
    let missing = MissingInterface.all(on: host).map { $0.text }
    let prefix = files.count == 2 ? ["v4 ", "v6 "] : ["", ""]
    #expect(missing.contains("ppp0 (\(prefix[0])filter/FORWARD#1)") == files.contains("v4"))
    #expect(missing.contains("wan6 (\(prefix[1])filter/FORWARD#2)") == files.contains("v6"))
  }

  @Test func explanationsAndJSONNameTheFamily() throws {
    var host = try Self.host()
    let walk = try host.walk("in on wan tcp [2001:db8::7]:5000 > [2001:db8::1]:22 => deliver")
    let explanation = try #require(walk.firstFailure).explanation
    #expect(explanation.decidedBy?.text == "v6 filter/INPUT policy DROP")
    // Rule 1 of the chain of the same name in IPv4 would accept it.
    #expect(explanation.nearest.map { $0.text } == ["v6 filter/INPUT#1 -p tcp -m tcp --dport 23 -j ACCEPT"])
    #expect("\(walk.verdict)" == "drop by v6 filter/INPUT policy DROP (v6:9)")
    let value = JSONReport(host).value(walk.walk)
    #expect(value.disposition.place?.family == "v6")
    #expect(value.events.compactMap { $0.place?.family }.allSatisfy { $0 == "v6" })
    let rejected = JSONReport(host).value(try Self.walk("in on wan udp [2001:db8::7]:1 > [fd00::9]:2", on: host))
    #expect(rejected.disposition.with == "icmp6-adm-prohibited")
  }

  /// A packet with some headers before 8 bytes of UDP.
  static func packet(_ headers: [[UInt8]], first: UInt8, label: UInt8 = 0, hopLimit: UInt8 = 64) -> Packet {
    let udp: [UInt8] = [0x13, 0x88, 0, 53, 0, 8, 0, 0]
    let rest = headers.flatMap { $0 } + udp
    var bytes = IPv6Header.make(
      payloadLength: rest.count, nextHeader: ProtocolNumber(first), hopLimit: hopLimit, source: .v6(0, 1),
      destination: .v6(0, 2))
    bytes[3] = label
    return Packet(bytes: bytes + rest)
  }

  static let hopByHop: [UInt8] = [60, 0, 1, 4, 0, 0, 0, 0]
  static let destination: [UInt8] = [43, 0, 1, 4, 0, 0, 0, 0]
  static let routing: [UInt8] = [44, 0, 4, 1, 0, 0, 0, 0]
  static func fragment(_ offset: UInt8, _ next: UInt8 = 17) -> [UInt8] { [next, 0, 0, offset, 0, 0, 0, 9] }

  @Test func extensionHeadersInALine() throws {
    let all = Self.packet([Self.hopByHop, Self.destination, Self.routing, Self.fragment(1)], first: 0, label: 0x2a)
    #expect(
      PacketSummary.text(all) == "UDP [::1]:5000 > [::2]:53 hl 64 len 80 flowlabel 0x2a hbh dst rt 4,1 frag 0+")
    let later = Self.packet([Self.fragment(8)], first: 44)
    #expect(PacketSummary.text(later) == "UDP ::1 > ::2 hl 64 len 56 frag 8")
    // What follows a later fragment's header is no header, whatever number it has.
    #expect(PacketSummary.text(Self.packet([Self.fragment(8, 60)], first: 44)).hasSuffix("hl 64 len 56 frag 8"))
    let authenticated = Self.packet([[17, 1, 0, 0, 0, 0, 0x12, 0x34, 0, 0, 0, 1]], first: 51)
    #expect(PacketSummary.text(authenticated).hasSuffix("hl 64 len 60 ah 0x1234"))
    let many = Self.packet(Array(repeating: [60, 0, 1, 4, 0, 0, 0, 0], count: 40), first: 60)
    #expect(PacketSummary.text(many).components(" dst") == 16)
    #expect(PacketSummary.text(many).hasSuffix(" dst …"))
  }

  @Test func whatChanged() {
    let plain = Self.packet([], first: 17)
    let cut = Self.packet([Self.fragment(1)], first: 44)
    func changes(_ old: Packet, _ new: Packet) -> [String] {
      PacketChange.between(old, new).map { "\($0.name): \($0.old) -> \($0.new)" }
    }
    #expect(changes(plain, Self.packet([], first: 17, hopLimit: 63)) == ["hop limit: 64 -> 63"])
    #expect(changes(plain, Self.packet([], first: 17, label: 5)) == ["flow label: 0x0 -> 0x5"])
    #expect(changes(plain, cut) == ["length: 48 -> 56", "fragment header:  -> 0+"])
    #expect(changes(cut, plain) == ["length: 56 -> 48", "fragment header: 0+ -> "])
    let routed = Self.packet([[17, 0, 4, 0, 0, 0, 0, 0]], first: 43)
    let before = Self.packet([[17, 0, 4, 1, 0, 0, 0, 0]], first: 43)
    #expect(changes(before, routed) == ["extension headers: rt 4,1 -> rt 4,0"])
    var other = plain
    other.bytes[1] = 0x20
    #expect(changes(plain, other) == ["traffic class: 0x0 -> 0x2"])
  }

  @Test func missesSpeakOfTheFamily() throws {
    func misses(_ rules: String, _ family: AddressFamily, _ packet: String) throws -> [String] {
      var host = try Self.host([])
      #expect(HostText.load(rules, file: "r", family: family, on: &host) == [])
      return JSONReport(host).value(try Self.walk(packet, on: host)).events.filter { $0.type == "miss" }
        .compactMap { $0.text }
    }
    #expect(
      try misses(
        "*filter\n-A INPUT -m hl --hl-eq 3 -j DROP\n-A INPUT -m tos --tos 0x10/0xff -j DROP\nCOMMIT\n", .ipv6,
        "in on wan tcp [2001:db8::7]:5000 > [2001:db8::1]:22 ttl=9") == [
          "failed only on --hl-eq 3: the packet has hop limit 9",
          "failed only on --tos 0x10/0xff: the packet has traffic class 0x0",
        ])
    #expect(
      try misses(
        "*filter\n-A INPUT -m ttl --ttl-eq 3 -j DROP\n-A INPUT -m tos --tos 0x10/0xff -j DROP\nCOMMIT\n", .ipv4,
        "in on wan tcp 203.0.113.7:5000 > 203.0.113.2:22 ttl=9") == [
          "failed only on --ttl-eq 3: the packet has TTL 9",
          "failed only on --tos 0x10/0xff: the packet has TOS 0x0",
        ])
  }

  @Test func causesAreThoseOfTheFamily() {
    for cause in DropCause.allCases {
      let words = cause.explanation(.ipv6)
      #expect(!words.contains("ipv4") && !words.contains("TTL") && !words.contains("IP options") && !words.isEmpty)
      #expect(!cause.explanation(.ipv4).contains("ipv6"))
    }
    #expect(DropCause.forwardingOff.explanation(.ipv6).contains("net.ipv6.conf.all.forwarding"))
    #expect(DropCause.forwardingOff.explanation(.ipv4).contains("net.ipv4.ip_forward"))
    #expect(RejectKind.unreachable(code: 1).name(.ipv4) == "icmp-host-unreachable")
    #expect(RejectKind.unreachable(code: 1).name(.ipv6) == "icmp6-adm-prohibited")
    #expect(RejectKind.unreachable(code: 77).name(.ipv6) == "icmp6 code 77")
  }
}

extension String {
  /// How often a text stands in it.
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}

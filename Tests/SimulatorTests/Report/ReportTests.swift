// What people see: the text of a small walk in full, the kernel's lines, and JSON values.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct ReportTests {
  static let rules = """
    *nat
    :PREROUTING ACCEPT [0:0]
    -A PREROUTING -i wan -p tcp -m tcp --dport 443 -j DNAT --to-destination 192.168.1.10
    COMMIT
    *filter
    :FORWARD DROP [0:0]
    :web - [0:0]
    -A FORWARD -p tcp -j web
    -A web -s 10.0.0.0/8 -p tcp -m tcp --sport 5000 --dport 443 -j ACCEPT
    -A web -p tcp -m tcp --sport 5000 --dport 80 -j ACCEPT
    -A web -p udp -m udp --dport 53 -j ACCEPT
    -A web -j LOG --log-prefix "web: "
    -A FORWARD -j REJECT --reject-with icmp-host-prohibited
    COMMIT

    """

  static func host() throws -> LinuxHost {
    let described = HostText.describe(
      """
      iface wan 203.0.113.2/24
      iface lan 192.168.1.1/24
      route default via 203.0.113.1 dev wan
      sysctl net.ipv4.ip_forward = 1
      rules v4 r
      """, file: "h", read: { _ in rules })
    #expect(described.diagnostics == [])
    return try #require(described.host)
  }

  static func walk(_ given: LinuxHost) throws -> Walk {
    var host = given
    let (packet, input) = try PacketText.packet("in on wan tcp 198.51.100.7:5000 > 203.0.113.2:443")
    return host.receive(packet, on: try #require(input))
  }

  @Test func theTextInFull() throws {
    let host = try Self.host()
    let walk = try Self.walk(host)
    #expect(
      TextReport(explains: true).render(walk, on: host) == """
        RECEIVED on wan
          TCP 198.51.100.7:5000 > 203.0.113.2:443 [S] ttl 64 len 40

        PREROUTING  in wan
          conntrack              NEW, connection 1
        + nat/PREROUTING#1       -i wan -p tcp -m tcp --dport 443 -j DNAT
                                 --to-destination 192.168.1.10                       r:3
        * destination NAT        destination 203.0.113.2 -> 192.168.1.10
              TCP 198.51.100.7:5000 > 192.168.1.10:443 [S] ttl 64 len 40

        ROUTING     forward out lan
        * changed                ttl 64 -> 63
              TCP 198.51.100.7:5000 > 192.168.1.10:443 [S] ttl 63 len 40

        FORWARD     in wan out lan
        + filter/FORWARD#1       -p tcp -j web                                       r:8
        - filter/web#1           -s 10.0.0.0/8 -p tcp -m tcp --sport 5000 --dport 443 -j
                                 ACCEPT                                              r:9
                                 failed only on -s 10.0.0.0/8: the packet is from
                                 198.51.100.7
        - filter/web#2           -p tcp -m tcp --sport 5000 --dport 80 -j ACCEPT    r:10
                                 failed only on --dport 80: the packet has 443
        - filter/web#3           -p udp -m udp --dport 53 -j ACCEPT                 r:11
                                 failed on -p udp: the packet is tcp; --dport 53: the
                                 packet has 443
        + filter/web#4           -j LOG --log-prefix "web: "                        r:12
          log                    LOG level 4, prefix "web: "
        + filter/web             end of chain, goes on behind filter/FORWARD#1       r:7
        + filter/FORWARD#2       -j REJECT --reject-with icmp-host-prohibited       r:13

        => REJECTED with icmp-host-prohibited
           decided by            filter/FORWARD#2 -j REJECT --reject-with
                                 icmp-host-prohibited                               r:13

        ANSWER of this host
          ICMP 203.0.113.2 > 198.51.100.7 host-prohibited ttl 64 len 68 tos 0xc0 about
          TCP 198.51.100.7:5000 > 192.168.1.10:443 [S]

        ROUTING     out wan via 203.0.113.1

        OUTPUT      out wan
          conntrack              RELATED, connection 1, in reply (began as TCP
                                 198.51.100.7:5000 > 203.0.113.2:443)
        + filter/OUTPUT          policy ACCEPT

        POSTROUTING out wan
          nat                    the connection is known: the nat table is not walked
        * source NAT             about 198.51.100.7:5000 > 192.168.1.10:443 ->
                                 198.51.100.7:5000 > 203.0.113.2:443
              ICMP 203.0.113.2 > 198.51.100.7 host-prohibited ttl 64 len 68 tos 0xc0
              about TCP 198.51.100.7:5000 > 203.0.113.2:443 [S]

        LEAVES      on wan
          ICMP 203.0.113.2 > 198.51.100.7 host-prohibited ttl 64 len 68 tos 0xc0 about
          TCP 198.51.100.7:5000 > 203.0.113.2:443 [S]

        => SENT out wan

        """)
  }

  @Test func colourAddsNothing() throws {
    let host = try Self.host()
    let walk = try Self.walk(host)
    let plain = TextReport(explains: true).render(walk, on: host)
    let coloured = TextReport(style: Style(color: true), explains: true).render(walk, on: host)
    #expect(coloured != plain)
    #expect(coloured.replacing(/\u{1b}\[[0-9;]*m/, with: "") == plain)
    #expect(plain.split(separator: "\n").allSatisfy { $0.count <= 80 && !$0.hasSuffix(" ") })
  }

  @Test func withoutExplanationsOnlyHitsAreShown() throws {
    let host = try Self.host()
    let text = TextReport().render(try Self.walk(host), on: host)
    #expect(!text.contains("failed"))
    #expect(text.contains("filter/web#4"))
    #expect(!text.contains("filter/web#1"))
  }

  /// The lines are those that a kernel logged for this packet, tun interface included.
  @Test func theKernelsLines() throws {
    var host = LinuxHost()
    host.addAddress(try #require(InterfaceAddress("203.0.113.1/24")), to: "eth0")
    try host.addRoute("default dev eth0")
    let problems = HostText.load(
      """
      *filter
      -A INPUT -p tcp --dport 22 -j LOG --log-prefix "ssh: "
      -A INPUT -p tcp --dport 22 -j LOG --log-prefix "sshx: " --log-tcp-sequence --log-tcp-options
      COMMIT

      """, file: "r", family: .ipv4, on: &host)
    #expect(problems == [])
    func lines(_ text: String) throws -> [String] {
      KernelReport().lines(host.receive(try PacketText.packet(text).packet, on: "eth0"), on: host)
    }
    let head = "IN=eth0 OUT= MAC= SRC=198.51.100.7 DST=203.0.113.1 "
    let tcp = head + "LEN=44 TOS=0x08 PREC=0x40 TTL=64 ID=0 DF PROTO=TCP SPT=40000 DPT=22 "
    let end = "WINDOW=64240 RES=0x00 CWR ECE SYN URGP=0 "
    #expect(
      try lines("in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 [SEW] mss=1460 tos=0x48") == [
        "TRACE: filter:INPUT:rule:1 \(tcp)SEQ=1000 ACK=0 \(end)OPT (020405B4) ",
        "ssh: \(tcp)\(end)",
        "TRACE: filter:INPUT:rule:2 \(tcp)SEQ=1000 ACK=0 \(end)OPT (020405B4) ",
        "sshx: \(tcp)SEQ=1000 ACK=0 \(end)OPT (020405B4) ",
        "TRACE: filter:INPUT:policy:3 \(tcp)SEQ=1000 ACK=0 \(end)OPT (020405B4) ",
      ])
    let place = "TRACE: filter:INPUT:policy:3 "
    #expect(
      try lines("in on eth0 udp 198.51.100.7:40000 > 203.0.113.1:53 data=hallo ttl=3") == [
        place + head + "LEN=33 TOS=0x00 PREC=0x00 TTL=3 ID=0 PROTO=UDP SPT=40000 DPT=53 LEN=13 "
      ])
    #expect(
      try lines("in on eth0 icmp 198.51.100.7 > 203.0.113.1 id=77 seq=5 mark=0x1f") == [
        place + head + "LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=0 PROTO=ICMP TYPE=8 CODE=0 ID=77 SEQ=5 MARK=0x1f "
      ])
    #expect(
      try lines(
        "in on eth0 icmp 3/4 198.51.100.7 > 203.0.113.1 hex=4500001c000100004011f6dcc0000202c00002010035003500080000")
        == [
          place + head + "LEN=56 TOS=0x00 PREC=0x00 TTL=64 ID=0 PROTO=ICMP TYPE=3 CODE=4 "
            + "[SRC=192.0.2.2 DST=192.0.2.1 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=UDP SPT=53 DPT=53 LEN=8 ] MTU=1 "
        ])
    #expect(
      try lines("in on eth0 proto 47 198.51.100.7 > 203.0.113.1 hex=0000080001020304") == [
        place + head + "LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=0 PROTO=47 "
      ])
  }

  @Test func valuesForJSON() throws {
    let host = try Self.host()
    let value = JSONReport(host).value(try Self.walk(host), step: "s")
    #expect(value.step == "s")
    #expect(value.disposition.type == "rejected")
    #expect(value.disposition.with == "icmp-host-prohibited")
    #expect(value.disposition.place?.location == "r:13")
    #expect(value.emitted.map(\.out) == ["wan"])
    let nat = try #require(value.events.first { $0.type == "nat" })
    #expect(nat.reason == "destination")
    #expect(nat.changes == ["destination: 203.0.113.2 -> 192.168.1.10"])
    let misses = value.events.filter { $0.type == "miss" }.compactMap(\.text)
    #expect(misses.first == "failed only on -s 10.0.0.0/8: the packet is from 198.51.100.7")
    #expect(value.events.first { $0.type == "log" }?.text == "web: ")
  }

  @Test func aWalkPrintsItself() throws {
    let walk = try Self.walk(try Self.host())
    let text = walk.description
    #expect(text.contains("in on wan: TCP 198.51.100.7:5000 > 203.0.113.2:443 [S] ttl 64 len 40"))
    #expect(text.contains("  filter/web#4"))
    #expect(text.contains("  => rejected by filter/FORWARD#2 with icmp-host-prohibited"))
  }

  @Test func aChecksumAloneIsNoChange() throws {
    let packet = try PacketText.packet("in on a tcp 10.0.0.1:1 > 10.0.0.2:2").packet
    var other = packet
    other.bytes[36] ^= 1
    #expect(PacketChange.between(packet, other) == [])
    other.bytes[34] ^= 1
    #expect(PacketChange.between(packet, other).map(\.name) == ["bytes"])
  }
}

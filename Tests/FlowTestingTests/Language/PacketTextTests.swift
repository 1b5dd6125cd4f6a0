// Packets as text: their bytes, and where errors point.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct PacketTextTests {
  /// The bytes of a kernel that sent the same packet, checksums included.
  @Test func tcpBytesAreThoseOfTheWire() throws {
    let (packet, input) = try PacketText.packet(
      "in on wan tcp 198.51.100.7:5000 > 203.0.113.2:443 [S] mss=1460 ipid=101")
    #expect(
      packet.hex == "4500002c006540004006d429c6336407cb007102138801bb000003e8000000006002faf01dcd0000020405b4")
    #expect(input == "wan")
  }

  @Test func udpBytesAreThoseOfTheWire() throws {
    let (packet, _) = try PacketText.packet(
      "in on lan udp 192.168.1.50:40000 > 93.184.216.34:123 data=query ipid=106")
    #expect(packet.hex == "45000021006a0000401182adc0a801325db8d8229c40007b000d1b7b7175657279")
  }

  /// Every text gives a packet whose checksums are right and whose summary says the same.
  @Test(arguments: [
    ("local udp 10.0.0.1:1 > 10.0.0.2:2 ttl=3 mark=0x10", "UDP 10.0.0.1:1 > 10.0.0.2:2 ttl 3 len 28 mark 0x10"),
    ("in on a icmp 10.0.0.1 > 10.0.0.2", "ICMP 10.0.0.1 > 10.0.0.2 echo-request id 1 seq 1 ttl 64 len 28"),
    ("in on a icmp port-unreachable 10.0.0.1 > 10.0.0.2", "ICMP 10.0.0.1 > 10.0.0.2 port-unreachable ttl 64 len 28"),
    ("in on a icmp 3/13 10.0.0.1 > 10.0.0.2", "ICMP 10.0.0.1 > 10.0.0.2 communication-prohibited ttl 64 len 28"),
    (
      "in on a icmp6 [2001:db8::1] > [2001:db8::2]",
      "ICMPv6 2001:db8::1 > 2001:db8::2 echo-request id 1 seq 1 hl 64 len 48"
    ),
    ("in on a tcp [2001:db8::1]:5 > [::2]:80 [FPU]", "TCP [2001:db8::1]:5 > [::2]:80 [FPU] hl 64 len 60"),
    ("in on a sctp 10.0.0.1:5 > 10.0.0.2:6", "SCTP 10.0.0.1:5 > 10.0.0.2:6 ttl 64 len 52"),
    ("in on a proto 47 10.0.0.1 > 10.0.0.2 hex=00000800 tos=0x10", "GRE 10.0.0.1 > 10.0.0.2 ttl 64 len 24 tos 0x10"),
    ("in on a udp 10.0.0.1:1 > 10.0.0.2:2 frag=1480 len=100", "UDP 10.0.0.1 > 10.0.0.2 ttl 64 len 100 frag 1480"),
    ("in on a tcp 10.0.0.1:1>10.0.0.2:2 [.] len=1500", "TCP 10.0.0.1:1 > 10.0.0.2:2 [.] ttl 64 len 1500"),
  ])
  func summarySaysWhatWasWritten(text: String, summary: String) throws {
    let (packet, _) = try PacketText.packet(text)
    #expect(PacketSummary.text(packet) == summary)
    let header = try #require(IPHeader(packet.bytes))
    #expect(header.totalLength == packet.bytes.count)
    if header.family == .ipv4 { #expect(Checksum.sum(packet.bytes, in: 0..<20) == 0xffff) }
    if [.tcp, .udp, .icmpv6].contains(header.protocolNumber), header.fragmentOffset == 0 {
      let pseudo = Checksum.pseudoHeader(
        source: header.source, destination: header.destination, protocolNumber: header.protocolNumber,
        length: packet.bytes.count - header.transportOffset)
      #expect(Checksum.sum(packet.bytes, in: header.transportOffset..<packet.bytes.count, initial: pseudo) == 0xffff)
    }
  }

  @Test func ownersAndLinkLayerAreKept() throws {
    let sent = try PacketText.packet("local udp 10.0.0.1:1 > 10.0.0.2:2 uid=33 gid=44").packet
    #expect(sent.owner == .process(uid: 33, gid: 44))
    let received = try PacketText.packet("in on a udp 10.0.0.1:1 > 10.0.0.2:2 mac=02:00:00:00:00:0a").packet
    #expect(received.sourceMAC == [2, 0, 0, 0, 0, 10])
    #expect(received.owner == .none)
  }

  @Test func anICMPErrorShowsWhatItIsAbout() throws {
    let quoted = try PacketText.packet("local udp 10.0.0.1:1 > 10.0.0.2:2").packet.hex
    let packet = try PacketText.packet("in on a icmp 3/3 10.0.0.2 > 10.0.0.1 hex=\(quoted)").packet
    #expect(
      PacketSummary.text(packet)
        == "ICMP 10.0.0.2 > 10.0.0.1 port-unreachable ttl 64 len 56 about UDP 10.0.0.1:1 > 10.0.0.2:2")
  }

  @Test(arguments: [
    ("in on eth0 tpc 10.0.0.1:1 > 10.0.0.2:2", "bad-protocol", 12, 3),
    ("in on eth0 tcp 10.0.0.1:1 > 10.0.0.2:222222", "bad-port", 38, 6),
    ("in on eth0 tcp 10.0.0.1 > 10.0.0.2:2", "missing-port", 16, 8),
    ("in on eth0 tcp 10.0.0.1:1 10.0.0.2:2", "missing-arrow", 27, 10),
    ("in on eth0 tcp 10.0.0.1:1 > 10.0.0:2", "bad-address", 29, 6),
    ("in on eth0 tcp 10.0.0.1:1 > 10.0.0.2:2 [SX]", "bad-flags", 40, 4),
    ("in on eth0 tcp 10.0.0.1:1 > 10.0.0.2:2 tll=3", "bad-option", 40, 3),
    ("in on eth0 tcp 10.0.0.1:1 > 10.0.0.2:2 ttl=300", "bad-option", 44, 3),
    ("in on eth0 tcp 10.0.0.1:1 > 10.0.0.2:2 uid=3", "bad-option", 40, 5),
    ("in on eth0 udp 10.0.0.1:1 > 10.0.0.2:2 [S]", "unexpected-flags", 40, 3),
    ("in on eth0 icmp 10.0.0.1:1 > 10.0.0.2", "unexpected-port", 17, 10),
    ("in on eth0 icmp echo-reqest 10.0.0.1 > 10.0.0.2", "bad-icmp-type", 17, 11),
    ("in on eth0 tcp 10.0.0.1:1 > [::1]:2", "mixed-families", 29, 7),
    ("in on this-name-is-too-long tcp 10.0.0.1:1 > 10.0.0.2:2", "bad-interface", 7, 21),
    ("in on eth0 tcp 10.0.0.1:1 >", "missing-word", 28, 1),
    ("in on eth0 tcp 10.0.0.1:1 > $srv:2", "unknown-name", 29, 4),
    ("on eth0 tcp", "unknown-keyword", 1, 2),
    ("in on eth0 udp 10.0.0.1:1 > 10.0.0.2:2 len=20", "too-short", 12, 3),
    ("in on eth0 udp 10.0.0.1:1 > 10.0.0.2:2 data=\"a", "unclosed-quote", 45, 2),
  ])
  func errorsPointAtTheWord(text: String, id: String, column: Int, length: Int) throws {
    let error = #expect(throws: FlowError.self) { try PacketText.packet(text) }
    let first = try #require(error?.diagnostics.first)
    #expect(first.id.rawValue == id)
    #expect(first.range.column == column)
    #expect(first.range.length == length)
    #expect(first.sourceLine == text)
  }

  @Test func swappedLettersAreRecognised() {
    #expect(Spelling.nearest(to: "tpc", among: ["udp", "tcp"]) == "tcp")
    #expect(Spelling.nearest(to: "trcae", among: ["replay", "trace"]) == "trace")
    #expect(Spelling.nearest(to: "xyz", among: ["tcp", "trace"]) == nil)
  }

  /// No text may trap, however it is cut or mixed.
  @Test func nothingTraps() {
    let text = "in on eth0 tcp [2001:db8::1]:40000 > $a:80 [S.] ttl=64 data=\"x \\\" y\" => forward out lan"
    let characters = Array(text)
    for end in characters.indices {
      _ = try? PacketText.packet(String(characters[..<end]))
      _ = try? PacketText.packet(String(characters[end...]))
      var changed = characters
      for replacement in ["[", "]", ":", "=", "\"", ">", "\\", "\u{0}", "é"] as [Character] {
        changed[end] = replacement
        _ = try? PacketText.packet(String(changed))
      }
    }
  }
}

// Packets of IPv6 as text: their bytes are those that scapy, another builder, makes of the same fields.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct IPv6PacketTextTests {
  @Test(arguments: [
    (
      "udp [2001:db8::7]:1 > [2001:db8::2]:2 tclass=0x28 flowlabel=0x12345 data=hi",
      "62812345000a114020010db800000000000000000000000720010db800000000000000000000000200010002000a3bf36869"
    ),
    (
      "udp [2001:db8::7]:1 > [2001:db8::2]:2 hbh=ra:2",
      "600000000010004020010db800000000000000000000000720010db8000000000000000000000002110005020002010000010002"
        + "0008a460"
    ),
    (
      "udp [2001:db8::7]:1 > [2001:db8::2]:2 dst=30:01",
      "6000000000103c4020010db800000000000000000000000720010db8000000000000000000000002"
        + "11001e010101010000010002" + "0008a460"
    ),
    (
      "udp [2001:db8::7]:1 > [2001:db8::2]:2 rt=0,1,2001:db8::9",
      "6000000000202b4020010db800000000000000000000000720010db800000000000000000000000211020001000000002001"
        + "0db8000000000000000000000009000100020008a459"
    ),
    (
      "udp [2001:db8::7]:1 > [2001:db8::2]:2 frag=0+ ipid=77 data=12345678",
      "6000000000182c4020010db800000000000000000000000720010db8000000000000000000000002110000010000004d0001"
        + "00020010d37b3132333435363738"
    ),
    (
      "udp [2001:db8::7]:1 > [2001:db8::2]:2 frag=16 ipid=77 data=abc",
      "60000000000b2c4020010db800000000000000000000000720010db8000000000000000000000002110000100000004d616263"
    ),
    (
      "icmp6 neighbour-solicitation fe80::7 > ff02::1:ff00:2 target=fe80::2 lladdr=02:00:00:00:00:07",
      "6000000000203afffe800000000000000000000000000007ff0200000000000000000001ff00000287007a8b00000000fe80"
        + "0000000000000000000000000002" + "0101020000000007"
    ),
    (
      "icmp6 neighbor-advertisement fe80::7 > fe80::2 lladdr=02:00:00:00:00:07",
      "6000000000203afffe800000000000000000000000000007fe8000000000000000000000000000028800180a60000000fe80"
        + "0000000000000000000000000007" + "0201020000000007"
    ),
    (
      "icmp6 router-solicitation fe80::7 > ff02::2",
      "6000000000083afffe800000000000000000000000000007ff02000000000000000000000000000285007d3000000000"
    ),
    (
      "icmp6 redirect fe80::7 > 2001:db8::2 target=fe80::9 dest=2001:db8:5::5",
      "6000000000283afffe80000000000000000000000000000720010db800000000000000000000000289001e0d00000000fe80"
        + "00000000000000000000000000092001" + "0db8000500000000000000000005"
    ),
    (
      "icmp6 mld-query fe80::7 > ff02::1",
      "6000000000200001fe800000000000000000000000000007ff0200000000000000000000000000013a000502000001008200"
        + "59112710000000000000000000000000000000000000"
    ),
    (
      "icmp6 mld-report fe80::7 > ff02::fb group=ff02::fb",
      "6000000000200001fe800000000000000000000000000007ff0200000000000000000000000000fb3a000502000001008300"
        + "7e2900000000ff0200000000000000000000000000fb"
    ),
    (
      "icmp6 mld2-report fe80::7 > ff02::16 group=ff02::fb",
      "6000000000240001fe800000000000000000000000000007ff0200000000000000000000000000163a000502000001008f00"
        + "6f090000000104000000ff0200000000000000000000000000fb"
    ),
    (
      "icmp6 packet-too-big 2001:db8::7 > 2001:db8::2 mtu=1280 "
        + "hex=600000000008114020010db800000000000000000000000220010db8000000000000000000000007000200010008a460",
      "6000000000383a4020010db800000000000000000000000720010db800000000000000000000000202002be3000005006000"
        + "00000008114020010db800000000000000000000000220010db8000000000000000000000007000200010008a460"
    ),
    (
      "udp [2001:db8::7]:1 > [2001:db8::2]:2 ah=0x100",
      "600000000020334020010db800000000000000000000000720010db8000000000000000000000002110400000000010000000001"
        + "000000000000000000000000" + "000100020008a460"
    ),
    (
      "icmp6 echo-request 2001:db8::7 > [2001:db8::2] id=5 seq=6 data=x",
      "6000000000093a4020010db800000000000000000000000720010db80000000000000000000000028000ac350005000678"
    ),
  ])
  func bytesAreThoseOfTheWire(_ text: String, _ hex: String) throws {
    let (packet, _) = try PacketText.packet("in on wan " + text)
    #expect(packet.hex == hex)
  }

  /// Sizes that no scapy says: what routers tell of themselves has their lifetime, a listener's word its router alert.
  @Test func aRouterSaysHowLongItIsOne() throws {
    let (packet, _) = try PacketText.packet("in on wan icmp6 router-advertisement fe80::7 > ff02::1")
    #expect(
      packet.hex == "6000000000103afffe800000000000000000000000000007ff02000000000000000000000000000186003521"
        + "400007080000000000000000")
  }

  @Test(arguments: [
    (
      "icmp6 2001:db8::7 > 2001:db8::2 hl=3 tos=0x4",
      "ICMPv6 2001:db8::7 > 2001:db8::2 echo-request id 1 seq 1 hl 3 len 48 tclass 0x4"
    ),
    ("icmp6 1/4 2001:db8::7 > 2001:db8::2", "ICMPv6 2001:db8::7 > 2001:db8::2 port-unreachable hl 64 len 48"),
    ("icmp6 mld2-report fe80::7 > ff02::16", "ICMPv6 fe80::7 > ff02::16 mld2-report hl 1 len 56 hbh"),
    (
      "tcp [2001:db8::7]:5 > [2001:db8::2]:80 hbh dst rt=4,0,2001:db8::2 frag=0+ dst",
      "TCP [2001:db8::7]:5 > [2001:db8::2]:80 [S] hl 64 len 116 hbh dst rt 4,0 frag 0+ dst"
    ),
    (
      "tcp [2001:db8::7]:5 > [2001:db8::2]:80 hbh frag=8 data=abcdefgh",
      "TCP 2001:db8::7 > 2001:db8::2 hl 64 len 64 hbh frag 8"
    ),
  ])
  func summarySaysWhatWasWritten(_ text: String, _ summary: String) throws {
    let (packet, _) = try PacketText.packet("in on wan " + text)
    #expect(PacketSummary.text(packet).contains(summary), "\(PacketSummary.text(packet))")
    let header = try #require(IPHeader(packet.bytes))
    #expect(header.totalLength == packet.bytes.count)
  }

  /// Headers stand in the order written; a later piece has those before its fragment header alone.
  @Test func headersStandInTheirOrder() throws {
    let whole = try PacketText.packet("in on a udp [::2]:1 > [::3]:2 dst rt=0,0 hbh ah=1 frag=0 dst=").packet
    var next = IPv6Header.nextHeader(in: whole.bytes, at: 0)
    var offset = 40
    var order: [UInt8] = []
    while next.isIPv6Extension {
      order.append(next.rawValue)
      let length =
        next == .ah ? 24 : next == .ipv6Fragment ? 8 : IPv6OptionsHeader.length(in: whole.bytes, at: offset)
      next = IPv6OptionsHeader.nextHeader(in: whole.bytes, at: offset)
      offset += length
    }
    #expect(order == [60, 43, 0, 51, 44, 60] && next == .udp && offset == whole.bytes.count - 8)
    let piece = try PacketText.packet("in on a udp [::2]:1 > [::3]:2 hbh frag=8 dst data=12345678").packet
    #expect(piece.bytes.count == 40 + 8 + 8 + 8)
    // The fragment header still says that destination options come first.
    #expect(piece.bytes[48] == 60)
  }

  @Test func aJumbogramHasNoPayloadLength() throws {
    let packet = try PacketText.packet("in on a udp [::2]:1 > [::3]:2 hbh=jumbo:70000").packet
    #expect(IPv6Header.payloadLength(in: packet.bytes, at: 0) == 0)
    #expect(packet.bytes[42..<48] == [194, 4, 0, 1, 0x11, 0x70])
  }

  @Test(arguments: [
    ("in on wan udp [::2]:1 > [::3]:2 df=1", "bad-option", 33, "an IPv6 packet has no `df`"),
    ("in on wan udp 10.0.0.1:1 > 10.0.0.2:2 flowlabel=1", "bad-option", 39, "an IPv4 packet has no flow label"),
    ("in on wan udp 10.0.0.1:1 > 10.0.0.2:2 hbh", "bad-option", 39, "an IPv4 packet has no extension headers"),
    ("in on wan udp 10.0.0.1:1 > 10.0.0.2:2 ipid=65536", "bad-option", 39, "at most 65535"),
    ("in on wan udp 10.0.0.1:1 > 10.0.0.2:2 len=65536", "bad-option", 39, "at most 65535"),
    ("in on wan udp [::2]:1 > [::3]:2 rt=0", "bad-option", 36, "`0` is not a routing header"),
    ("in on wan udp [::2]:1 > [::3]:2 rt=0,1,10.0.0.1", "bad-option", 36, "`10.0.0.1` is not an IPv6 address"),
    ("in on wan udp [::2]:1 > [::3]:2 hbh=ra:70000", "bad-option", 37, "`ra:70000` is not an option for `hbh`"),
    ("in on wan udp [::2]:1 > [::3]:2 hbh=5:0", "bad-option", 37, "`5:0` is not an option"),
    ("in on wan udp [::2]:1 > [::3]:2 dst=,5", "bad-option", 37, "`` is not an option for `dst`"),
    ("in on wan udp [::2]:1 > [::3]:2 ah=x", "bad-option", 36, "`x` is not an SPI"),
    ("in on wan udp [::2]:1 > [::3]:2 flowlabel=0x100000", "bad-option", 43, "0 to 1048575"),
    ("in on wan udp [::2]:1 > [::3]:2 target=::4", "bad-option", 33, "only neighbour solicitations"),
    ("in on wan icmp6 ::2 > ::3 mtu=1280", "bad-option", 27, "only `icmp6 packet-too-big`"),
    ("in on wan icmp6 ::2 > ::3 quote", "bad-option", 27, "only ICMP errors quote a packet"),
    ("in on wan icmp6 2 ::2 > ::3 quote=1", "bad-option", 35, "`quote` takes no value"),
    ("in on wan icmp6 redirect ::2 > ::3 target=::4", "missing-word", 11, "a redirect needs the better hop"),
    ("in on wan icmp6 135 fe80::1 > ff02::1:ff00:1", "missing-word", 11, "needs the address that it asks for"),
    ("in on wan icmp6 ns fe80::1 > ff02::1", "bad-icmp-type", 17, "`ns` is not an ICMPv6 type"),
    ("in on wan udp [fe80::1%lan]:1 > [fe80::2]:2", "bad-interface", 15, "arrives on `wan`, and the zone of"),
    ("in on wan udp [::2%wan]:1 > [fe80::2]:2", "bad-address", 15, "`::2` is no link-local address"),
    ("in on wan udp [fe80::1%]:1 > [fe80::2]:2", "bad-interface", 15, "`` cannot be the name of an interface"),
    ("local udp [fe80::1%wan]:1 > [fe80::2%lan]:2", "bad-interface", 29, "two zones, `wan` and `lan`"),
    ("local udp [fe80::1]:1 > [fe80::2]:2", "missing-word", 25, "a link-local destination needs the interface"),
    ("in on wan udp 2001:db8::1 > [::3]:2", "missing-port", 15, "`udp` needs a port at both ends"),
    ("in on wan icmp 2001:db8::1 > ::3", "mixed-families", 11, "does not go with addresses of this family"),
    ("in on wan udp [::2]:1 > [::3]:2 => deliver as [fe80::1%wan]:1 > [::3]:2", "bad-address", 47, "without zones"),
    ("in on wan udp [::2]:1 > [::3]:2 => reject with icmp6-no-rout", "bad-reject", 48, "not something that REJECT"),
  ])
  func errorsPointAtTheWord(_ text: String, _ id: String, _ column: Int, _ message: String) throws {
    let error = #expect(throws: FlowError.self) { try PacketText.step(text) }
    let first = try #require(error?.diagnostics.first)
    #expect(first.id.rawValue == id && first.range.column == column, "\(first)")
    #expect(first.message.contains(message), "\(first.message)")
  }

  @Test func whatToWriteInstead() {
    let help = { (text: String) -> String in
      do throws(FlowError) { _ = try PacketText.step(text) } catch { return error.description }
      return ""
    }
    #expect(help("in on a udp 2001:db8::1 > [::3]:2").contains("write it as [2001:db8::1]:PORT"))
    #expect(help("local udp [::1]:1 > [fe80::2]:2").contains("write it as [fe80::2%INTERFACE]:2"))
    #expect(help("local icmp6 ::1 > fe80::2").contains("write it as fe80::2%INTERFACE"))
    #expect(help("in on a udp [::2]:1 > [::3]:2 => reject with icmp6-no-rout").contains("`icmp6-no-route`?"))
  }

  @Test func zonesNameTheInterface() throws {
    guard case .packet(let flow) = try PacketText.step("local icmp6 fe80::1%wan > fe80::2%wan").action else { return }
    #expect(flow.output == "wan" && flow.wholePacket.output == "wan")
    guard case .packet(let arrived) = try PacketText.step("in on wan icmp6 fe80::1%wan > fe80::2").action else {
      return
    }
    #expect(arrived.output == nil && arrived.wholePacket.output == .none)
  }

  @Test func namesMayBeIPv6() throws {
    let text = """
      let server = 2001:db8::2
      let bracketed = [2001:db8::3]
      let router = fe80::1%wan
      in on wan tcp [2001:db8::7]:5 > $server:80
      in on wan tcp [2001:db8::7]:5 > $bracketed:80
      in on wan tcp [$server]:5 > $bracketed:80
      in on wan icmp6 $router > $server

      """
    let document = FlowParser.parse(text, file: "f")
    #expect(document.diagnostics.isEmpty, "\(document.diagnostics)")
    let destinations = document.steps.compactMap { step -> String? in
      if case .packet(let flow) = step.action { "\(flow.packet.destination)" } else { nil }
    }
    #expect(destinations == ["2001:db8::2", "2001:db8::3", "2001:db8::3", "2001:db8::2"])
  }

  /// No text may trap, however it is cut or mixed.
  @Test func nothingTraps() {
    let texts = [
      "in on wan udp [fe80::1%wan]:1 > [fe80::2]:2 hbh=ra:0,5:00 rt=0,1,::9 ah=1 frag=8+ dst flowlabel=1",
      "in on wan icmp6 redirect [fe80::1%wan] > ff02::1 target=[fe80::9] dest=::5 lladdr=02:00:00:00:00:07 hl=255",
    ]
    for text in texts {
      let characters = Array(text)
      for end in characters.indices {
        _ = try? PacketText.packet(String(characters[..<end]))
        _ = try? PacketText.packet(String(characters[end...]))
        var changed = characters
        for replacement in ["[", "]", ":", "=", "%", ",", "\"", ">", "9", "\u{0}", "é"] as [Character] {
          changed[end] = replacement
          _ = try? PacketText.packet(String(changed))
        }
      }
    }
  }
}

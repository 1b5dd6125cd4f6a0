// What a far end answers in a scenario of IPv6, equal to the packets that the recorder makes (Tests/Kernel/wire.py).

import FlowTesting
import Foundation
import Testing

@Suite struct DerivedPacketTests {
  static let tcp =
    "600000000014064020010db800000000000000000000000120010db80000000000000000000000071388005000000007000000005002faf045990000"
  static let udp =
    "6000000000113c4020010db800000000000000000000000120010db800000000000000000000000711000104000000001388003500091fa571"
  static let echo =
    "60000000000a3a4020010db800000000000000000000000120010db80000000000000000000000078000c2d6000700016162"

  /// The steps of a host that sends a packet, and of what is derived from it.
  func packets(_ sent: String, _ derived: String) throws -> [ScenarioPacket] {
    let text = """
      {"interfaces": [{"name": "eth0", "addrs": ["2001:db8::1/64"]}],
       "packets": [{"local": true, "hex": "\(sent)"}, {\(derived)}]}
      """
    return try JSONDecoder().decode(Scenario.self, from: Data(text.utf8)).replay().packets
  }

  @Test(arguments: [
    (
      tcp, #""reply_to": 0, "flags": "SA", "seq": 100, "ack": 8, "data": "6869""#,
      "600000000016064020010db800000000000000000000000720010db8000000000000000000000001"
        + "0050138800000064000000085012faf0dcb800006869"
    ),
    (
      udp, #""reply_to": 0"#,
      "60000000000e114020010db800000000000000000000000720010db8000000000000000000000001"
        + "00351388000e5643616e73776572"
    ),
    (
      echo, #""reply_to": 0"#,
      "60000000000c3a4020010db800000000000000000000000720010db8000000000000000000000001"
        + "810044660007000170696e67"
    ),
    (
      tcp, #""icmp_error_to": 0, "type": 11, "code": 0, "from": "2001:db8::9""#,
      "6000000000383a4020010db800000000000000000000000920010db8000000000000000000000001"
        + "0300cb6300000000600000000014064020010db800000000000000000000000120010db8000000000000000000000007"
        + "1388005000000007"
    ),
    (
      tcp, #""icmp_error_to": 0, "type": 3, "code": 4, "from": "2001:db8::9""#,
      "6000000000383a4020010db800000000000000000000000920010db8000000000000000000000001"
        + "0104cd5f00000000600000000014064020010db800000000000000000000000120010db8000000000000000000000007"
        + "1388005000000007"
    ),
    (
      tcp, #""icmp_error_to": 0, "type6": 2, "code": 0, "quoted": 52, "from": "2001:db8::9""#,
      "60000000003c3a4020010db800000000000000000000000920010db8000000000000000000000001"
        + "0200c75f00000500600000000014064020010db800000000000000000000000120010db8000000000000000000000007"
        + "138800500000000700000000"
    ),
  ])
  func theFarEndAnswers(_ sent: String, _ derived: String, _ expected: String) throws {
    let packets = try packets(sent, derived)
    #expect(packets.count == 2)
    #expect(packets.last?.hex == expected)
    #expect(packets.last?.in == "eth0")
  }

  @Test(arguments: [
    (#""icmp_error_to": 0, "type": 3, "code": 0, "from": "192.0.2.1""#, "no address of the family"),
    (#""icmp_error_to": 0, "type": 3, "code": 0, "from": "2001:db8::1/64""#, "`from` is missing or no address"),
    (#""icmp_error_to": 0, "type6": 256, "from": "::1""#, "`type6` is 0 to 255"),
    (#""icmp_error_to": 0, "quoted": -1, "from": "::1""#, "`quoted` is 0 to 65487 bytes"),
  ])
  func whatCannotBeIsRefused(_ derived: String, _ expected: String) {
    #expect {
      try packets(Self.tcp, derived)
    } throws: { error in
      "\(error)".contains(expected)
    }
  }

  @Test func aLaterFragmentHasNoAnswer() throws {
    // A fragment header with the offset 8 before the same UDP datagram.
    let fragment =
      "6000000000112c4020010db800000000000000000000000120010db80000000000000000000000071100000800000009"
      + "1388003500091fa571"
    #expect(try packets(fragment, #""reply_to": 0"#).count == 1)
  }
}

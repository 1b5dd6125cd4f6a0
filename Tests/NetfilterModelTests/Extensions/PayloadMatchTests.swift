// Matches that read the packet's bytes: what Linux 6.18 answered to the same packets.

import Testing

@testable import NetfilterModel

@Suite struct PayloadMatchTests {
  func asks(_ rule: String, _ packet: PacketContext, _ connection: Connection? = nil) throws -> Bool {
    var rule = try FixtureRule(rule)
    return rule.asks(packet, connection: connection) == .holds
  }

  /// `XYZ` lies in the bytes 34 to 36 of 37.
  @Test(arguments: ["bm", "kmp"]) func stringWindow(_ algorithm: String) throws {
    let packet = try MatchFixture.packet(payload: [3, 0xe8, 7, 0xd0, 0, 17, 0, 0] + Array("abcdefXYZ".utf8))
    let hits = [(0, 65535), (34, 65535), (0, 37), (0, 38), (34, 37), (34, 38), (33, 37)]
    let misses = [(35, 65535), (0, 34), (0, 35), (0, 36), (34, 36), (34, 34), (30, 36), (37, 40), (36, 40), (100, 200)]
    for (from, to) in hits + misses {
      let rule = "-m string --string XYZ --algo \(algorithm) --from \(from) --to \(to)"
      #expect(try asks(rule, packet) == hits.contains { $0 == (from, to) }, "\(rule)")
    }
    #expect(try asks("-m string ! --string XYZ --algo \(algorithm)", packet) == false)
  }

  /// Case is that of ISO 8859-1, and only the pattern's byte and the packet's byte are raised, once.
  @Test(
    arguments: [
      ("e9", 0xc9, true), ("c9", 0xe9, true), ("df", 0xff, false), ("ff", 0xdf, false), ("f7", 0xd7, false),
      ("d7", 0xf7, false), ("61", 0x41, true), ("5b", 0x7b, false), ("40", 0x60, false), ("bf", 0xdf, true),
      ("df", 0xbf, true),
    ] as [(String, UInt8, Bool)]) func stringWithoutCase(_ hex: String, _ byte: UInt8, _ expected: Bool) throws
  {
    let packet = try MatchFixture.packet(payload: [3, 0xe8, 7, 0xd0, 0, 12, 0, 0, 1, 2, byte, 3])
    #expect(try asks("-m string --hex-string |\(hex)| --algo bm --icase --from 28", packet) == expected)
  }

  @Test(
    arguments: [
      ("|e9|", [0xe9]), ("a|62 63|d", [0x61, 0x62, 0x63, 0x64]), ("|61|62|63|", [0x61, 0x36, 0x32, 0x63]),
      ("a\\|b", [0x61, 0x7c, 0x62]), ("|61|", [0x61]), ("| 61 62 |", [0x61, 0x62]), ("|6162| ", [0x61, 0x62, 0x20]),
    ] as [(String, [UInt8])]) func hexString(_ text: String, _ expected: [UInt8]) throws
  {
    #expect(try StringMatch.hexadecimalPattern(text) == expected)
  }

  @Test(arguments: ["", "|", "||", "a||", "||a", "|6|", "|6g|", "|61", "|61  62|", "ab\\", "|61\\62|", "|   |"])
  func badHexString(_ text: String) {
    let pattern = try? StringMatch.hexadecimalPattern(text)
    #expect(pattern == nil || pattern?.isEmpty == true)
  }

  /// A UDP packet of 32 bytes: 4500 0020 ... 4011 ..., ports 1000 and 2000, then 01020304.
  @Test(
    arguments: [
      ("0>>28=4", true),
      ("0&0xffff=32", true),
      ("9&0xff=0", false),
      ("6&0xff=17", true),
      ("28=0x01020304", true),
      ("29=0:0xffffffff", false),
      ("28=1", false),
      ("0>>22&0x3c@0>>16=1000", true),
      ("0>>22&0x3c@0&0xffff=2000", true),
      ("0>>22&0x3c@8=0x01020304", true),
      ("0>>22&0x3c@9=0:0xffffffff", false),
      ("0>>22&0x3c@0=0&&0=0", false),
      ("0>>28=1,4:5", true),
      ("0>>28=5:4", false),
      ("0<<8>>24=0", true),
      ("20>>16@0=0:0xffffffff", false),
      ("20&7@28=0:0xffffffff", true),
      ("0>>28@24=0x01020304", true),
      ("0>>28@0>>16@0=0:0xffffffff", true),
      ("0>>28=4&&28>>24=1", true),
      ("0>>28=4&&28>>24=2", false),
      ("0xffffffff=0:0xffffffff", false),
      ("28@0=0:0xffffffff", false),
      ("28>>24@27=0x01020304", true),
      ("28>>24@28=0:0xffffffff", false),
      ("16&0@16&0@28=0x01020304", true),
    ] as [(String, Bool)]) func u32(_ tests: String, _ expected: Bool) throws
  {
    let packet = try MatchFixture.packet(payload: [3, 0xe8, 7, 0xd0, 0, 12, 0, 0, 1, 2, 3, 4])
    #expect(try asks("-m u32 --u32 \"\(tests)\"", packet) == expected)
    #expect(try asks("-m u32 ! --u32 \"\(tests)\"", packet) == !expected)
  }

  @Test func tcpOptionsAndFlags() throws {
    let syn: [UInt8] = [3, 0xe8, 7, 0xd0, 0, 0, 0, 1, 0, 0, 0, 0, 0x60, 0x42, 0, 16, 0, 0, 0, 0, 2, 4, 5, 0xb4]
    let packet = try MatchFixture.packet(tos: 2, protocolNumber: 6, payload: syn)
    for (rule, expected) in [
      ("--mss 1460", true), ("! --mss 1460", false), ("--mss 1461:65535", false), ("--mss 0:1460", true),
    ] {
      var match = try FixtureRule("-p tcp -m tcpmss \(rule)")
      #expect((match.asks(packet) == .holds) == expected, "\(rule)")
    }
    for (rule, expected) in [
      ("--ecn-tcp-ece", true), ("--ecn-tcp-cwr", false), ("! --ecn-tcp-cwr --ecn-ip-ect 2", true),
      ("! --ecn-ip-ect 2", false),
    ] {
      var match = try FixtureRule("-p tcp -m ecn \(rule)")
      #expect((match.asks(packet) == .holds) == expected, "\(rule)")
    }
  }

  /// What is cut off is dropped by tcpmss, and does not match for ecn; a fragment is read as if it had a header.
  @Test func truncatedTCP() throws {
    for (payload, drops, ecnMatches) in [
      ([UInt8](repeating: 0, count: 8), true, false), ([UInt8](repeating: 0, count: 40), true, true),
    ] {
      let packet = try MatchFixture.packet(fragment: 10, protocolNumber: 6, payload: payload)
      var rule = try FixtureRule("-p tcp -m tcpmss --mss 0:65535")
      #expect(rule.asks(packet) == (drops ? .drops : .fails))
      rule = try FixtureRule("-p tcp -m ecn ! --ecn-tcp-ece")
      #expect((rule.asks(packet) == .holds) == ecnMatches)
    }
  }

  @Test func connbytes() throws {
    let tuple = ConnectionTuple(
      source: .v4(1), destination: .v4(2), sourceKey: 1, destinationKey: 2, protocolNumber: .udp)
    var connection = Connection(original: tuple, reply: tuple, serial: 1)
    let rule = "-m connbytes --connbytes 2:3 --connbytes-dir both --connbytes-mode packets"
    let inverted = "-m connbytes ! --connbytes 2:3 --connbytes-dir both --connbytes-mode packets"
    let average = "-m connbytes --connbytes 28:28 --connbytes-dir both --connbytes-mode avgpkt"
    let none = "-m connbytes --connbytes 0:0 --connbytes-dir reply --connbytes-mode avgpkt"
    let packet = try MatchFixture.packet()
    #expect(try asks(none, packet, connection) == false)
    connection.hasCounters = true
    var text = ["", "", "", ""]
    for _ in 0..<4 {
      connection.originalCounters.count(length: 28)
      for (index, rule) in [rule, inverted, average, none].enumerated() {
        text[index] += try asks(rule, packet, connection) ? "1" : "0"
      }
    }
    #expect(text == ["0110", "1001", "1111", "1111"])
  }

  @Test func helper() throws {
    let tuple = ConnectionTuple(
      source: .v4(1), destination: .v4(2), sourceKey: 1, destinationKey: 2, protocolNumber: .tcp)
    var connection = Connection(original: tuple, reply: tuple, serial: 2)
    let packet = try MatchFixture.packet()
    // No connection; one that nothing expected, or whose master has no helper; one that helper ftp expected.
    let expectations = [("ftp", "001"), ("! --helper ftp", "110"), ("ftp-2121", "001"), ("irc", "000")]
    for (name, expected) in expectations {
      let rule = name.hasPrefix("!") ? "-m helper \(name)" : "-m helper --helper \(name)"
      var text = try asks(rule, packet) ? "1" : "0"
      for helper in [nil, "ftp"] {
        connection.expectedBy = helper
        text += try asks(rule, packet, connection) ? "1" : "0"
      }
      #expect(text == expected, "\(rule)")
    }
  }
}

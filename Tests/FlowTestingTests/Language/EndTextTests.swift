// The ends of packets as they are written: their parts, and what is said of each that is wrong.

@testable import FlowTesting
import NetfilterModel
import Testing

@Suite struct EndTextTests {
  private static func end(_ text: String) -> EndText {
    var text = text
    return text.withUTF8 { EndText($0) }
  }

  /// Where the host stands, and the port, if there is one.
  @Test(
    arguments: [
      ("10.0.0.1", 0..<8, nil), ("10.0.0.1:80", 0..<8, 9..<11), ("10.0.0.1:", 0..<8, 9..<9), (":80", 0..<0, 1..<3),
      ("[::1]:80", 1..<4, 6..<8), ("[::1]", 1..<4, nil), ("[::1]80", 1..<4, 5..<7), ("[::1]:", 1..<4, 6..<6),
      ("[]", 1..<1, nil), ("[a", 0..<2, nil), ("::1", 0..<3, nil), ("[::1", 0..<4, nil), ("$web:80", 0..<4, 5..<7),
      ("", 0..<0, nil), (":", 0..<0, 1..<1), ("[x]]:1", 1..<2, 3..<6),
    ] as [(String, Range<Int>, Range<Int>?)])
  func thePartsOfAnEnd(text: String, host: Range<Int>, port: Range<Int>?) {
    let end = Self.end(text)
    #expect(end.host == host)
    #expect(end.port == port)
  }

  @Test(
    arguments: [
      ("10.0.0.1:0", 0), ("10.0.0.1:65535", 65535), ("10.0.0.1:00080", 80), ("10.0.0.1:65536", nil),
      ("10.0.0.1:99999999999999999999999", nil), ("10.0.0.1:", nil), ("10.0.0.1:8a", nil), ("10.0.0.1:-1", nil),
      ("10.0.0.1:+1", nil), ("10.0.0.1", nil),
    ] as [(String, UInt16?)])
  func thePortIsDecimal(text: String, port: UInt16?) { #expect(Self.end(text).portNumber == port) }

  /// As inet_pton(3) reads it, and nothing else.
  @Test(
    arguments: [
      ("192.0.2.1", IPAddress.v4(0xc000_0201)), ("192.0.2.1:5", IPAddress.v4(0xc000_0201)), ("192.0.2", nil),
      ("192.0.2.1.5", nil), ("192.0.2.01", nil), ("192.0.2.256", nil), ("$a", nil), ("::1", nil), ("", nil),
      ("192.0.2.1x", nil), ("192.0.2.1%eth0", nil),
    ] as [(String, IPAddress?)])
  func anAddressOfIPv4IsReadAtOnce(text: String, address: IPAddress?) { #expect(Self.end(text).address == address) }

  /// Where the error points, in columns, and what it says.
  @Test(arguments: [
    ("tcp 10.0.0.1:5 > 10.0.0.2:70000", 27, "`70000` is not a port (0 to 65535)"),
    ("tcp 10.0.0.1:5 > 10.0.0.2:", 27, "`` is not a port (0 to 65535)"),
    ("tcp 10.0.0.1:5 > 10.0.0.2", 18, "`tcp` needs a port at both ends"),
    ("icmp 10.0.0.1 > 10.0.0.2:5", 17, "`icmp` has no ports"),
    ("tcp $nobody:5 > 10.0.0.2:7", 5, "`nobody` is not the name of anything"),
    ("tcp 10.0.0.1:5 > [::1:7", 18, "`[::1:7` is not an address"),
    ("tcp 10.0.0:5 > 10.0.0.2:7", 5, "`10.0.0` is not an address"),
    ("udp [2001:db8::1%a]:5 > [::1]:7", 5, "`2001:db8::1` is no link-local address and has no zone"),
    ("udp [fe80::1%a/b]:5 > [::1]:7", 5, "`a/b` cannot be the name of an interface"),
  ])
  func errorsPointAtThePart(text: String, column: Int, message: String) throws {
    do {
      _ = try PacketText.step("local " + text)
      Issue.record("no error")
    } catch {
      let diagnostic = try #require(error.diagnostics.first)
      #expect(diagnostic.range.column == column + 6)
      #expect(diagnostic.message == message)
    }
  }
}

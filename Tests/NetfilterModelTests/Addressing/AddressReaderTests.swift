// Addresses as text; what is expected is what glibc's inet_pton and inet_aton gave, and iptables for its own reader.

import NetfilterModel
import Testing

@Suite struct AddressReaderTests {
  @Test func ipv4() {
    // The text; as inet_pton, inet_aton and xtables_numeric_to_ipaddr read it.
    let read: [(text: String, strict: String?, resolver: String?, leading: String?)] = [
      ("1.2.3.4", "1.2.3.4", "1.2.3.4", "1.2.3.4"), ("0.0.0.0", "0.0.0.0", "0.0.0.0", "0.0.0.0"),
      ("255.255.255.255", "255.255.255.255", "255.255.255.255", "255.255.255.255"),
      ("010.0.0.1", nil, "8.0.0.1", "8.0.0.1"), ("1.2.3.00", nil, "1.2.3.0", "1.2.3.0"),
      ("0x1.0x2.3.4", nil, "1.2.3.4", "1.2.3.4"), ("008.2.3.4", nil, nil, nil), ("10.1", nil, "10.0.0.1", "10.1.0.0"),
      ("10.1.2", nil, "10.1.0.2", "10.1.2.0"), ("10", nil, "0.0.0.10", "10.0.0.0"), ("1.2.772", nil, "1.2.3.4", nil),
      ("1.131844", nil, "1.2.3.4", nil), ("167772161", nil, "10.0.0.1", nil), ("0x0a000001", nil, "10.0.0.1", nil),
      ("1.2.65536", nil, nil, nil), ("4294967296", nil, nil, nil), ("+1.2.3.4", nil, nil, "1.2.3.4"),
      ("1. 2.3.4", nil, nil, "1.2.3.4"), ("1.2.3.256", nil, nil, nil), ("1.2.3.", nil, nil, nil), ("", nil, nil, nil),
      (".1.2.3", nil, nil, nil), ("1..3.4", nil, nil, nil), ("1.2.3.4.5", nil, nil, nil), ("1.2.3.4.", nil, nil, nil),
      ("1.2.3.4x", nil, nil, nil), ("1.2.3.4 ", nil, nil, nil), ("-1.2.3.4", nil, nil, nil),
      ("1.2.3.0x", nil, nil, nil),
      ("0001.2.3.4", nil, "1.2.3.4", "1.2.3.4"), ("1.2.3.1000", nil, nil, nil), ("::1", nil, nil, nil),
    ]
    for (text, strict, resolver, leading) in read {
      #expect(IPAddress(text, family: .ipv4)?.description == strict, "`\(text)`")
      #expect(IPAddress(host: text, family: .ipv4)?.description == resolver, "`\(text)`")
      #expect(IPAddress(leading: text, family: .ipv4)?.description == leading, "`\(text)`")
    }
  }

  @Test func ipv6() {
    let read: [(text: String, value: String?)] = [
      ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
      ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("ABCD::Ff", "abcd::ff"),
      ("::ffff:1.2.3.4", "::ffff:1.2.3.4"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("0001::", "1::"),
      ("::ffff:01.2.3.4", nil), ("1:2:3:4:5:6:7:1.2.3.4", nil), ("00001::", nil), ("1:2:3:4:5:6:7", nil),
      ("1:2:3:4:5:6:7:8:9", nil), ("1:2:3:4::5:6:7:8", nil), (":::", nil), ("1::2::3", nil), (":1::", nil), ("1:", nil),
      ("+1::", nil), ("g::", nil), ("::1.2.3", nil), ("1.2.3.4::", nil), ("1.2.3.4", nil), ("", nil),
    ]
    for (text, value) in read {
      #expect(IPAddress(text, family: .ipv6)?.description == value, "`\(text)`")
      #expect(IPAddress(host: text, family: .ipv6)?.description == value, "`\(text)`")
    }
  }
}

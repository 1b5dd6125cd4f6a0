// NAT against the kernel: the same packets through the same rules, byte for byte.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct NATKernelTests {
  /// The rules that the packets were recorded with.
  static let rules = """
    -A PREROUTING -d 10.9.0.0/24 -p udp -j DNAT --to-destination 192.168.1.3-192.168.1.250
    -A PREROUTING -d 10.9.1.0/24 -p udp -j DNAT --to-destination 192.168.1.3:7000-7001
    -A PREROUTING -d 10.9.2.0/24 -p udp -j DNAT --to-destination 192.168.1.3:7000-7100/53
    -A PREROUTING -d 10.9.3.0/24 -j NETMAP --to 192.168.1.0/24
    -A PREROUTING -d 10.9.4.0/24 -j DNAT --to-destination 192.168.1.9
    -A POSTROUTING -s 10.0.0.0/25 -o eth1 -p tcp -j SNAT --to-source 100.64.0.10-100.64.0.200 --persistent
    -A POSTROUTING -s 10.0.0.0/25 -o eth1 -p udp -j SNAT --to-source 100.64.0.10-100.64.0.200
    -A POSTROUTING -s 10.0.0.0/25 -o eth1 -j SNAT --to-source 100.64.0.5

    """

  @Test func translatesAsTheKernel() throws {
    var world = try NATGateway(Self.rules)
    // Nobody looked at transport checksums on the recorded way: two of the packets have wrong ones.
    try world.host.setSysctl("net.netfilter.nf_conntrack_checksum", "0")
    let random = world.random
    for (index, item) in Recorded.nat.enumerated() {
      let emitted = world.forward(try #require(Packet(hex: item.packet)), on: InterfaceName(item.input))
      #expect(emitted?.hex ?? "" == item.answer, "case \(index): \(world.walk)")
    }
    #expect(!world.isByChance)
    #expect(world.random == random)
    #expect(Recorded.nat.count == 49)
  }
}

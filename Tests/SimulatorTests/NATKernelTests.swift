// NAT against the kernel: the same packets through the same rules, byte for byte.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct NATKernelTests {
  /// The rules that the cases were recorded with.
  static func rule(_ packet: PacketContext) -> NATRange? {
    var range = NATRange()
    let destination = packet.header.destination.v4Bits
    let isUDP = packet.header.protocolNumber == .udp
    switch packet.hook {
    case .prerouting:
      switch (destination >> 8, isUDP) {
      case (0x0a0900, true): range.addresses = address(192, 168, 1, 3)...address(192, 168, 1, 250)
      case (0x0a0901, true):
        range.addresses = address(192, 168, 1, 3)...address(192, 168, 1, 3)
        range.ports = 7000...7001
      case (0x0a0902, true):
        range.addresses = address(192, 168, 1, 3)...address(192, 168, 1, 3)
        range.ports = 7000...7100
        range.basePort = 53
      case (0x0a0903, _):
        range.addresses = address(192, 168, 1, 0)...address(192, 168, 1, 255)
        range.isNetmap = true
      case (0x0a0904, _): range.addresses = address(192, 168, 1, 9)...address(192, 168, 1, 9)
      default: return nil
      }
    case .postrouting:
      guard packet.output == "eth1", packet.header.source.v4Bits >> 7 == 0x0a00_0000 >> 7 else { return nil }
      range.addresses = address(100, 64, 0, 10)...address(100, 64, 0, 200)
      if packet.header.protocolNumber == .tcp {
        range.isPersistent = true
      } else if !isUDP {
        range.addresses = address(100, 64, 0, 5)...address(100, 64, 0, 5)
      }
    default: return nil
    }
    return range
  }

  @Test func translatesAsTheKernel() {
    let world = NATWorld()
    world.rule = Self.rule
    for (index, item) in natKernelCases.enumerated() {
      let input = InterfaceName(item.input)
      let emitted = world.forward(item.packet, from: input, to: input == "eth0" ? "eth1" : "eth0")
      #expect(emitted ?? "" == item.emitted, "case \(index)")
    }
    #expect(!world.isByChance)
    #expect(world.randomDraws == 0)
    #expect(natKernelCases.count > 40)
  }
}

// A host for packets that say themselves where routing sends them, when nobody described one.

import NetfilterModel
import Simulator

/// A host made to fit, with everything that was assumed about it.
public struct AssumedHost {
  /// The host.
  public let host: LinuxHost
  /// What was assumed, a sentence each.
  public let assumptions: [String]

  /// Makes a host whose routing does what the packets say.
  ///
  /// - Returns: nil when a packet does not say where routing sends it; `reply` and `again` need not.
  public init?(for packets: [FlowPacket]) {
    guard !packets.isEmpty, packets.allSatisfy({ $0.hint != nil }) else { return nil }
    var host = LinuxHost(name: "assumed")
    var notes: [String] = []
    func ensure(_ name: InterfaceName) {
      guard host.interface(name) == nil else { return }
      host.addInterface(Interface(name))
    }
    /// Neighbours are asked for on Ethernet alone.
    func ethernet(_ name: InterfaceName) {
      guard var interface = host.interface(name), interface.mac == nil else { return }
      interface.mac = [2, 0, 0, 0, 0, 1]
      host.addInterface(interface)
      notes.append("\(name) is an Ethernet interface, 02:00:00:00:00:01")
    }
    func hasAddress(_ name: InterfaceName, _ family: AddressFamily) -> Bool {
      host.interface(name)?.addresses.contains { $0.address.family == family } ?? false
    }
    func own(_ address: IPAddress, _ name: InterfaceName) {
      guard !(host.interface(name)?.addresses.contains { $0.address == address } ?? false), !address.isZero,
        !address.isMulticast, !address.isLoopback, address != .v4(.max)
      else { return }
      host.addAddress(InterfaceAddress(address, prefixLength: address.family.addressBits), to: name)
      notes.append("\(name) has the address \(address)")
    }
    func rest(of destination: String) -> String? {
      guard destination.hasSuffix("default") else { return nil }
      let isMixed = packets.contains { $0.packet.source.family != packets[0].packet.source.family }
      return isMixed ? "everything else of \(destination.hasPrefix("-4") ? "IPv4" : "IPv6")" : "everything else"
    }
    func route(_ destination: String, _ name: InterfaceName) {
      if (try? host.addRoute("\(destination) dev \(name)")) != nil {
        notes.append("\(rest(of: destination) ?? destination) is reached through \(name)")
      }
    }
    var routed: Set<IPAddress> = []
    func remote(_ address: IPAddress, _ name: InterfaceName) {
      if routed.insert(address).inserted, !address.isMulticast, !address.isLoopback, !address.isZero {
        route("\(address)", name)
      }
    }
    var defaultDevice: InterfaceName?
    var serial: UInt32 = 1
    for flow in packets {
      guard let hint = flow.hint else { continue }
      let packet = flow.packet
      switch (flow.origin, hint) {
      case (.arrival(let input), .deliver):
        ensure(input)
        own(packet.destination, input)
        if let target = packet.neighbour.target, packet.destination == target.solicitedNode {
          ethernet(input)
          own(target, input)
        }
        remote(packet.source, input)
        defaultDevice = defaultDevice ?? input
      case (.arrival(let input), .forward(let output)):
        ensure(input)
        ensure(output)
        for name in [input, output] where !hasAddress(name, packet.source.family) {
          // TEST-NET-1 (RFC 5737) and the prefix for documentation (RFC 3849), so that MASQUERADE and REJECT have an address
          // to send from.
          own(
            packet.source.family == .ipv4
              ? .v4(0xc000_0200 | serial) : .v6(0x2001_0db8_ffff_0000, UInt64(serial)), name)
          serial = min(serial + 1, 254)
        }
        remote(packet.source, input)
        remote(packet.destination, output)
        defaultDevice = output
      case (.local, .send(let output)):
        ensure(output)
        own(packet.source, output)
        remote(packet.destination, output)
        defaultDevice = defaultDevice ?? output
      default: return nil
      }
    }
    let families = AddressFamily.allCases.filter { family in packets.contains { $0.packet.source.family == family } }
    if let defaultDevice {
      for family in families { route(family == .ipv4 ? "-4 default" : "-6 default", defaultDevice) }
    }
    for family in families {
      let key = family == .ipv4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding"
      if (try? host.setSysctl(key, "1")) != nil { notes.append("\(key) = 1") }
    }
    self.host = host
    assumptions = notes
  }
}

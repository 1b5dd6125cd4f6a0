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
    func own(_ address: IPAddress, _ name: InterfaceName) {
      guard !(host.interface(name)?.addresses.contains { $0.address == address } ?? false), !address.isZero,
        !address.isMulticast, !address.isLoopback, address != .v4(.max)
      else { return }
      host.addAddress(InterfaceAddress(address, prefixLength: address.family.addressBits), to: name)
      notes.append("\(name) has the address \(address)")
    }
    func route(_ destination: String, _ name: InterfaceName) {
      if (try? host.addRoute("\(destination) dev \(name)")) != nil {
        notes.append("\(destination == "default" ? "everything else" : destination) is reached through \(name)")
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
        remote(packet.source, input)
        defaultDevice = defaultDevice ?? input
      case (.arrival(let input), .forward(let output)):
        ensure(input)
        ensure(output)
        for name in [input, output] where host.interface(name)?.addresses.isEmpty ?? false {
          // TEST-NET-1 (RFC 5737), so that MASQUERADE and REJECT have an address to send from.
          if packet.source.family == .ipv4 { own(.v4(0xc000_0200 | serial), name) }
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
    if let defaultDevice { route("default", defaultDevice) }
    if (try? host.setSysctl("net.ipv4.ip_forward", "1")) != nil { notes.append("net.ipv4.ip_forward = 1") }
    self.host = host
    assumptions = notes
  }
}

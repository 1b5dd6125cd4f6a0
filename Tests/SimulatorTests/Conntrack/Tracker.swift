// A state of a host with its clock, into which packets go one after the other without rules in between.

import NetfilterModel

@testable import Simulator

/// Tracks packets, and confirms those that are let through.
struct Tracker {
  var state: HostState
  var settings = ConntrackSettings()

  init() {
    state = HostState()
    state.memory.now = 1_000_000_000_000
  }

  var table: ConnectionTable {
    _read { yield state.connections }
    _modify { yield &state.connections }
  }
  var now: UInt64 { state.now }
  var listing: [String] { table.listing(now: now) }

  static func context(_ bytes: [UInt8], hook: Hook = .prerouting) -> PacketContext? {
    IPHeader(bytes).map {
      PacketContext(
        packet: Packet(bytes: bytes), header: $0, hook: hook, table: .mangle, input: "eth0", output: .none,
        connection: nil, state: .none)
    }
  }

  mutating func track(_ packet: inout PacketContext) -> Verdict { table.track(&packet, settings, now: now) }

  mutating func confirm(_ packet: inout PacketContext) -> Verdict { table.confirm(&packet, now: now) }

  /// Tracks and confirms a packet that is let through; nil when it was dropped on the way.
  @discardableResult
  mutating func pass(_ bytes: [UInt8], hook: Hook = .prerouting) -> ConnectionState? {
    guard var packet = Tracker.context(bytes, hook: hook) else { return nil }
    defer { table.releaseLoose() }
    guard track(&packet) == .accept else { return nil }
    return confirm(&packet) == .accept ? packet.state : nil
  }

  mutating func wait(_ seconds: Double) { state.memory.now += UInt64(seconds * 1e9) }

  /// The time left and the states of the connection of a port, as listed.
  func summary(_ port: UInt16) -> String? {
    listing.first { $0.contains("port=\(port) ") }.map { line in
      let words = line.split(separator: " ").map(String.init)
      return words[4] + " " + words[5] + (line.contains("[ASSURED]") ? " ASSURED" : "")
    }
  }
}

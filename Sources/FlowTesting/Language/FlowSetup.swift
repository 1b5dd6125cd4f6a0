// A line that describes the host.

import NetfilterModel
import Simulator

/// A line that describes the host.
public enum FlowSetup: Hashable, Sendable {
  /// `host NAME`.
  case host(String)
  /// `rules v4 PATH`, and behind the path of a script its arguments.
  case rules(AddressFamily, path: String, arguments: [String] = [])
  /// `ipset PATH`.
  case sets(path: String)
  /// `iface NAME ...`.
  case interface(Interface, addresses: [InterfaceAddress])
  /// `route ...`, as `ip route add` takes it.
  case route(String)
  /// `neighbour ...`, as `LinuxHost.addNeighbour` takes it.
  case neighbour(String)
  /// `rule ...`, as `ip rule add` takes it.
  case routingRule(String)
  /// `sysctl KEY = VALUE`.
  case sysctl(String, String)
  /// `seed N`: chance starts from a number, and matches that depend on it are decided.
  case seed(UInt64)
  /// `at 2026-03-01T08:00`: what the wall clock shows at the start of each test, in seconds since 1970.
  case at(UInt64)
  /// `assume MATCH yes`: what a match says that nothing here can decide.
  case assume(String, Bool)
  /// `import route v6 PATH`: what a command printed on the host; the family where it is named.
  case saved(SavedOutput, AddressFamily?, path: String)
}

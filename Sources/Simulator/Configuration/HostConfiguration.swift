// What a host is: interfaces, routes, settings and programs. Packets change nothing of it.

import NetfilterModel

/// What the host's own stack does with packets that reach it.
public enum LocalStack: Hashable, Sendable {
  /// They vanish: nothing answers.
  case silent
  /// The kernel's stack answers: echo replies, resets and port unreachables for closed ports.
  case answers
}

/// What a host is.
public struct HostConfiguration: Sendable {
  /// The name, for reports.
  public var name: String
  /// What the host's own stack does with packets for it.
  public var stack: LocalStack
  /// What bounds the walk of a packet.
  public var limits = WalkLimits()
  /// The interfaces; loopback is the first.
  public internal(set) var interfaces: [Interface] = []
  /// The settings of connection tracking.
  public internal(set) var conntrack = ConntrackSettings()
  /// Whether something loaded turns connection tracking on.
  var isTracking = PerFamily(false)
  /// Whether something loaded turns the reassembly of fragments on, as connection tracking also does.
  var isReassembling = PerFamily(false)
  /// What is assumed of matches that nothing here can decide.
  package var assumptions = Assumptions()
  /// The places of the interfaces.
  private var names = InterfaceNames()
  /// What is asked about the addresses of each interface, by its place.
  var addresses: [InterfaceAddresses] = []
  /// The addresses of all interfaces.
  private(set) var ownAddresses = OwnAddresses()
  /// The place of the first interface with an address that packets may leave with.
  private(set) var firstUsable = PerFamily(Int?.none)
  var routing = PerFamily(ipv4: RoutingPolicy(), ipv6: RoutingPolicy(.ipv6))
  var sysctls = Sysctls()
  /// What is said about neighbours.
  var neighbours: [Neighbour: NeighbourKnowledge] = [:]
  /// The loaded tables, by the number of their kind.
  var programs = PerFamily([TableProgram?](repeating: nil, count: TableKind.allCases.count))
  var tableOrder = PerFamily([TableKind]())
  /// What runs at each hook, by the hook's number: the rows of the hook table without those of tables that nothing loaded.
  var hookRows = HostConfiguration.rows { _ in false }

  init(name: String, stack: LocalStack) {
    self.name = name
    self.stack = stack
  }

  /// The rows of each hook that do something, by the hook's number.
  static func rows(isLoaded: (TableKind) -> Bool) -> [[HookRow]] {
    Hook.allCases.map { hook in
      HookOrder.rows(at: hook).filter { row in
        switch row.function {
        case .table(let kind): isLoaded(kind)
        case .conntrackHelper: false
        case .defragment, .conntrack, .conntrackConfirm: true
        }
      }
    }
  }

  /// The interface with a name, or nil.
  public func interface(_ name: InterfaceName) -> Interface? { interfaceIndex(name).map { interfaces[$0] } }

  /// The place of an interface, or nil; asked for every packet, so that nothing of the interface is copied.
  @inline(__always)
  func interfaceIndex(_ name: InterfaceName) -> Int? { names.place(of: name) }

  /// Adds an interface whose name is not there yet, without addresses; its place.
  mutating func append(_ interface: Interface) -> Int {
    var interface = interface
    interface.addresses = []
    names.append(interface.name)
    interfaces.append(interface)
    addresses.append(InterfaceAddresses())
    return interfaces.count - 1
  }

  /// Adds an address to the interface at a place; what it is there.
  mutating func append(_ address: InterfaceAddress, at place: Int) -> InterfaceAddress {
    var address = address
    address.isSecondary = addresses[place].add(address)
    interfaces[place].addresses.append(address)
    if !address.isTentative { ownAddresses.add(address.address, interface: place) }
    let family = address.address.family
    if addresses[place].firstUsable(family) != nil, firstUsable[family].map({ place < $0 }) ?? true {
      firstUsable[family] = place
    }
    return address
  }

  func isUp(_ name: InterfaceName) -> Bool { interfaceIndex(name).map { interfaces[$0].isUp } ?? false }

  func program(_ kind: TableKind, _ family: AddressFamily) -> TableProgram? {
    family == .ipv4 ? programs.ipv4[Int(kind.rawValue)] : programs.ipv6[Int(kind.rawValue)]
  }

  /// Whether some loaded rule has a condition that nothing here may be able to decide.
  package var mayBeUndecided: Bool {
    AddressFamily.allCases.contains { family in programs[family].contains { $0?.mayBeUndecided ?? false } }
  }
}

extension HostConfiguration: Equatable {
  /// Whether two hosts are the same; programs are compared by identity, as a program never changes.
  public static func == (left: HostConfiguration, right: HostConfiguration) -> Bool {
    left.name == right.name && left.stack == right.stack && left.limits == right.limits
      && left.interfaces == right.interfaces
      && left.conntrack == right.conntrack && left.isTracking == right.isTracking
      && left.isReassembling == right.isReassembling
      && left.assumptions == right.assumptions && left.routing == right.routing && left.sysctls == right.sysctls
      && left.tableOrder == right.tableOrder && left.neighbours == right.neighbours
      && AddressFamily.allCases.allSatisfy { family in
        zip(left.programs[family], right.programs[family]).allSatisfy { $0 === $1 }
      }
  }
}

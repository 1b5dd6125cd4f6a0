// Lookups by the index give what a search through all routes and addresses gives, in the kernel's order.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct RoutingTableTests {
  /// Numbers that look random and are the same in each run.
  struct Numbers {
    var state: UInt64
    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: state >> 33) % bound
    }
  }

  /// All routes in one list: longest prefix first, then the larger TOS, then the lower metric, then as they came.
  struct LinearTable {
    var routes: [Route] = []

    mutating func add(_ route: Route) {
      let key = { (route: Route) in
        [-(route.destination.mask.prefixLength ?? 0), -Int(route.tos), Int(route.metric)]
      }
      let position = routes.firstIndex { key(route).lexicographicallyPrecedes(key($0)) } ?? routes.count
      routes.insert(route, at: position)
    }

    func lookup(_ flow: FlowKey) -> Route? { routes.first { $0.leads(flow) } }
  }

  /// An address of few different ones, so that prefixes lie inside each other and are the same.
  static func address(_ numbers: inout Numbers, _ family: AddressFamily) -> IPAddress {
    let bits = UInt64([0, 1, 2, 3, 0x80, 0xff][numbers.next(6)])
    let low = bits << UInt64([0, 8, 16, 24][numbers.next(4)]) | UInt64(numbers.next(4))
    if family == .ipv4 { return .v4(0x0a00_0000 | UInt32(truncatingIfNeeded: low)) }
    return .v6(0x2001 << 48 | UInt64(numbers.next(2)) << 40 | bits, numbers.next(2) == 0 ? low : low << 32)
  }

  @Test(arguments: AddressFamily.allCases, [1, 2, 3])
  func theIndexFindsWhatASearchFinds(_ family: AddressFamily, _ seed: Int) {
    var numbers = Numbers(state: UInt64(seed))
    var linear = LinearTable()
    var table = RoutingTable()
    var backwards: [Route] = []
    for step in 0..<400 {
      let length = numbers.next(3) == 0 ? family.addressBits : numbers.next(family.addressBits + 1)
      var route = Route(
        to: AddressMatch(Self.address(&numbers, family), prefixLength: length),
        device: InterfaceName("eth\(numbers.next(3))"))
      route.metric = UInt32(numbers.next(3))
      route.tos = UInt8([0, 0, 4, 16][numbers.next(4)])
      route.mtu = 1000 + step
      linear.add(route)
      table.add(route)
      backwards.append(route)
      for _ in 0..<10 {
        let flow = FlowKey(
          destination: Self.address(&numbers, family), source: .any(family),
          output: numbers.next(2) == 0 ? .none : InterfaceName("eth\(numbers.next(3))"),
          tos: UInt8([0, 4, 16, 0x11][numbers.next(4)]))
        #expect(table.lookup(flow) == linear.lookup(flow))
      }
      #expect(table.hasRoute(route))
    }
    #expect(Set(table.routes) == Set(linear.routes))
    #expect(table.routes.count == linear.routes.count)
    // Routes of different prefixes may come in any order.
    var other = RoutingTable()
    for route in backwards.reversed().sorted(by: { ($0.mtu ?? 0) < ($1.mtu ?? 0) }) { other.add(route) }
    #expect(other == table)
    other.add(Route(to: AddressMatch(.any(family), prefixLength: 0), device: "last"))
    #expect(other != table)
  }

  /// What `ip route get` of a kernel says: a TOS counts before the metric, and the first of equals wins.
  @Test func theOrderIsTheKernels() throws {
    var host = LinuxHost()
    try host.addAddress("192.0.2.1/24", to: "da")
    try host.addAddress("198.51.100.1/24", to: "db")
    for route in [
      "10.0.0.0/8 metric 10 dev db", "10.0.0.0/8 tos 0x10 metric 100 dev da", "12.0.0.0/8 dev da", "12.0.0.0/8 dev db",
      "14.0.0.0/8 dev da", "14.0.0.0/9 dev db", "15.0.0.0/8 tos 0x04 dev da", "15.0.0.0/8 tos 0x14 dev db",
    ] { try host.addRoute(route) }
    let device = { (text: String, tos: UInt8, output: InterfaceName) throws(RouteError) in
      try host.configuration.lookup(
        FlowKey(destination: IPAddress(text) ?? .v4(0), source: .v4(0), output: output, tos: tos)
      ).device
    }
    #expect(try device("10.1.1.1", 0, .none) == "db")
    #expect(try device("10.1.1.1", 0x10, .none) == "da")
    #expect(try device("12.1.1.1", 0, .none) == "da")
    #expect(try device("14.1.1.1", 0, .none) == "db")
    #expect(try device("14.1.1.1", 0, "da") == "da")
    #expect(try device("15.1.1.1", 0x14, .none) == "db")
    #expect(try device("15.1.1.1", 0x04, .none) == "da")
  }

  /// The source address by a search through all interfaces, as the kernel's `inet_select_addr` does it.
  static func selected(
    _ host: LinuxHost, on device: InterfaceName, towards destination: IPAddress?, _ family: AddressFamily
  ) -> IPAddress? {
    let usable = { (interface: Interface) in
      interface.addresses.filter { !$0.isSecondary && $0.address.family == family && !$0.address.isLoopback }
    }
    if let interface = host.interfaces.first(where: { $0.name == device }) {
      let addresses = usable(interface)
      if let destination, let match = addresses.first(where: { $0.network.contains(destination) }) {
        return match.address
      }
      if let first = addresses.first { return first.address }
    }
    return host.interfaces.lazy.compactMap { usable($0).first }.first?.address
  }

  @Test(arguments: AddressFamily.allCases)
  func addressesAreFoundAsByASearch(_ family: AddressFamily) {
    var numbers = Numbers(state: 7)
    var host = LinuxHost()
    for step in 0..<120 {
      let name = InterfaceName("eth\(numbers.next(40))")
      let address = InterfaceAddress(
        Self.address(&numbers, numbers.next(5) == 0 ? .ipv6 : family),
        prefixLength: numbers.next(2) == 0 ? family.addressBits : numbers.next(family.addressBits + 1))
      let isSecondary =
        host.interface(name)?.addresses.contains { $0.network == address.network && !$0.isSecondary } ?? false
      host.addAddress(address, to: name)
      #expect(host.interface(name)?.addresses.last?.isSecondary == isSecondary)
      #expect(host.interface(name)?.name == name)
      #expect(host.configuration.ownAddresses.contains(address.address))
      for _ in 0..<10 {
        let device = InterfaceName("eth\(numbers.next(42))")
        let destination = numbers.next(4) == 0 ? nil : Self.address(&numbers, family)
        #expect(
          host.configuration.selectAddress(on: device, towards: destination, family: family)
            == Self.selected(host, on: device, towards: destination, family), "step \(step)")
        let own = Self.address(&numbers, family)
        let owner = host.interfaces.firstIndex { $0.addresses.contains { $0.address == own } }
        #expect(host.configuration.ownAddresses.owner(of: own) == owner)
        #expect(host.configuration.ownAddresses.contains(own) == (owner != nil))
        #expect(host.configuration.interfaceIndex(device) == host.interfaces.firstIndex { $0.name == device })
      }
    }
    #expect(host.interfaces.count > 20)
  }
}

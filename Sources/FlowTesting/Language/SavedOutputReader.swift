// Reads what `ip addr`, `ip route`, `ip rule` and `sysctl -a` print, so that a host can be described by what it says of itself.

import NetfilterModel
import Simulator

/// Reads saved output; every line becomes setup, a problem, or is one that says nothing a packet would meet.
struct SavedOutputReader {
  /// A line that could not be understood.
  struct Problem {
    var line: Int
    var message: String
    var help: String?
    var severity: Severity?
  }

  private(set) var setups: [(setup: FlowSetup, line: Int)] = []
  private(set) var problems: [Problem] = []
  private var interfaces: [(interface: Interface, addresses: [InterfaceAddress], line: Int)] = []
  /// The interfaces that belong to another one, with that one.
  private var members: [(name: InterfaceName, owner: Substring, line: Int)] = []
  /// The rules that every host has, as far as the output has them.
  private var usualRules: Set<String> = []

  /// The most problems that are reported of one file.
  static let mostProblems = 20

  /// The family that the importing line names, for routes and rules.
  private let family: AddressFamily?

  init(_ output: SavedOutput, _ family: AddressFamily? = nil, _ text: String) {
    self.family = family
    if let problem = SavedOutputForm(text).problem(of: output) {
      complain(1, problem.message, help: problem.help)
      return
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: { $0.isNewline })
    for (index, line) in lines.enumerated() where problems.count < SavedOutputReader.mostProblems {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\\" })
      guard !words.isEmpty else { continue }
      switch output {
      case .addr: address(words, index + 1)
      case .route: route(words, line, index + 1)
      case .rule: rule(words, index + 1)
      case .sysctl: setting(line, index + 1)
      }
    }
    setups += interfaces.map {
      (.interface($0.interface, addresses: SavedOutputReader.inOrderOfMaking($0.addresses)), $0.line)
    }
    if let first = members.first {
      complain(
        first.line,
        "\(members.count == 1 ? "an interface belongs" : "\(members.count) interfaces belong") to another (`\(first.name)` to `\(first.owner)`)",
        help: "what arrives on a bridge's port arrives on the bridge; a VRF's own tables are not simulated",
        severity: .note)
    }
    if output == .sysctl { sortSettings() }
    if output == .rule { checkUsualRules() }
  }

  private mutating func complain(_ line: Int, _ message: String, help: String? = nil, severity: Severity? = nil) {
    problems.append(Problem(line: line, message: message, help: help, severity: severity))
  }

  // MARK: ip addr

  /// The addresses as they were added: of those of IPv6 the last one is listed first (kernel: `ipv6_link_dev_addr`).
  private static func inOrderOfMaking(_ addresses: [InterfaceAddress]) -> [InterfaceAddress] {
    addresses.filter { $0.address.family == .ipv4 } + addresses.filter { $0.address.family == .ipv6 }.reversed()
  }

  /// `2: eth0@if5: <BROADCAST,UP> mtu 1500 ...`, `link/ether MAC ...`, `inet 192.0.2.1/24 ...`; with `-o` the interface stands before each address.
  private mutating func address(_ words: [Substring], _ line: Int) {
    var words = words[...]
    if let number = words.first, number.hasSuffix(":"), number.dropLast().allSatisfy({ $0.isNumber }), words.count > 1 {
      words = words.dropFirst()
      let word = words.popFirst() ?? ""
      let name = word.prefix { $0 != "@" && $0 != ":" }
      guard InterfaceName.isValid(String(name)) else { return complain(line, "`\(word)` is not an interface") }
      if interfaces.last?.interface.name != InterfaceName(name) {
        let isLoopback = name == "lo"
        interfaces.append((Interface(InterfaceName(name), mtu: isLoopback ? 65536 : 1500), [], line))
      }
      if let flags = words.first, flags.hasPrefix("<") {
        interfaces[interfaces.count - 1].interface.isUp =
          flags.dropFirst().dropLast().split(separator: ",").contains("UP")
        words = words.dropFirst()
      }
    }
    guard !interfaces.isEmpty else {
      // Once: every line of another form is like the first.
      if problems.isEmpty {
        complain(line, "this is not the output of `ip addr`", help: "save what `ip addr` prints, without `-br`")
      }
      return
    }
    while let word = words.popFirst() {
      switch word {
      case "mtu":
        let text = words.popFirst() ?? ""
        guard let mtu = parseUnsigned(text, in: 68...65536) else {
          return complain(line, "`\(text)` is not an MTU (68 to 65536 bytes)")
        }
        interfaces[interfaces.count - 1].interface.mtu = Int(mtu)
      case "master":
        if let owner = words.popFirst(), let interface = interfaces.last?.interface {
          members.append((interface.name, owner, line))
        }
      case "link/ether":
        guard let mac = words.popFirst() else { return complain(line, "the Ethernet address is missing") }
        guard case .success(.mac(let bytes)) = PacketOption.parse("mac", String(mac)) else {
          return complain(line, "`\(mac)` is not an Ethernet address")
        }
        interfaces[interfaces.count - 1].interface.mac = bytes
        return
      case "inet", "inet6": return add(&words, line)
      case _ where word.hasPrefix("link/"), "altname", "valid_lft": return
      default: break
      }
    }
  }

  /// `inet 10.8.0.1 peer 10.8.0.2/32 brd 10.8.0.255 scope global secondary noprefixroute tun0`.
  private mutating func add(_ words: inout ArraySlice<Substring>, _ line: Int) {
    guard let text = words.popFirst(), var address = InterfaceAddress(text) else {
      return complain(line, "the address cannot be read")
    }
    let place = interfaces.count - 1
    // Every host has these already.
    if interfaces[place].interface.isLoopback, address.address == .v4(0x7f00_0001) || address.address == .v6(0, 1) {
      return
    }
    var peer: InterfaceAddress?
    while let word = words.popFirst() {
      switch word {
      case "peer":
        guard let far = words.popFirst().flatMap({ InterfaceAddress($0) }) else {
          return complain(line, "the peer's address cannot be read")
        }
        peer = far
      case "brd": address.broadcast = words.popFirst().flatMap { IPAddress($0) }
      case "metric":
        let text = words.popFirst() ?? ""
        guard let metric = parseUnsigned(text, in: 0...0xffff_ffff) else {
          return complain(line, "`\(text)` is not a metric (0 to 4294967295)")
        }
        address.metric = metric == 0 ? nil : UInt32(truncatingIfNeeded: metric)
      // What else is there says nothing that a packet would meet.
      default: _ = address.take(flag: word)
      }
    }
    if let peer {
      // The network is the peer's (kernel: `fib_add_ifaddr`), and so is its broadcast address.
      if address.address.family == .ipv4, peer.prefixLength < 31 {
        address.broadcast = .v4(peer.network.address.v4Bits | ~peer.network.mask.v4Bits)
      }
      if address.hasPrefixRoute, interfaces[place].interface.isUp {
        let name = interfaces[place].interface.name
        // That of IPv6 names no source (kernel: `addrconf_prefix_route`).
        let rest =
          address.address.family == .ipv4 ? "src \(address.address)" : "metric \(address.metric ?? 256)"
        setups.append((.route("\(peer.network.address)/\(peer.prefixLength) dev \(name) \(rest)"), line))
      }
    }
    interfaces[place].addresses.append(address)
  }

  // MARK: ip route, ip rule

  /// What stands before the words of a route or rule whose family is named.
  private var option: String {
    switch family {
    case .ipv4: "-4 "
    case .ipv6: "-6 "
    case nil: ""
    }
  }

  private mutating func route(_ words: [Substring], _ line: Substring, _ number: Int) {
    if words.first == "nexthop" {
      if let last = setups.last, last.line == number - 1 { setups.removeLast() }
      if problems.last?.line != number - 1 || problems.isEmpty {
        complain(number, "routes with several next hops are not modelled", help: "leave one of them")
      }
      return
    }
    // The kernel does not use a route whose interface is down.
    if words.contains("dead") { return }
    let text = option + words.joined(separator: " ")
    do {
      if let word = try Route.parse(text).notSimulated {
        complain(number, "`\(word)` of a route is not simulated", severity: .warning)
      }
    } catch {
      return complain(number, error.message, help: error.help)
    }
    setups.append((.route(text), number))
  }

  /// `32766: from all lookup main`; the three that every host has are passed over.
  private mutating func rule(_ words: [Substring], _ line: Int) {
    guard let number = words.first, number.hasSuffix(":"), let priority = UInt32(number.dropLast()) else {
      return complain(line, "the line has no priority", help: "this is not the output of `ip rule`")
    }
    let rest = words.dropFirst().filter { $0 != "[detached]" }.joined(separator: " ")
    let whole = "\(priority) \(rest)"
    if SavedOutputReader.usualRules.contains(whole) {
      usualRules.insert(whole)
      return
    }
    let text = "\(option)\(rest) priority \(priority)"
    do { _ = try RoutingRule.parse(text) } catch { return complain(line, error.message, help: error.help) }
    setups.append((.routingRule(text), line))
  }

  private static let usualRules = [
    "0 from all lookup local", "32766 from all lookup main", "32767 from all lookup default",
  ]

  /// A host whose own rules were taken away routes in another way; the default table is empty nearly always.
  private mutating func checkUsualRules() {
    if !problems.isEmpty || (setups.isEmpty && usualRules.isEmpty) { return }
    let isWithoutDefault = !usualRules.contains(SavedOutputReader.usualRules[2])
    if family == nil, isWithoutDefault, usualRules.count == 2, !setups.isEmpty {
      complain(
        1, "the output has no rule `32767: from all lookup default`, as if it were of `ip -6 rule`",
        help: "write `import rule v6 PATH`, or `v4`", severity: .warning)
    }
    for rule in SavedOutputReader.usualRules.prefix(2) where !usualRules.contains(rule) {
      let words = rule.split(separator: " ", maxSplits: 1)
      complain(
        1, "the output has no rule `\(words.first ?? ""): \(words.last ?? "")`, which the simulated host has",
        severity: .warning)
    }
  }

  // MARK: sysctl

  /// `net.ipv4.ip_forward = 1`; what is not of the network is passed over.
  private mutating func setting(_ line: Substring, _ number: Int) {
    // What sysctl says about settings that it cannot read, and the comments of sysctl.conf(5).
    if line.hasPrefix("sysctl:") || line.hasPrefix("#") || line.hasPrefix(";") { return }
    guard let sign = line.firstIndex(of: "=") else {
      return complain(number, "the line has no `=`", help: "this is not the output of `sysctl -a`")
    }
    let key = line[..<sign].split(separator: " ").joined()
    let value = line[line.index(after: sign)...].split(whereSeparator: { $0.isWhitespace }).joined(separator: " ")
    guard key.hasPrefix("net.") || key.hasPrefix("net/"), !value.isEmpty else { return }
    setups.append((.sysctl(key, value), number))
  }

  /// From the general to the particular: the output has an interface's own value too, wherever it stands.
  private mutating func sortSettings() {
    let rank = { (setup: FlowSetup) in if case .sysctl(let key, _) = setup { KernelSetting.rank(key) } else { 0 } }
    setups = setups.enumerated().map { (rank($0.element.setup), $0.offset, $0.element) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { $0.2 }
  }
}

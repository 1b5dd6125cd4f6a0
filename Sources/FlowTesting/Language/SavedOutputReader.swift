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
  }

  private(set) var setups: [(setup: FlowSetup, line: Int)] = []
  private(set) var problems: [Problem] = []
  private var interfaces: [(interface: Interface, addresses: [InterfaceAddress], line: Int)] = []

  /// The most problems that are reported of one file.
  static let mostProblems = 20

  init(_ output: SavedOutput, _ text: String) {
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
    setups += interfaces.map { (.interface($0.interface, addresses: $0.addresses), $0.line) }
    if output == .sysctl { sortSettings() }
  }

  private mutating func complain(_ line: Int, _ message: String, help: String? = nil) {
    problems.append(Problem(line: line, message: message, help: help))
  }

  // MARK: ip addr

  /// `2: eth0@if5: <BROADCAST,UP> mtu 1500 ...`, `link/ether MAC ...`, `inet 192.0.2.1/24 ...`; with `-o` the interface stands before each address.
  private mutating func address(_ words: [Substring], _ line: Int) {
    var words = words[...]
    if words[0].hasSuffix(":"), words[0].dropLast().allSatisfy({ $0.isNumber }), words.count > 1 {
      let name = words[1].split(separator: "@")[0].split(separator: ":").first ?? ""
      guard !name.isEmpty, name.utf8.count <= 15 else { return complain(line, "`\(words[1])` is not an interface") }
      if interfaces.last?.interface.name != InterfaceName(name) {
        let isLoopback = name == "lo"
        interfaces.append((Interface(InterfaceName(name), mtu: isLoopback ? 65536 : 1500), [], line))
      }
      words = words.dropFirst(2)
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
        if let mtu = words.popFirst().flatMap({ Int($0) }), (68...65536).contains(mtu) {
          interfaces[interfaces.count - 1].interface.mtu = mtu
        }
      case "link/ether":
        guard let mac = words.popFirst() else { return complain(line, "the Ethernet address is missing") }
        if case .success(.mac(let bytes)) = PacketOption.parse("mac", String(mac)) {
          interfaces[interfaces.count - 1].interface.mac = bytes
        }
        return
      case "inet", "inet6": return add(&words, line)
      case _ where word.hasPrefix("link/"), "altname", "valid_lft": return
      default: break
      }
    }
  }

  private mutating func add(_ words: inout ArraySlice<Substring>, _ line: Int) {
    guard let text = words.popFirst(), let address = InterfaceAddress(text) else {
      return complain(line, "the address cannot be read")
    }
    let place = interfaces.count - 1
    // Every host has these already.
    if interfaces[place].interface.isLoopback, address.address == .v4(0x7f00_0001) || address.address == .v6(0, 1) {
      return
    }
    interfaces[place].addresses.append(address)
    if words.first == "peer", words.count > 1 {
      let peer = words[words.startIndex + 1]
      setups.append((.route("\(peer) dev \(interfaces[place].interface.name) src \(address.address)"), line))
    }
  }

  // MARK: ip route, ip rule

  private mutating func route(_ words: [Substring], _ line: Substring, _ number: Int) {
    if words[0] == "nexthop" {
      if let last = setups.last, last.line == number - 1 { setups.removeLast() }
      if problems.last?.line != number - 1 || problems.isEmpty {
        complain(number, "routes with several next hops are not modelled", help: "leave one of them")
      }
      return
    }
    let text = words.joined(separator: " ")
    do { _ = try Route.parse(text) } catch { return complain(number, error.message) }
    setups.append((.route(text), number))
  }

  /// `32766: from all lookup main`; the three that every host has are passed over.
  private mutating func rule(_ words: [Substring], _ line: Int) {
    guard words[0].hasSuffix(":"), let priority = UInt32(words[0].dropLast()) else {
      return complain(line, "the line has no priority", help: "this is not the output of `ip rule`")
    }
    let rest = words.dropFirst().filter { $0 != "[detached]" }.joined(separator: " ")
    if ["0 from all lookup local", "32766 from all lookup main", "32767 from all lookup default"]
      .contains("\(priority) \(rest)")
    {
      return
    }
    let text = "\(rest) priority \(priority)"
    do { _ = try RoutingRule.parse(text) } catch { return complain(line, error.message) }
    setups.append((.routingRule(text), line))
  }

  // MARK: sysctl

  /// `net.ipv4.ip_forward = 1`; what is not of the network, and what can only be read, is passed over.
  private mutating func setting(_ line: Substring, _ number: Int) {
    guard let sign = line.firstIndex(of: "=") else {
      // What sysctl says about settings that it cannot read.
      if line.hasPrefix("sysctl:") { return }
      return complain(number, "the line has no `=`", help: "this is not the output of `sysctl -a`")
    }
    let key = line[..<sign].split(separator: " ").joined()
    let value = line[line.index(after: sign)...].split(whereSeparator: { $0.isWhitespace }).joined(separator: " ")
    guard key.hasPrefix("net."), key != "net.netfilter.nf_conntrack_count", !value.isEmpty else { return }
    setups.append((.sysctl(key, value), number))
  }

  /// From the general to the particular: `ip_forward` and `conf.all` change every interface, whose own value the output has too.
  private mutating func sortSettings() {
    let rank = { (setup: FlowSetup) in
      guard case .sysctl(let key, _) = setup, key.hasPrefix("net.ipv4.conf.") else { return 0 }
      return key.hasPrefix("net.ipv4.conf.all.") ? 1 : 2
    }
    setups = setups.enumerated().sorted { (rank($0.element.setup), $0.offset) < (rank($1.element.setup), $1.offset) }
      .map { $0.element }
  }
}

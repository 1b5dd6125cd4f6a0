// What the NAT targets are told to translate to, how it is read and how it is printed.

/// Addresses and ports for a NAT target (kernel: `nf_nat_range2`; man page: iptables-extensions, SNAT and DNAT).
public struct NATSpecification: Hashable, Sendable {
  /// The first address; nil keeps the address.
  public var first: IPAddress?
  /// The last address; may lie below the first, which iptables and the kernel let pass.
  public var last: IPAddress?
  /// The ports or ICMP identifiers; nil keeps them.
  public var ports: PortRange?
  /// What the destination port is counted from (`80-90/8080`), or nil; always 0 where the option cannot hold it.
  public var basePort: UInt16?

  /// Makes a specification that changes nothing.
  public init() {}

  /// `1.2.3.4-1.2.3.9:80-90/8080` or `[fd00::1-fd00::9]:80`, each part only when given.
  public var description: String {
    var text = ""
    if let first {
      text += first.description
      if let last, last != first { text += "-\(last)" }
      // Without brackets the port would be the last group of an address.
      if first.family == .ipv6, ports != nil { text = "[\(text)]" }
    }
    if ports != nil { text += ":" + portText }
    return text
  }

  /// `80-90/8080`.
  public var portText: String {
    guard let ports else { return "" }
    var text = "\(ports.lower)"
    if ports.upper != ports.lower { text += "-\(ports.upper)" }
    if let basePort { text += "/\(basePort)" }
    return text
  }

  /// The range for NAT, or nil when the addresses run backwards.
  func range(random: Bool = false, fullyRandom: Bool = false, persistent: Bool = false) -> NATRange? {
    var range = NATRange()
    if let first, let last {
      guard first <= last else { return nil }
      range.addresses = first...last
    }
    if let ports, ports.lower <= ports.upper { range.ports = ports.lower...ports.upper }
    range.basePort = basePort
    range.isRandom = random
    range.isFullyRandom = fullyRandom
    range.isPersistent = persistent
    return range
  }

  /// The translation to it; unknown for addresses that run backwards.
  func effects(
    _ manipulation: NATManipulation, to address: TranslationAddress = .range, random: Bool = false,
    fullyRandom: Bool = false, persistent: Bool = false
  ) -> [Effect] {
    guard let range = range(random: random, fullyRandom: fullyRandom, persistent: persistent) else {
      return [.unknown("the NAT addresses run backwards, and the kernel's choice among them is not simulated")]
    }
    return [.translate(Translation(manipulation, to: address, range: range))]
  }
}

extension NATSpecification {
  /// Reads `address[-address][:port[-port[/base]]]` (iptables: `parse_to`); one colon starts ports, two make an IPv6 address unless in brackets.
  static func parse(_ argument: OptionArgument) throws(OptionError) -> NATSpecification {
    var result = NATSpecification()
    var addresses = argument.text[...]
    if let open = addresses.firstIndex(of: "[") {
      guard argument.family == .ipv6, let close = addresses[open...].firstIndex(of: "]") else {
        throw OptionError("`\(argument.text)` is not an address range: brackets are for IPv6 addresses")
      }
      if let colon = addresses[close...].firstIndex(of: ":") {
        try result.parsePorts(addresses[addresses.index(after: colon)...], argument)
        if hasNoAddress(before: colon, argument.text) { return result }
      }
      addresses = addresses[addresses.index(after: open)..<close]
    } else if let colon = addresses.firstIndex(of: ":"), addresses.lastIndex(of: ":") == colon {
      try result.parsePorts(addresses[addresses.index(after: colon)...], argument)
      addresses = addresses[..<colon]
      if hasNoAddress(before: colon, argument.text) { return result }
    }
    let ends = addresses.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let first = try address(ends.first ?? "", argument.family)
    result.first = first
    result.last = ends.count > 1 ? try address(ends[1], argument.family) : first
    return result
  }

  /// Whether iptables takes what stands before the ports for nothing: nothing, or two bytes, which it holds to be `[]`.
  private static func hasNoAddress(before colon: String.Index, _ text: String) -> Bool {
    let count = text.utf8.distance(from: text.utf8.startIndex, to: colon)
    return count == 0 || count == 2
  }

  /// Reads an address as inet_pton does.
  static func address(_ text: Substring, _ family: AddressFamily) throws(OptionError) -> IPAddress {
    guard let address = IPAddress(text, family: family) else {
      throw OptionError(
        "`\(text)` is not an address", help: "write `address[-address][:port[-port]]`",
        tool: "Bad IP address \"\(text)\"")
    }
    return address
  }

  /// Reads `port[-port[/base]]` (iptables: `parse_ports`); the first and the base may be service names, the second may not.
  mutating func parsePorts(_ text: Substring, _ argument: OptionArgument) throws(OptionError) {
    let hasPorts: [ProtocolNumber] = [.tcp, .udp, .sctp, .dccp, .icmp]
    guard let number = argument.protocolNumber?.value, hasPorts.contains(number) else {
      throw OptionError(
        "ports need a protocol that has them", help: "put `-p tcp`, `-p udp`, `-p sctp`, `-p dccp` or `-p icmp` before",
        tool: "Need TCP, UDP, SCTP or DCCP with port specification")
    }
    let slash = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if parseUnsigned(text) == nil, let port = ServiceNames.port(named: text, protocolNumber: nil) {
      ports = PortRange(port)
      return
    }
    let ends = (slash.first ?? "").split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let lower = parseUnsigned(ends.first ?? "", in: 0...65535) else {
      throw OptionError(
        "`\(text)` is not a port: a number from 0 to 65535, a range `first-last`, or the name of one service",
        tool: "Port `\(text)' not valid")
    }
    guard ends.count > 1 else {
      if slash.count > 1 { throw OptionError("a base port needs a port range", help: "write it as `first-last/base`") }
      ports = PortRange(UInt16(lower))
      return
    }
    guard let upper = parseUnsigned(ends[1], in: 0...65535) else {
      throw OptionError("`\(ends[1])` is not a port number from 0 to 65535", tool: "Port `\(ends[1])' not valid")
    }
    guard lower <= upper else {
      throw OptionError("port range `\(text)` starts after its end", tool: "Port range `\(ends[1])' funky")
    }
    ports = PortRange(UInt16(lower), UInt16(upper))
    guard slash.count > 1 else { return }
    if let port = ServiceNames.port(named: slash[1], protocolNumber: nil) {
      basePort = port
    } else if let port = scanUnsigned(slash[1])?.value, port >= 1, port <= 65535 {
      basePort = UInt16(port)
    } else {
      throw OptionError("`\(slash[1])` is not a base port: a number from 1 to 65535 or the name of a service")
    }
  }
}

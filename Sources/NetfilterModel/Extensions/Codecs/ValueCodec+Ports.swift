// Port codecs and port listings that tcp, udp, multiport and conntrack share.

/// The port of a service of any transport protocol, as the C library's resolver finds it without a hint: a decimal number,
/// of which the low 16 bits count, or a name, TCP first, then UDP, DCCP, UDP-Lite, SCTP (iptables: `xtables_getportbyname`).
func portOfAnyProtocol(named name: some StringProtocol) -> UInt16? {
  if let (number, end) = NumberReader.scanf(name), end == name.endIndex {
    return Int32(truncatingIfNeeded: number) < 0 ? nil : UInt16(truncatingIfNeeded: number)
  }
  for number: ProtocolNumber in [.tcp, .udp, .dccp, .udplite, .sctp] {
    if let port = ServiceNames.port(named: name, protocolNumber: number) { return port }
  }
  return nil
}

extension ValueCodec where Value == PortRange {
  /// `port[:port]` as the option table of iptables reads it: names of services of any protocol, an empty part is 0 or
  /// 65535, and a range may start after its end, which then matches nothing (iptables: `XTTYPE_PORTRC`).
  public static let looselyOrderedPortRange = ValueCodec("port[:port]") { (argument) throws(OptionError) in
    let parts = argument.text.split(separator: ":", omittingEmptySubsequences: false)
    let port = { (text: Substring) throws(OptionError) -> UInt16 in
      if let number = portOfAnyProtocol(named: text) { return number }
      throw OptionError("`\(text)` is not a port: a number from 0 to 65535 or the name of a service")
    }
    guard let first = parts.first, parts.count <= 2 else {
      throw OptionError("`\(argument.text)` is not a port range: at most two ports can be given")
    }
    let lower = first.isEmpty ? 0 : try port(first)
    guard parts.count == 2 else { return PortRange(lower) }
    return PortRange(lower, parts[1].isEmpty ? 65535 : try port(parts[1]))
  } print: {
    $0.description
  }
}

extension Invertible<PortRange> {
  /// What `iptables -L` prints for `--sport` and `--dport` of tcp and udp: `spt:1`, `dpts:!1:2`; nil for every port.
  func listing(_ name: String, protocolNumber: ProtocolNumber, style: ListStyle) -> String? {
    guard inverted || value != .all else { return nil }
    let text = { (port: UInt16) in
      ServiceNames.text(port, protocolNumber: protocolNumber, numeric: style.numeric)
    }
    let not = inverted ? "!" : ""
    if value.lower == value.upper { return "\(name):\(not)\(text(value.lower))" }
    return "\(name)s:\(not)\(text(value.lower)):\(text(value.upper))"
  }
}

extension ValueCodec where Value == UInt16 {
  /// One port, by number or by the name of a service of any protocol (iptables: `XTTYPE_PORT`).
  static let anyServicePort = ValueCodec("port") { (argument) throws(OptionError) in
    guard let port = portOfAnyProtocol(named: argument.text) else {
      throw OptionError("`\(argument.text)` is not a port: a number or the name of a service")
    }
    return port
  } print: {
    "\($0)"
  }
}

// Addresses, masks, protocols and numbers as iptables' base options read them.

/// The values of `-s`, `-d`, `-p` and rule numbers.
enum AddressSyntax {
  /// Reads a protocol's name, in lower case, or number.
  static func protocolNumber(_ name: String) -> ProtocolNumber? {
    switch name {
    case "tcp": return .tcp
    case "udp": return .udp
    case "all": return .any
    default: break
    }
    if let number = parseUnsigned(name, in: 0...255) { return ProtocolNumber(UInt8(truncatingIfNeeded: number)) }
    return ProtocolNumber(name: name)
  }

  /// Reads the common forms `1.2.3.4` and `1.2.3.4/24` in one pass; nil for every other, right or wrong.
  static func plainAddress(_ text: UnsafeBufferPointer<UInt8>) -> AddressMatch? {
    guard let (bits, length) = AddressReader.quad(text) else { return nil }
    if length == text.count { return AddressMatch(.v4(bits), prefixLength: 32) }
    guard text[length] == 0x2f, length + 1 < text.count, text.count - length <= 4 else { return nil }
    var prefix = 0
    for byte in text[(length + 1)...] {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      // A leading zero would mean an octal number.
      if prefix == 0, text.count > length + 2, byte == 0x30 { return nil }
      prefix = prefix * 10 + Int(byte - 0x30)
    }
    return prefix <= 32 ? AddressMatch(.v4(bits), prefixLength: prefix) : nil
  }

  /// Reads `address`, `address/prefix` or `address/mask` (iptables: `xtables_ipparse_multiple`, one element of it).
  static func address(_ text: Substring, family: AddressFamily) -> Result<AddressMatch, OptionError> {
    let slash = text.utf8.lastIndex(of: 0x2f)
    let name = slash.map { text[..<$0] } ?? text
    var mask = IPAddress.prefixMask(family.addressBits, family: family)
    if let slash {
      let tail = text[text.utf8.index(after: slash)...]
      if let dotted = tail.contains(family == .ipv4 ? "." : ":") ? maskAddress(tail, family: family) : nil {
        mask = dotted
      } else if let bits = parseUnsigned(tail, in: 0...UInt64(family.addressBits)) {
        mask = .prefixMask(Int(bits), family: family)
      } else {
        return .failure(
          OptionError(
            tail.isEmpty
              ? "the prefix length after `/` is missing"
              : "`\(tail)` is not a prefix length from 0 to \(family.addressBits) or a mask",
            help: family == .ipv4 ? "write `/24` or `/255.255.255.0`" : "write `/64`",
            tool: "invalid mask `\(tail)' specified"))
      }
    }
    if mask.isZero { return .success(AddressMatch(.any(family), mask: mask)) }
    if let address = numeric(name, family: family) { return .success(AddressMatch(address, mask: mask)) }
    return .failure(notAnAddress(name, family: family))
  }

  private static func maskAddress(_ text: Substring, family: AddressFamily) -> IPAddress? {
    family == .ipv6 ? IPAddress(text, family: .ipv6) : AddressReader.numericToIPMask(text).map { .v4($0) }
  }

  /// A numeric address: as iptables itself reads it, with missing parts on the right, else as the resolver does
  /// without a lookup.
  static func numeric(_ text: Substring, family: AddressFamily) -> IPAddress? {
    if family == .ipv6 {
      return text == "localhost" ? .v6(0, 1) : IPAddress(text, family: .ipv6)
    }
    if let bits = AddressReader.numericToIPAddr(text) ?? AddressReader.inetAton(text) { return .v4(bits) }
    return text == "localhost" ? .v4(0x7f00_0001) : nil
  }

  private static func notAnAddress(_ name: Substring, family: AddressFamily) -> OptionError {
    if IPAddress(name) != nil {
      return OptionError(
        "`\(name)` is not an \(family == .ipv4 ? "IPv4" : "IPv6") address",
        help: family == .ipv4
          ? "IPv6 rules belong to a file for ip6tables" : "IPv4 rules belong to a file for iptables",
        tool: "host/network `\(name)' not found")
    }
    if name.isEmpty { return OptionError("an address is missing", tool: "host/network `' not found") }
    if name == "!" {
      return OptionError(
        "`!` is not an address", help: "put the `!` before the option", tool: "host/network `!' not found")
    }
    let isNumber = name.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2e || $0 == 0x2d || $0 == 0x3a }
    // No host has another character in its name.
    let isName = name.utf8.allSatisfy {
      $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x41 && $0 <= 0x5a || $0 >= 0x61 && $0 <= 0x7a || $0 == 0x2d || $0 == 0x2e
        || $0 == 0x5f
    }
    if isNumber || !isName {
      return OptionError(
        "`\(name)` is not an address",
        help: name.contains("-") ? "a range needs `-m iprange --src-range` or `--dst-range`" : nil,
        tool: "host/network `\(name)' not found")
    }
    return OptionError(
      "`\(name)` is not an address", help: "names of hosts are not looked up: write the address itself")
  }
}

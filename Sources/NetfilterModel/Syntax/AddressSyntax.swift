// Addresses, masks, protocols and numbers as iptables' base options read them.

/// The values of `-s`, `-d`, `-p` and rule numbers.
enum AddressSyntax {
  /// Reads a whole number as strtoul with base 0 does: blanks and `+` before it, `0x`, leading `0` for octal.
  static func unsigned(_ text: some StringProtocol, maximum: UInt64) -> UInt64? {
    var digits = Substring(text)
    while let first = digits.utf8.first, first == 0x20 || (first >= 0x09 && first <= 0x0d) {
      digits = digits.dropFirst()
    }
    if digits.hasPrefix("+") { digits = digits.dropFirst() }
    return parseUnsigned(digits, in: 0...maximum)
  }

  /// Reads the decimal number that a text starts with, as `sscanf("%llu")` does; too large ones give the largest.
  static func leadingNumber(_ text: some StringProtocol) -> UInt64? {
    var value: UInt64 = 0
    var digits = 0
    for byte in text.utf8 {
      if digits == 0, byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte == 0x2b { continue }
      guard byte >= 0x30, byte <= 0x39 else { break }
      digits += 1
      let (product, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(byte - 0x30))
      value = over || carry ? .max : sum
    }
    return digits > 0 ? value : nil
  }

  /// Reads a protocol's name, in lower case, or number.
  static func protocolNumber(_ name: String) -> ProtocolNumber? {
    switch name {
    case "tcp": return .tcp
    case "udp": return .udp
    case "all": return .any
    default: break
    }
    if let number = unsigned(name, maximum: 255) { return ProtocolNumber(UInt8(truncatingIfNeeded: number)) }
    return ProtocolNumber(name: name)
  }

  /// Reads the common forms `1.2.3.4` and `1.2.3.4/24` in one pass; nil for every other, right or wrong.
  static func plainAddress(_ text: UnsafeBufferPointer<UInt8>) -> AddressMatch? {
    var bits: UInt32 = 0
    var part: UInt32 = 0
    var digits = 0
    var dots = 0
    var isPrefix = false
    for byte in text {
      switch byte {
      case 0x30...0x39:
        // A leading zero would mean an octal number.
        if digits > 0, part == 0 { return nil }
        part = part &* 10 &+ UInt32(byte &- 0x30)
        digits += 1
        if digits > 3 || part > 255 { return nil }
      case 0x2e where digits > 0 && dots < 3 && !isPrefix:
        bits = bits << 8 | part
        dots += 1
        part = 0
        digits = 0
      case 0x2f where digits > 0 && dots == 3 && !isPrefix:
        bits = bits << 8 | part
        isPrefix = true
        part = 0
        digits = 0
      default: return nil
      }
    }
    guard digits > 0, dots == 3 else { return nil }
    if !isPrefix { return AddressMatch(.v4(bits << 8 | part), prefixLength: 32) }
    return part <= 32 ? AddressMatch(.v4(bits), prefixLength: Int(part)) : nil
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
      } else if let bits = unsigned(tail, maximum: UInt64(family.addressBits)) {
        mask = .prefixMask(Int(bits), family: family)
      } else {
        return .failure(
          OptionError(
            tail.isEmpty
              ? "the prefix length after `/` is missing"
              : "`\(tail)` is not a prefix length from 0 to \(family.addressBits) or a mask",
            help: family == .ipv4 ? "write `/24` or `/255.255.255.0`" : "write `/64`"))
      }
    }
    if mask.isZero { return .success(AddressMatch(.any(family), mask: mask)) }
    if let address = numeric(name, family: family) { return .success(AddressMatch(address, mask: mask)) }
    return .failure(notAnAddress(name, family: family))
  }

  private static func maskAddress(_ text: Substring, family: AddressFamily) -> IPAddress? {
    if family == .ipv6 { return IPAddress(text, family: .ipv6) }
    return text.utf8.count { $0 == 0x2e } == 3 ? dottedQuad(text) : nil
  }

  /// A numeric address: the common form first, then fewer parts as iptables completes them, then inet_aton's forms.
  static func numeric(_ text: Substring, family: AddressFamily) -> IPAddress? {
    if family == .ipv6 {
      return text == "localhost" ? .v6(0, 1) : IPAddress(text, family: .ipv6)
    }
    if let address = dottedQuad(text) ?? internetAddress(text) { return address }
    return text == "localhost" ? .v4(0x7f00_0001) : nil
  }

  /// One to four numbers of a byte each; missing ones at the end are zero (iptables: `xtables_numeric_to_ipaddr`).
  private static func dottedQuad(_ text: Substring) -> IPAddress? {
    if let address = IPAddress(text, family: .ipv4), !hasLeadingZero(text) { return address }
    let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
    var bits: UInt32 = 0
    for index in 0..<4 {
      guard index < parts.count else {
        bits = bits << 8
        continue
      }
      guard let byte = unsigned(parts[index], maximum: 255) else { return nil }
      bits = bits << 8 | UInt32(byte)
    }
    return .v4(bits)
  }

  private static func hasLeadingZero(_ text: Substring) -> Bool {
    var before: UInt8 = 0x2e
    var iterator = text.utf8.makeIterator()
    while let byte = iterator.next() {
      if before == 0x30, byte >= 0x30 { return true }
      before = before == 0x2e ? byte : (byte == 0x2e ? 0x2e : 0)
    }
    return false
  }

  /// The forms of inet_aton, whose last number fills the remaining bytes; the resolver takes them without a lookup.
  private static func internetAddress(_ text: Substring) -> IPAddress? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard !parts.isEmpty, parts.count <= 4 else { return nil }
    var bits: UInt64 = 0
    for part in parts.dropLast() {
      guard part.utf8.first.map({ $0 >= 0x30 && $0 <= 0x39 }) == true, let byte = unsigned(part, maximum: 255) else {
        return nil
      }
      bits = bits << 8 | byte
    }
    let rest = 8 * (5 - parts.count)
    guard let last = parts.last, last.utf8.first.map({ $0 >= 0x30 && $0 <= 0x39 }) == true,
      let tail = unsigned(last, maximum: (1 << UInt64(rest)) - 1)
    else { return nil }
    return .v4(UInt32(truncatingIfNeeded: bits << UInt64(rest) | tail))
  }

  private static func notAnAddress(_ name: Substring, family: AddressFamily) -> OptionError {
    if IPAddress(name) != nil {
      return OptionError(
        "`\(name)` is not an \(family == .ipv4 ? "IPv4" : "IPv6") address",
        help: family == .ipv4 ? "IPv6 rules belong to a file for ip6tables" : "IPv4 rules belong to a file for iptables"
      )
    }
    if name.isEmpty { return OptionError("an address is missing") }
    if name == "!" { return OptionError("`!` is not an address", help: "put the `!` before the option") }
    if name.utf8.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2e || $0 == 0x2d || $0 == 0x3a }) {
      return OptionError(
        "`\(name)` is not an address",
        help: name.contains("-") ? "a range needs `-m iprange --src-range` or `--dst-range`" : nil)
    }
    return OptionError(
      "`\(name)` is not an address", help: "names of hosts are not looked up: write the address itself")
  }
}

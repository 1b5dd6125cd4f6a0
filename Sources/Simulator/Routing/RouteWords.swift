// The words of a route or rule, one after the other.

import NetfilterModel

/// Words that are taken one after the other.
struct RouteWords {
  var rest: ArraySlice<Substring>
  /// The word that all begins with behind the family, or nothing.
  private(set) var first: Substring

  init(_ text: String) {
    rest = text.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
    first = rest.first ?? ""
  }

  /// Takes `-4` or `-6`, which say the family as `ip -6 route` does.
  mutating func family() -> AddressFamily? {
    guard let family: AddressFamily = ["-4": .ipv4, "-6": .ipv6][rest.first ?? ""] else { return nil }
    rest = rest.dropFirst()
    first = rest.first ?? ""
    return family
  }

  mutating func next() -> Substring? { rest.popFirst() }

  mutating func value(of key: Substring) throws(HostError) -> Substring {
    guard let value = rest.popFirst() else { throw HostError("`\(key)` needs a value") }
    return value
  }

  mutating func number(of key: Substring, in range: ClosedRange<UInt64>) throws(HostError) -> UInt64 {
    let text = try value(of: key)
    guard let number = parseUnsigned(text, in: range) else {
      throw HostError("`\(text)` is not a number for `\(key)` (\(range.lowerBound) to \(range.upperBound))")
    }
    return number
  }

  mutating func interface(of key: Substring) throws(HostError) -> InterfaceName {
    let text = try value(of: key)
    guard InterfaceName.isValid(String(text)) else {
      throw HostError("`\(text)` cannot be the name of an interface", help: "at most 15 bytes, without `/` and `:`")
    }
    return InterfaceName(text)
  }

  /// A TOS without the two bits of ECN, which the kernel refuses.
  mutating func tos(of key: Substring) throws(HostError) -> UInt8 {
    let number = try number(of: key, in: 0...255)
    guard number & 3 == 0 else {
      throw HostError("`\(key) \(number)` has bits of ECN", help: "the two lowest bits are zero, as in 0x10")
    }
    return UInt8(truncatingIfNeeded: number)
  }

  mutating func table(of key: Substring) throws(HostError) -> RoutingTableID {
    let text = try value(of: key)
    guard let id = RoutingTableID(text: text) else {
      throw HostError(
        "`\(text)` is not a routing table",
        help: "a number, or main, local and default; `ip -N` prints the numbers of names in /etc/iproute2/rt_tables")
    }
    return id
  }

  mutating func address(of key: Substring) throws(HostError) -> IPAddress {
    let text = try value(of: key)
    guard let address = IPAddress(text) else { throw HostError("`\(text)` is not an address") }
    return address
  }
}

extension AddressMatch {
  /// Parses `address[/length]`; without a length the whole address counts.
  init?(prefix text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(parts[0]) else { return nil }
    guard parts.count == 2 else {
      self.init(address, prefixLength: address.family.addressBits)
      return
    }
    guard let length = parseUnsigned(parts[1], in: 0...UInt64(address.family.addressBits)) else { return nil }
    self.init(address, prefixLength: Int(length))
  }
}

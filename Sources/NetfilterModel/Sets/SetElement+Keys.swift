// The entries that an element stands for, one after the other, as the kernel's functions for each type make them.

/// How much of a set file is still simulated.
struct SetBudget: Hashable, Sendable {
  /// Entries that are still looked at.
  var steps = 1 << 24
  /// Entries that all sets together may still get.
  var room = 1 << 21
}

extension SetElement {
  /// Calls a function with each entry that the element stands for (kernel: `mtype_uadt`).
  ///
  /// - Parameters:
  ///   - isTest: whether it is looked for, so that it is one entry.
  /// - Throws: what the kernel refuses, or what the function throws.
  func forEachKey(
    in header: SetHeader, isTest: Bool, _ budget: inout SetBudget, _ body: (SetKey) throws(SetFault) -> Void
  ) throws(SetFault) {
    var base = SetKey()
    base.word = flags
    base.interface = interface
    if let hardware {
      base.extra = hardware
      if header.type.isLastPartOptional { base.set(SetKey.Flag.hasHardware) }
      if header.type.method == .hash, hardware == 0 { throw .nullEntry }
    }
    if header.type.parts.contains(.mark) { base.extra = UInt64(mark & header.markMask) }
    if header.type.method == .bitmap {
      return try forEachNumber(in: header, base, isTest: isTest, &budget, body)
    }
    let ports = try ports(&base, header.family ?? .ipv4, isTest: isTest)
    guard let address, let family = header.family else {
      try budget.spend()
      return try body(base)
    }
    let firsts = try Spans(address, header, part: 0, isTest: isTest, isNull: base.extra == 0)
    let seconds = try second.map { (span) throws(SetFault) in
      try Spans(span, header, part: header.type.secondAddress ?? 2, isTest: isTest, isNull: false)
    }
    var outer = firsts
    while let (first, length) = outer.next() {
      base.setAddress(IPAddress(family: family, high: first.high, low: first.low))
      if header.type.parts[0] == .network { base.prefix = length }
      for port in ports {
        base.port = port
        guard var inner = seconds else {
          try budget.spend()
          try body(base)
          continue
        }
        while let (second, length) = inner.next() {
          base.setSecond(second)
          if header.type.parts[header.type.secondAddress ?? 2] == .network { base.secondPrefix = length }
          try budget.spend()
          try body(base)
        }
      }
    }
  }

  /// The ports, and the protocol into the key.
  private func ports(
    _ key: inout SetKey, _ family: AddressFamily, isTest: Bool
  ) throws(SetFault) -> ClosedRange<UInt16> {
    guard let protocolNumber else { return 0...0 }
    if protocolNumber.rawValue == 0 { throw .badProtocol }
    key.protocolNumber = protocolNumber
    switch protocolNumber {
    case .tcp, .udp, .udplite, .sctp:
      guard let lastPort, !isTest else { return port...port }
      return min(port, lastPort)...max(port, lastPort)
    case .icmp where family == .ipv4, .icmpv6 where family == .ipv6: return port...port
    default: return 0...0
    }
  }

  /// The numbers of a bitmap (kernel: `bitmap_ip_uadt`, `bitmap_port_uadt`, `bitmap_ipmac_uadt`).
  private func forEachNumber(
    in header: SetHeader, _ key: SetKey, isTest: Bool, _ budget: inout SetBudget,
    _ body: (SetKey) throws(SetFault) -> Void
  ) throws(SetFault) {
    var from = address?.first.v4Bits ?? UInt32(port)
    var to = address?.last?.v4Bits ?? lastPort.map { UInt32($0) } ?? from
    guard header.range.contains(from) else { throw .outOfRange }
    if isTest { to = from }
    if let prefix = address?.prefix, !isTest {
      if prefix == 0 || prefix > 32 { throw .badPrefix }
      let mask = IPAddress.prefixMask(Int(prefix), family: .ipv4).v4Bits
      from &= mask
      to = from | ~mask
    }
    if from > to { swap(&from, &to) }
    guard header.range.contains(from), header.range.contains(to) else { throw .outOfRange }
    let mask = IPAddress.prefixMask(Int(header.netmask ?? 32), family: .ipv4).v4Bits
    let step = UInt64(~mask) + 1
    if Int32(bitPattern: to &- from) < 0 { return }
    var key = key
    var number = UInt64(from)
    while number <= UInt64(to) {
      key.low = header.family == nil ? number : number & UInt64(mask)
      try budget.spend()
      try body(key)
      number += step
    }
  }
}

extension SetBudget {
  mutating func spend() throws(SetFault) {
    if steps <= 0 || room < 0 { throw .tooLarge }
    steps -= 1
  }
}

/// The addresses or networks that a span stands for.
private struct Spans {
  private var number: UInt64
  private let last: UInt64
  private let step: UInt64
  private let isRangeOfNetworks: Bool
  private let only: (IPAddress, UInt8)?
  private var isOver = false

  init(_ span: SetSpan, _ header: SetHeader, part: Int, isTest: Bool, isNull: Bool) throws(SetFault) {
    let family = span.first.family
    let host = UInt8(truncatingIfNeeded: family.addressBits)
    let kind = header.type.parts[part]
    let prefix = span.prefix ?? host
    if kind == .network, span.prefix == 0, !header.type.allowsEverything { throw .badPrefix }
    if kind != .network, !isTest, span.last == nil, let given = span.prefix,
      given == 0 || (family == .ipv6 && given != host)
    {
      throw .badPrefix
    }
    var first = span.first
    if part == 0 || kind == .network, let mask = header.addressMask { first = first.masked(by: mask) }
    if kind == .address, part == 0 {
      let isAlone = header.type.parts.count == 1
      if isAlone, first.isZero { throw .nullEntry }
      if first.isZero, header.type.parts.count == 2 {
        if header.type.parts[1] == .protocolPort { throw .invalid }
        if header.type.parts[1] == .mark, isNull { throw .nullEntry }
      }
    }
    if kind == .network { first = first.masked(by: .prefixMask(Int(prefix), family: family)) }
    let isOne =
      family == .ipv6 || isTest || kind == .singleAddress || (span.last == nil && kind == .network)
      || (span.last == nil && span.prefix == nil)
    only = isOne ? (first, prefix) : nil
    isRangeOfNetworks = kind == .network
    var from = UInt64(first.v4Bits)
    var to = from
    if !isOne {
      if let end = span.last {
        to = UInt64(end.v4Bits)
        if from > to {
          if kind == .address, to == 0, header.type.parts.count == 1 { throw .nullEntry }
          swap(&from, &to)
        }
        if kind == .network, from == 0, to == UInt64(UInt32.max) { throw .wholeRange }
      } else {
        let mask = IPAddress.prefixMask(Int(prefix), family: .ipv4).v4Bits
        from &= UInt64(mask)
        to = from | UInt64(~mask)
      }
    }
    number = from
    last = to
    step = 1 << UInt64(header.type.parts.count == 1 ? 32 - min(32, header.netmask ?? 32) : 0)
  }

  /// The next address or network with its prefix length.
  mutating func next() -> (IPAddress, UInt8)? {
    if isOver { return nil }
    if let only {
      isOver = true
      return only
    }
    guard number <= last else { return nil }
    let address = IPAddress.v4(UInt32(truncatingIfNeeded: number))
    guard isRangeOfNetworks else {
      number += step
      return (address, 32)
    }
    // The largest network that begins here and does not go beyond the end (kernel: `ip_set_range_to_cidr`).
    let room = last - number + 1
    let aligned = number == 0 ? 31 : min(31, number.trailingZeroBitCount)
    let bits = min(aligned, 63 - room.leadingZeroBitCount)
    number += 1 << UInt64(bits)
    return (address, UInt8(truncatingIfNeeded: 32 - bits))
  }
}

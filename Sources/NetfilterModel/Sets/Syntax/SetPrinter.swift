// Prints sets as `ipset save` does.

/// Prints sets.
public struct SetPrinter {
  /// All sets as `ipset save` prints them, with the times that entries have left: sets by number, sets of sets last.
  ///
  /// - Parameter now: the simulated time in nanoseconds.
  public static func bytes(_ sets: SetCollection, now: UInt64 = 0) -> [UInt8] {
    var printer = SetPrinter(sets, KernelClock.jiffies(at: now))
    for isList in [false, true] {
      for set in sets.sets {
        if let set, (set.type.method == .list) == isList { printer.print(set) }
      }
    }
    return printer.text
  }

  private let sets: SetCollection
  private let now: UInt64
  private var text: [UInt8] = []

  private init(_ sets: SetCollection, _ now: UInt64) {
    self.sets = sets
    self.now = now
  }

  private mutating func append(_ text: String) { self.text.append(contentsOf: text.utf8) }

  private mutating func print(_ set: IPSet) {
    append("create \(set.name) \(set.type.name)")
    for option in set.type.createOptions {
      if let value = SetPrinter.value(of: option, set.header) {
        append(" " + option.name + (value.isEmpty ? "" : " " + value))
      }
    }
    append("\n")
    for place in set.printedPlaces(now: now) {
      append("add \(set.name) ")
      append(entry(set.table.keys[place], set.header))
      for option in set.type.addOptions {
        if let value = value(of: option, set, place) {
          append(" " + option.name + (value.isEmpty ? "" : " " + value))
        }
      }
      append("\n")
    }
  }

  /// The value of an option of `create`, empty for a flag; nil where it is not printed.
  private static func value(of option: SetOption, _ header: SetHeader) -> String? {
    switch option {
    case .family: header.family == .ipv6 ? "inet6" : "inet"
    case .hashSize: "\(header.hashSize)"
    case .maximumEntries: "\(header.maximumEntries)"
    case .range:
      header.family == nil
        ? "\(header.range.lowerBound)-\(header.range.upperBound)"
        : "\(IPAddress.v4(header.range.lowerBound))-\(IPAddress.v4(header.range.upperBound))"
    case .netmask: header.netmask.map { "\($0)" }
    case .bitmask: header.bitmask.map { "\($0)" }
    case .markMask: "0x" + SetPrinter.hexadecimal(header.markMask)
    case .timeout: header.timeout.map { "\($0)" }
    case .counters: header.hasCounters ? "" : nil
    case .comments: header.hasComments ? "" : nil
    case .packetInfo: header.hasPacketInfo ? "" : nil
    case .bucketSize: "\(header.bucketSize)"
    case .initialValue: header.initialValue.map { "0x" + SetPrinter.hexadecimal($0) }
    case .size: "\(header.size)"
    // The kernel has it, and ipset 7.17 prints it not.
    default: nil
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }

  /// The value of an option of `add`, empty for a flag; nil where it is not printed.
  private func value(of option: SetOption, _ set: IPSet, _ place: Int) -> String? {
    let header = set.header
    let info = set.info(place)
    switch option {
    case .timeout: return header.timeout == nil ? nil : "\(set.secondsLeft(place, now: now))"
    case .noMatch: return set.table.keys[place].has(SetKey.Flag.noMatch) ? "" : nil
    case .wildcard: return set.table.keys[place].has(SetKey.Flag.wildcard) ? "" : nil
    case .packets: return header.hasCounters ? "\(set.counters[place].packets)" : nil
    case .bytes: return header.hasCounters ? "\(set.counters[place].bytes)" : nil
    case .comment:
      return header.hasComments && !set.comments[place].isEmpty ? "\"\(set.comments[place])\"" : nil
    case .packetMark:
      guard let info, info.mark != 0 || info.markMask != 0 else { return nil }
      let mark = "0x" + String(info.mark, radix: 16)
      return info.markMask == .max ? mark : mark + "/0x" + String(info.markMask, radix: 16)
    case .packetPriority:
      guard let info, info.priority != 0 else { return nil }
      return String(info.priority >> 16, radix: 16) + ":" + String(info.priority & 0xffff, radix: 16)
    case .packetQueue: return info.flatMap { $0.queue == 0 ? nil : "\($0.queue)" }
    default: return nil
    }
  }

  // MARK: Entries

  private func entry(_ key: SetKey, _ header: SetHeader) -> String {
    let family = header.family ?? .ipv4
    var words: [String] = []
    for (place, part) in header.type.parts.enumerated() {
      switch part {
      case .address, .singleAddress, .network:
        let address = place == 0 ? key.address(family) : key.second(family)
        let length = place == 0 ? key.prefix : key.secondPrefix
        let isWhole = part != .network || Int(length) == family.addressBits
        words.append(isWhole ? "\(address)" : "\(address)/\(length)")
      case .protocolPort: words.append(SetPrinter.port(key))
      case .port: words.append("\(key.low)")
      case .hardware:
        if header.type.isLastPartOptional, !key.has(SetKey.Flag.hasHardware) { continue }
        words.append(SetPrinter.hardware(key.extra))
      case .interface:
        words.append((key.has(SetKey.Flag.physical) ? "physdev:" : "") + key.interface.description)
      case .mark: words.append("0x" + SetPrinter.hexadecimal(UInt32(truncatingIfNeeded: key.extra)))
      case .set: words.append(sets[Int(truncatingIfNeeded: key.extra)]?.name ?? "")
      }
    }
    return words.joined(separator: ",")
  }

  private static func port(_ key: SetKey) -> String {
    let number = key.protocolNumber
    let port =
      number == .icmp || number == .icmpv6
      ? SetICMPName.text(type: UInt8(key.port >> 8), code: UInt8(key.port & 0xff), number) : "\(key.port)"
    return "\(number):\(port)"
  }

  private static func hardware(_ address: UInt64) -> String {
    (0..<6).map { index in
      let digits = String(address >> UInt64(40 - 8 * index) & 0xff, radix: 16, uppercase: true)
      return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined(separator: ":")
  }
}

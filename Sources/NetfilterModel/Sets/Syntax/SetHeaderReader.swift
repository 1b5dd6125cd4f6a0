// Reads what a set is created with.

/// Reads the options of `ipset create`.
struct SetHeaderReader {
  private let type: SetType
  private var header: SetHeader
  private var given: Set<SetOption> = []
  /// The ends of the range, as `range`, `from`, `to` and `network` give them.
  private var span: SetSpan?
  private var ports: (first: UInt16?, last: UInt16?) = (nil, nil)
  private var hasFamily = false
  /// Options of older versions that were passed over.
  private(set) var ignored: [SetWord] = []

  private init(_ typePlace: Int) {
    header = SetHeader(typePlace: typePlace)
    type = header.type
  }

  /// Reads the words behind the type (libipset: `call_parser`; kernel: `create` of each type).
  static func read(
    typePlace: Int, _ words: ArraySlice<SetWord>
  ) throws(SetTextError) -> (header: SetHeader, ignored: [SetWord]) {
    var reader = SetHeaderReader(typePlace)
    var rest = words
    var options: [(option: SetOption, word: SetWord, value: SetWord)] = []
    while let word = rest.popFirst() {
      if try reader.readOlder(word, &rest) { continue }
      guard let option = reader.type.createOptions.first(where: { $0.name == SetHeaderReader.bare(word) }) else {
        throw reader.unknown(word)
      }
      let isNew = reader.given.insert(option).inserted
      if !isNew && !option.isRepeatable || (option == .family && reader.hasFamily) {
        throw SetTextError(.badSetOption, "`\(word.text)` is given twice", at: word)
      }
      guard option.takesValue else {
        reader.setFlag(option)
        continue
      }
      guard let value = rest.popFirst() else {
        throw SetTextError(.badSetOption, "`\(word.text)` needs a value", at: word)
      }
      if option == .family { try reader.readFamily(value) } else { options.append((option, word, value)) }
    }
    if reader.header.family == nil, !reader.hasFamily, reader.type.families != .none { reader.header.family = .ipv4 }
    for entry in options { try reader.read(entry.option, entry.value) }
    try reader.finish(words.first)
    return (reader.header, reader.ignored)
  }

  /// An option without two dashes before it (libipset: `ipset_match_option`).
  static func bare(_ word: SetWord) -> Substring { word.text.hasPrefix("--") ? word.text.dropFirst(2) : word.text }

  private func unknown(_ word: SetWord) -> SetTextError {
    let name = String(SetHeaderReader.bare(word))
    let near = Spelling.nearest(to: name, among: type.createOptions.map { $0.name })
    return SetTextError(
      .badSetOption, "a set of type `\(type.name)` has no option `\(word.text)`", at: word,
      help: near.map { "did you mean `\($0)`?" })
  }

  private mutating func setFlag(_ option: SetOption) {
    switch option {
    case .counters: header.hasCounters = true
    case .comments: header.hasComments = true
    case .forceAdd: header.forcesAdding = true
    case .packetInfo: header.hasPacketInfo = true
    default: break
    }
  }

  private mutating func readFamily(_ word: SetWord) throws(SetTextError) {
    hasFamily = true
    switch word.text {
    case "inet", "ipv4", "-4": header.family = .ipv4
    case "inet6", "ipv6", "-6": header.family = .ipv6
    case "any", "unspec": header.family = nil
    default: throw SetTextError(.badSetValue, "`\(word.text)` is not a family: inet or inet6", at: word)
    }
  }

  private mutating func read(_ option: SetOption, _ word: SetWord) throws(SetTextError) {
    func number(_ largest: UInt64 = UInt64(UInt32.max)) throws(SetTextError) -> UInt32 {
      UInt32(truncatingIfNeeded: try SetNumber.read(word.text, 0...largest, word))
    }
    switch option {
    case .hashSize: header.hashSize = try number()
    case .maximumEntries: header.maximumEntries = try number()
    case .initialValue: header.initialValue = try number()
    case .size: header.size = max(4, try number())
    case .timeout: header.timeout = try number(SetEntryReader.longestTimeout)
    case .bucketSize:
      let size = UInt8(truncatingIfNeeded: try number(255))
      header.bucketSize = max(2, min(12, size + (size < 12 ? size % 2 : 0)))
    case .markMask: header.markMask = try number()
    case .netmask:
      let bits = UInt64(header.family == .ipv6 ? 128 : 32)
      let length = UInt8(truncatingIfNeeded: try SetNumber.read(word.text, 1...bits, word))
      header.netmask = UInt64(length) == bits ? nil : length
    case .bitmask: try readBitmask(word)
    case .range: try readRange(word)
    default: break
    }
    if given.isSuperset(of: [.netmask, .bitmask]) {
      throw SetTextError(.badSetOption, "`netmask` and `bitmask` cannot both be given", at: word)
    }
  }

  private mutating func readBitmask(_ word: SetWord) throws(SetTextError) {
    let family = header.family ?? .ipv4
    let address =
      family == .ipv4
      ? SetElementReader.ipv4(word.text).map { IPAddress.v4($0) }
      : AddressReader.inetPton6(word.text).map { IPAddress.v6($0.high, $0.low) }
    guard let address else {
      throw SetTextError(.badSetValue, "`\(word.text)` is not a bitmask of this family", at: word)
    }
    header.bitmask = address == .prefixMask(family.addressBits, family: family) ? nil : address
  }

  // MARK: Ranges

  private mutating func readRange(_ word: SetWord) throws(SetTextError) {
    if span != nil || ports.first != nil {
      throw SetTextError(.badSetOption, "the range is given twice", at: word)
    }
    let element = try SetElementReader(type: reading, family: header.family, command: .add, word: word).read()
    if let address = element.address {
      guard address.prefix != nil || address.last != nil else {
        throw SetTextError(.badSetValue, "`\(word.text)` is not a range: FIRST-LAST or NETWORK/LENGTH", at: word)
      }
      span = address
    } else {
      ports = (element.port, element.lastPort ?? ports.last)
    }
  }

  /// The type that reads a range as one entry.
  private var reading: SetType {
    let name = type.parts == [.port] ? "bitmap:port" : "bitmap:ip"
    return SetType.all[SetType.place(of: name) ?? 0]
  }

  /// Reads an option of an older version, or `-4` and `-6`; false for every other word.
  private mutating func readOlder(_ word: SetWord, _ rest: inout ArraySlice<SetWord>) throws(SetTextError) -> Bool {
    if type.families == .either, word.text == "-4" || word.text == "-6" {
      if hasFamily { throw SetTextError(.badSetOption, "the family is given twice", at: word) }
      given.insert(.family)
      try readFamily(word)
      return true
    }
    let name = SetHeaderReader.bare(word)
    let isRange = name == "from" || name == "to" || name == "network"
    if type.method == .bitmap, isRange, !(name == "network" && type.parts == [.port]) {
      guard let value = rest.popFirst() else { throw SetTextError(.badSetOption, "`\(name)` needs a value", at: word) }
      try readEnd(String(name), value)
      return true
    }
    let takesProbes = type.parts.first == .address || type.parts == [.network]
    let hasOlder =
      type.method == .hash && type.isCompared && takesProbes
      && (name == "probes" || name == "resize" || (name == "gc" && type.parts == [.address])
        || (isRange && type.parts.count > 1))
    guard hasOlder else { return false }
    guard rest.popFirst() != nil else { throw SetTextError(.badSetOption, "`\(name)` needs a value", at: word) }
    ignored.append(word)
    return true
  }

  private mutating func readEnd(_ name: String, _ word: SetWord) throws(SetTextError) {
    let element = try SetElementReader(type: reading, family: header.family, command: .add, word: word).read()
    let twice = SetTextError(.badSetOption, "the range is given twice", at: word)
    if type.parts == [.port] {
      if name == "from" ? ports.first != nil : ports.last != nil { throw twice }
      if name == "from" { ports.first = element.port } else { ports.last = element.port }
      return
    }
    guard let address = element.address else { return }
    guard
      name == "network" ? address.prefix != nil && address.last == nil : address.prefix == nil && address.last == nil
    else { throw SetTextError(.badSetValue, "`\(word.text)` is not what `\(name)` takes", at: word) }
    if name == "to" {
      if span?.last != nil { throw twice }
      span = SetSpan(first: span?.first ?? address.first, prefix: span?.prefix, last: address.first)
      hasEnd = true
    } else {
      if span != nil, !hasEnd || hasBegin { throw twice }
      span = SetSpan(first: address.first, prefix: address.prefix, last: span?.last)
      hasBegin = true
    }
  }
  private var hasBegin = false
  private var hasEnd = false

  // MARK: What the kernel refuses

  private mutating func finish(_ word: SetWord?) throws(SetTextError) {
    func refuse(_ fault: SetFault) -> SetTextError {
      SetTextError(fault.id, fault.rawValue, at: word, help: fault.help)
    }
    switch type.method {
    case .list: break
    case .hash:
      if type.families == .either, header.family == nil { throw refuse(.badFamily) }
      if header.markMask == 0 { throw refuse(.badMarkMask) }
      if header.bitmask?.isZero == true { throw refuse(.badMask) }
      let size = max(64, header.hashSize)
      if size > 1 << 27 { throw refuse(.noMemory) }
      header.hashSize = 1 << UInt32(32 - (size - 1).leadingZeroBitCount)
    case .bitmap: try finishRange(word, refuse)
    }
  }

  private mutating func finishRange(_ word: SetWord?, _ refuse: (SetFault) -> SetTextError) throws(SetTextError) {
    if type.parts == [.port] {
      guard let first = ports.first, let last = ports.last else {
        throw SetTextError(.badSetOption, "`range FIRST-LAST` is missing", at: word)
      }
      header.range = UInt32(min(first, last))...UInt32(max(first, last))
      return
    }
    guard let span, span.prefix != nil || span.last != nil, !hasEnd || hasBegin else {
      throw SetTextError(.badSetOption, "`range FIRST-LAST` is missing", at: word)
    }
    var first = span.first.v4Bits
    var last = span.last?.v4Bits ?? first
    if let prefix = span.prefix, span.last == nil {
      if prefix >= 32 { throw refuse(.badPrefix) }
      let mask = IPAddress.prefixMask(Int(prefix), family: .ipv4).v4Bits
      first &= mask
      last = first | ~mask
    }
    if first > last { swap(&first, &last) }
    var count = UInt64(last - first) + 1
    if let netmask = header.netmask {
      let mask = IPAddress.prefixMask(Int(netmask), family: .ipv4).v4Bits
      first &= mask
      last |= ~mask
      let (whole, bits) = SetHeaderReader.enclosing(first, last)
      if (whole == 0 && (first != 0 || last != .max)) || netmask <= bits { throw refuse(.outOfRange) }
      count = 1 << UInt64(netmask - bits)
    }
    if count > 65536 { throw refuse(.rangeTooLarge) }
    header.range = first...last
  }

  /// The smallest network that begins with one address and ends with another, and the length of its prefix (kernel:
  /// `range_to_mask`).
  private static func enclosing(_ first: UInt32, _ last: UInt32) -> (mask: UInt32, bits: UInt8) {
    var mask: UInt32 = 0xffff_fffe
    var bits: UInt8 = 31
    while bits > 0, mask != 0, last & mask != first {
      mask <<= 1
      bits -= 1
    }
    return (mask, bits)
  }
}

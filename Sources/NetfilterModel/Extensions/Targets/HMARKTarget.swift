// -j HMARK: gives packets a mark by a hash of their addresses and ports.

/// What `--hmark-tuple` and the masks of HMARK were given (kernel: `enum` of `XT_HMARK_SADDR_MASK` and its siblings).
struct HashMarkParts: OptionSet, Hashable, Sendable {
  let rawValue: UInt16
  static let source = HashMarkParts(rawValue: 1 << 0)
  static let destination = HashMarkParts(rawValue: 1 << 1)
  static let indexMask = HashMarkParts(rawValue: 1 << 2)
  static let sourcePortMask = HashMarkParts(rawValue: 1 << 3)
  static let destinationPortMask = HashMarkParts(rawValue: 1 << 4)
  static let index = HashMarkParts(rawValue: 1 << 5)
  static let sourcePort = HashMarkParts(rawValue: 1 << 6)
  static let destinationPort = HashMarkParts(rawValue: 1 << 7)
  static let protocolMask = HashMarkParts(rawValue: 1 << 8)
  static let connection = HashMarkParts(rawValue: 1 << 9)

  /// The names that `--hmark-tuple` takes, in the order in which abbreviations are looked up.
  static let names: [(name: String, part: HashMarkParts)] = [
    ("ct", .connection), ("src", .source), ("dst", .destination), ("sport", .sourcePortMask),
    ("dport", .destinationPortMask), ("proto", .protocolMask), ("spi", .indexMask),
  ]
}

/// Sets the mark by a hash (kernel: `hmark_tg_v4`, `hmark_tg_v6`; man page: iptables-extensions, HMARK).
public struct HMARKTarget: TargetExtension {
  /// What was given.
  var parts: HashMarkParts = []
  /// The length of the prefix of sources that counts.
  public var sourceLength: UInt8 = 0
  /// The length of the prefix of destinations that counts.
  public var destinationLength: UInt8 = 0
  /// The bits of both ports, or of an index, that count.
  public var portMask: UInt32 = 0
  /// The bits of both ports, or of an index, that are set.
  public var portSet: UInt32 = 0
  /// The bits of the protocol that count.
  public var protocolMask: UInt16 = 0
  /// The seed of the hash.
  public var seed: UInt32?
  /// How many marks there are.
  public var modulus: UInt32?
  /// The first mark.
  public var offset: UInt32?
  /// The family of the rule.
  var family = AddressFamily.ipv4
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "HMARK", summary: "gives packets a mark by a hash of their addresses and ports")

  /// The option table; what the tuple was given is printed as masks.
  public static let options: [OptionSpec<HMARKTarget>] = [
    prefix("hmark-src-prefix", .source, { $0.sourceLength }) { $0.sourceLength = $1 },
    prefix("hmark-dst-prefix", .destination, { $0.destinationLength }) { $0.destinationLength = $1 },
    half("hmark-sport-mask", .sourcePortMask, shift: 16, isMask: true),
    half("hmark-dport-mask", .destinationPortMask, shift: 0, isMask: true),
    word("hmark-spi-mask", .indexMask, { $0.portMask }) { $0.portMask = $1 },
    half("hmark-sport", .sourcePort, shift: 16, isMask: false),
    half("hmark-dport", .destinationPort, shift: 0, isMask: false),
    word("hmark-spi", .index, { $0.portSet }) { $0.portSet = $1 },
    OptionSpec(
      "hmark-proto-mask", placeholder: "mask",
      parse: { (owner, argument) throws(OptionError) in
        try owner.note(.protocolMask, "hmark-proto-mask")
        owner.protocolMask = try ValueCodec<UInt16>.number().parse(argument)
      },
      save: { owner, writer in
        if owner.parts.contains(.protocolMask) { writer.option("hmark-proto-mask", hex(UInt32(owner.protocolMask), 2)) }
      }),
    OptionSpec(
      "hmark-rnd", isMandatory: true, placeholder: "number",
      parse: { (owner, argument) throws(OptionError) in
        owner.seed = try ValueCodec<UInt32>.number().parse(argument)
      }, save: { owner, writer in if let seed = owner.seed { writer.option("hmark-rnd", hex(seed, 8)) } }),
    .value("hmark-mod", .init({ $0.modulus }, { $0.modulus = $1 }), .number(1...(.max)), isMandatory: true),
    .value("hmark-offset", .init({ $0.offset }, { $0.offset = $1 }), .number()),
    OptionSpec(
      "hmark-tuple", placeholder: "src|dst|sport|dport|spi|proto|ct[,...]",
      parse: { (owner, argument) throws(OptionError) in try owner.readTuple(argument) },
      save: { owner, writer in if owner.parts.contains(.connection) { writer.option("hmark-tuple", "ct") } }),
  ]

  /// Refuses what the tuple gave already (iptables: the bits of `xflags`).
  private mutating func note(_ part: HashMarkParts, _ option: String) throws(OptionError) {
    guard parts.insert(part).inserted else {
      throw OptionError("--\(option) says again what --hmark-tuple said", help: "leave one of them out")
    }
  }

  private static func prefix(
    _ name: String, _ part: HashMarkParts, _ read: @escaping @Sendable (HMARKTarget) -> UInt8,
    _ store: @escaping @Sendable (inout HMARKTarget, UInt8) -> Void
  ) -> OptionSpec<HMARKTarget> {
    OptionSpec(
      name, placeholder: "bits",
      parse: { (owner, argument) throws(OptionError) in
        try owner.note(part, name)
        store(&owner, try ValueCodec.prefixLengthOrMask.parse(argument))
      }, save: { owner, writer in if owner.parts.contains(part) { writer.option(name, "\(read(owner))") } })
  }

  private static func half(_ name: String, _ part: HashMarkParts, shift: UInt32, isMask: Bool) -> OptionSpec<
    HMARKTarget
  > {
    OptionSpec(
      name, placeholder: "value",
      parse: { (owner, argument) throws(OptionError) in
        try owner.note(part, name)
        let value = UInt32(try ValueCodec<UInt16>.number().parse(argument)) << shift
        let kept = UInt32(0xffff) << (16 - shift)
        if isMask {
          owner.portMask = owner.portMask & kept | value
        } else {
          owner.portSet = owner.portSet & kept | value
        }
      },
      save: { owner, writer in
        let value = (isMask ? owner.portMask : owner.portSet) >> shift & 0xffff
        if owner.parts.contains(part) { writer.option(name, hex(value, 4)) }
      })
  }

  private static func word(
    _ name: String, _ part: HashMarkParts, _ read: @escaping @Sendable (HMARKTarget) -> UInt32,
    _ store: @escaping @Sendable (inout HMARKTarget, UInt32) -> Void
  ) -> OptionSpec<HMARKTarget> {
    OptionSpec(
      name, placeholder: "value",
      parse: { (owner, argument) throws(OptionError) in
        try owner.note(part, name)
        store(&owner, try ValueCodec<UInt32>.number().parse(argument))
      }, save: { owner, writer in if owner.parts.contains(part) { writer.option(name, hex(read(owner), 8)) } })
  }

  private static func hex(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// Names or what they begin with; each means all bits (iptables: `hmark_parse`).
  private mutating func readTuple(_ argument: OptionArgument) throws(OptionError) {
    let bits = UInt8(argument.family.addressBits)
    for word in argument.text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let part = HashMarkParts.names.first(where: { WordList.isAbbreviation(word, of: $0.name) })?.part else {
        throw OptionError(
          "`\(word)` is no part of a packet that can be hashed",
          help: "the parts are src, dst, sport, dport, spi, proto and ct, separated by commas")
      }
      parts.insert(part)
      switch part {
      case .source: sourceLength = bits
      case .destination: destinationLength = bits
      case .sourcePortMask: portMask |= 0xffff_0000
      case .destinationPortMask: portMask |= 0xffff
      case .indexMask: portMask = .max
      case .protocolMask: protocolMask = .max
      default: break
      }
    }
  }

  /// Refuses nothing to hash, and an index together with ports.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    family = rule.family
    if modulus == nil || seed == nil { return }
    if parts.contains(.indexMask), !parts.isDisjoint(with: [.sourcePortMask, .destinationPortMask]) {
      throw OptionError("a mask of the index cannot stand beside masks of ports: they are the same bits")
    }
    if parts.isEmpty { throw OptionError("HMARK needs --hmark-tuple, or masks of what is hashed") }
  }

  /// The kernel takes an index or ports (kernel: `hmark_tg_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    parts.contains(.index) && !parts.isDisjoint(with: [.sourcePort, .destinationPort])
      ? OptionError("the kernel refuses --hmark-spi beside ports: they are the same bits") : nil
  }

  /// Computes the mark (kernel: `hmark_hash`).
  public var effects: [Effect] {
    guard let seed, let modulus else { return [] }
    var mark = HashMark(family)
    if parts.contains(.source) { mark.sourceMask = .prefixMask(Int(sourceLength), family: family) }
    if parts.contains(.destination) { mark.destinationMask = .prefixMask(Int(destinationLength), family: family) }
    mark.portMask = portMask
    mark.portSet = portSet
    mark.protocolMask = protocolMask
    mark.seed = seed
    mark.modulus = modulus
    mark.offset = offset ?? 0
    mark.usesConnection = parts.contains(.connection)
    return [.hashMark(mark)]
  }

  /// `HMARK mod 5 + 0x64 src-prefix 32 rnd 0x3 `, with a blank behind it.
  public func listing(_ style: ListStyle) -> String {
    var text = "HMARK "
    if let modulus { text += "mod \(modulus) " }
    if let offset { text += "+ \(Self.hex(offset, 1)) " }
    if parts.contains(.connection) { text += "ct, " }
    // A whole IPv6 address has no length here, as iptables 1.8.9 prints it.
    let length = { (length: UInt8) in family == .ipv6 && length == 128 ? "" : "\(length)" }
    if parts.contains(.source) { text += "src-prefix \(length(sourceLength)) " }
    if parts.contains(.destination) { text += "dst-prefix \(length(destinationLength)) " }
    for (name, part, value) in [
      ("sport-mask", HashMarkParts.sourcePortMask, portMask >> 16),
      ("dport-mask", .destinationPortMask, portMask & 0xffff), ("spi-mask", .indexMask, portMask),
      ("sport", .sourcePort, portSet >> 16), ("dport", .destinationPort, portSet & 0xffff), ("spi", .index, portSet),
      ("proto-mask", .protocolMask, UInt32(protocolMask)),
    ] where parts.contains(part) {
      text += "\(name) \(Self.hex(value, 1)) "
    }
    if let seed { text += "rnd \(Self.hex(seed, 1)) " }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A INPUT -j HMARK --hmark-tuple sp,d,c --hmark-mod 5 --hmark-rnd 3",
      saves:
        "-A INPUT -j HMARK --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-rnd 0x00000003 --hmark-mod 5 --hmark-tuple ct"
    ),
    .accepted(
      "-A INPUT -j HMARK --hmark-src-prefix 24 --hmark-tuple SRC,proto --hmark-rnd 1 --hmark-mod 9 --hmark-offset 100",
      saves:
        "-A INPUT -j HMARK --hmark-src-prefix 128 --hmark-proto-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 9 --hmark-offset 100",
      family: .ipv6),
    .same(
      "-A INPUT -j HMARK --hmark-spi-mask 0x12345678 --hmark-spi 0x00000011 --hmark-rnd 0xffffffff --hmark-mod 4294967295"
    ),
    .same(
      "-A INPUT -j HMARK --hmark-src-prefix 0 --hmark-sport-mask 0xff00 --hmark-dport-mask 0x00ff --hmark-sport 0x0050 --hmark-dport 0x0016 --hmark-rnd 0x00000000 --hmark-mod 1",
      table: .mangle),
    .refused("-A INPUT -j HMARK --hmark-tuple src --hmark-mod 5"),
    .refused("-A INPUT -j HMARK --hmark-tuple src --hmark-rnd 5"),
    .refused("-A INPUT -j HMARK --hmark-mod 5 --hmark-rnd 5"),
    .refused("-A INPUT -j HMARK --hmark-tuple spi,sport --hmark-mod 5 --hmark-rnd 3"),
    .refused("-A INPUT -j HMARK --hmark-tuple srcx --hmark-mod 5 --hmark-rnd 3"),
    .refused("-A INPUT -j HMARK --hmark-tuple src, --hmark-mod 5 --hmark-rnd 3"),
    .refused("-A INPUT -j HMARK --hmark-tuple src --hmark-mod 0 --hmark-rnd 3"),
    .refused("-A INPUT -j HMARK --hmark-tuple src --hmark-src-prefix 24 --hmark-mod 5 --hmark-rnd 3"),
    .refused("-A INPUT -j HMARK --hmark-spi 0x11 --hmark-sport 5 --hmark-mod 5 --hmark-rnd 3"),
    .refused("-A INPUT -j HMARK --hmark-proto-mask 65536 --hmark-mod 5 --hmark-rnd 3"),
    .refused("-A INPUT -j HMARK --hmark-src-prefix 255.255.0.0 --hmark-mod 5 --hmark-rnd 3", family: .ipv6),
  ]
}

// -m sctp: ports and chunks of SCTP; loaded by itself for `-p sctp`.

/// How the chunks of a packet are compared (kernel: `SCTP_CHUNK_MATCH_ANY` and its siblings).
public enum SCTPChunkDemand: String, Hashable, Sendable, CaseIterable {
  /// One of the chunks is there.
  case any
  /// All of them are there.
  case all
  /// No other is there.
  case only
}

/// Chunks of SCTP as `--chunk-types` names them (kernel: `struct xt_sctp_info`).
public struct SCTPChunkList: Hashable, Sendable {
  /// The flags that are demanded of a chunk.
  struct Flags: Hashable, Sendable {
    /// The place of the chunk's name; that of the first fifteen is their type, and those behind are never compared.
    var place: Int
    var set: UInt8 = 0
    var mask: UInt8 = 0
  }

  /// The most chunks with flags (kernel: `XT_NUM_SCTP_FLAGS`).
  static let mostFlags = 4

  /// What is demanded of the chunks.
  public var demand = SCTPChunkDemand.any
  /// The types, a bit each.
  var types: [Bool] = Array(repeating: false, count: 256)
  /// The flags.
  var flags: [Flags] = []

  /// The names, in the order in which iptables looks them up, with the letters of their flags from bit 7 down.
  static let names: [(name: String, type: UInt8, letters: String)] = [
    ("DATA", 0, "----IUBE"), ("INIT", 1, none), ("INIT_ACK", 2, none), ("SACK", 3, none), ("HEARTBEAT", 4, none),
    ("HEARTBEAT_ACK", 5, none), ("ABORT", 6, "-------T"), ("SHUTDOWN", 7, none), ("SHUTDOWN_ACK", 8, none),
    ("ERROR", 9, none), ("COOKIE_ECHO", 10, none), ("COOKIE_ACK", 11, none), ("ECN_ECNE", 12, none),
    ("ECN_CWR", 13, none), ("SHUTDOWN_COMPLETE", 14, "-------T"), ("I_DATA", 64, "----IUBE"), ("RE_CONFIG", 130, none),
    ("PAD", 132, none), ("ASCONF", 193, none), ("ASCONF_ACK", 128, none), ("FORWARD_TSN", 192, none),
    ("I_FORWARD_TSN", 194, none),
  ]
  private static let none = "--------"

  /// `DATA:Be,INIT`, `ALL` or `NONE` (iptables: `parse_sctp_chunk`).
  mutating func parse(_ text: String) throws(OptionError) {
    if text.uppercased() == "ALL" {
      types = Array(repeating: true, count: 256)
      return
    }
    if text.uppercased() == "NONE" { return }
    for word in text.split(separator: ",") {
      let (name, letters) = WordList.cut(word, at: 0x3a)
      guard let place = Self.names.firstIndex(where: { $0.name == name.uppercased() }) else {
        throw OptionError(
          "`\(name)` is not a chunk of SCTP",
          help: Spelling.nearest(to: name.uppercased(), among: Self.names.map { $0.name }).map {
            "did you mean `\($0)`?"
          }
            ?? "the chunks are ALL, NONE, " + Self.names.map { $0.name }.joined(separator: ", "))
      }
      types[Int(Self.names[place].type)] = true
      for letter in letters ?? "" { try add(letter, at: place) }
    }
  }

  private mutating func add(_ letter: Character, at place: Int) throws(OptionError) {
    let known = Self.names[place]
    guard let bit = Array(known.letters).firstIndex(of: Character(letter.uppercased())) else {
      throw OptionError("chunk \(known.name) has no flag `\(letter)`", help: "its flags are \(known.letters)")
    }
    if !flags.contains(where: { $0.place == place }) {
      guard flags.count < Self.mostFlags else {
        throw OptionError("at most \(Self.mostFlags) chunks can have flags")
      }
      flags.append(Flags(place: place))
    }
    guard let index = flags.firstIndex(where: { $0.place == place }) else { return }
    let value = UInt8(1) << UInt8(7 - bit)
    flags[index].mask |= value
    // The case of `-` counts as lower.
    if letter.isUppercase { flags[index].set |= value }
  }

  /// The list as iptables prints it, by name or by number (iptables: `print_chunks`).
  func text(numeric: Bool) -> String {
    if !types.contains(true) { return "\(demand.rawValue) NONE" }
    if !types.contains(false) { return "\(demand.rawValue) ALL" }
    var words: [String] = []
    for (type, isSet) in types.enumerated() where isSet {
      var word = Self.names.first { Int($0.type) == type }?.name ?? ""
      if numeric { word = "0x" + (type < 16 ? "000" : "00") + String(type, radix: 16, uppercase: true) }
      if let own = flags.first(where: { $0.place == type }), own.mask != 0, type < Self.names.count {
        word += ":"
        for (index, letter) in Self.names[type].letters.enumerated() where own.mask >> UInt8(7 - index) & 1 == 1 {
          word += own.set >> UInt8(7 - index) & 1 == 1 ? "\(letter)" : letter.lowercased()
        }
      }
      words.append(word)
    }
    return "\(demand.rawValue) \(words.joined(separator: ","))"
  }

  private func fits(_ type: SCTPChunkType, _ chunkFlags: UInt8) -> Bool {
    guard let own = flags.first(where: { $0.place == Int(type.rawValue) }) else { return true }
    return chunkFlags & own.mask == own.set
  }

  /// Compares the chunks of a packet that begin at an offset; nil where one is cut off or has no length (kernel:
  /// `match_packet`).
  func matches(_ bytes: [UInt8], from start: Int) -> Bool? {
    var missing = types
    var offset = start
    repeat {
      guard bytes.count &- offset >= SCTPChunk.headerLength else { return nil }
      let length = Int(SCTPChunk.length(in: bytes, at: offset))
      guard length != 0 else { return nil }
      let type = SCTPChunk.type(in: bytes, at: offset)
      let fits = fits(type, SCTPChunk.flags(in: bytes, at: offset))
      offset &+= (length + 3) & ~3
      if types[Int(type.rawValue)] {
        switch demand {
        case .any: if fits { return true }
        case .all: if fits { missing[Int(type.rawValue)] = false }
        case .only: if !fits { return false }
        }
      } else if demand == .only {
        return false
      }
    } while offset < bytes.count
    switch demand {
    case .any: return false
    case .all: return !missing.contains(true)
    case .only: return true
    }
  }
}

/// Matches ports and chunks of SCTP (kernel: `sctp_mt`; man page: iptables-extensions, sctp).
public struct SCTPMatch: MatchExtension {
  /// The source ports.
  public var sourcePorts: Invertible<PortRange>?
  /// The destination ports.
  public var destinationPorts: Invertible<PortRange>?
  /// The chunks.
  public var chunks: Invertible<SCTPChunkList>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("sctp", protocols: [.sctp], summary: "ports and chunks of SCTP")

  /// The option table; every port is printed, too.
  public static let options: [OptionSpec<SCTPMatch>] = [
    .invertible(
      "sport", .init({ $0.sourcePorts }, { $0.sourcePorts = $1 }), .sctpPorts, aliases: ["source-port"]),
    .invertible(
      "dport", .init({ $0.destinationPorts }, { $0.destinationPorts = $1 }), .sctpPorts, aliases: ["destination-port"]),
    OptionSpec(
      "chunk-types", arity: .two, canInvert: true, placeholder: "all|any|only chunk[:flags][,...]",
      parse: { (owner, argument) throws(OptionError) in
        guard let demand = SCTPChunkDemand.allCases.first(where: { $0.rawValue == argument.text.lowercased() }) else {
          throw OptionError("`\(argument.text)` is none of `all`, `any` and `only`")
        }
        var list = SCTPChunkList()
        list.demand = demand
        try list.parse(argument.second)
        owner.chunks = Invertible(list, inverted: argument.inverted)
      },
      save: { owner, writer in
        guard let chunks = owner.chunks else { return }
        writer.option("chunk-types", chunks.value.text(numeric: false), inverted: chunks.inverted)
      }),
  ]

  /// Compares the header, then the chunks; a later fragment never matches, a cut-off header or chunk is dropped (kernel:
  /// `sctp_mt`).
  public var conditions: [Condition] {
    [
      .demand(.fragmentOffset, .equals(0)),
      .demand(.transportLength, .between(SCTPHeader.length, Int.max), drops: true),
      .range("sport", .sourcePort, sourcePorts), .range("dport", .destinationPort, destinationPorts),
      chunks.map { chunks in
        .opaque(
          "chunk-types",
          OpaqueTest(
            reads: [.transportLength, .other], keepsState: false, saw: { packet, _, _ in Self.chunks(of: packet) },
            evaluate: { packet, _, _ in
              let start = packet.transportOffset &+ SCTPHeader.length
              guard let matches = chunks.value.matches(packet.packet.bytes, from: start) else { return .drops }
              return ConditionResult(matches != chunks.inverted)
            }))
      },
    ].compactMap { $0 }
  }

  /// The chunks of a packet as a half sentence.
  private static func chunks(of packet: borrowing PacketContext) -> String {
    let bytes = packet.packet.bytes
    var offset = packet.transportOffset &+ SCTPHeader.length
    var names: [String] = []
    while offset < bytes.count || names.isEmpty {
      let length = Int(SCTPChunk.length(in: bytes, at: offset))
      guard bytes.count &- offset >= SCTPChunk.headerLength, length != 0 else { return "a chunk is cut off" }
      let type = SCTPChunk.type(in: bytes, at: offset).rawValue
      names.append(SCTPChunkList.names.first { $0.type == type }?.name ?? "\(type)")
      offset &+= (length + 3) & ~3
      if names.count >= 16 { break }
    }
    return "the packet has \(names.joined(separator: ","))"
  }

  /// `sctp spt:1 all 0x0000`; without `-n` the chunks have their names.
  public func listing(_ style: ListStyle) -> String {
    var words = ["sctp"]
    if let text = sourcePorts?.listing("spt", protocolNumber: .sctp, style: style) { words.append(text) }
    if let text = destinationPorts?.listing("dpt", protocolNumber: .sctp, style: style) { words.append(text) }
    if let chunks { words.append((chunks.inverted ? "! " : "") + chunks.value.text(numeric: style.numeric)) }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -p sctp -m sctp"),
    .same("-A INPUT -p sctp -m sctp ! --sport 0:65535 --dport 0:65535"),
    .same("-A INPUT -p sctp -m sctp ! --chunk-types any DATA:IUbe,ABORT:T,SHUTDOWN_COMPLETE:t"),
    .same("-A INPUT -p sctp -m sctp --chunk-types only ALL", family: .ipv6),
    .same("-A INPUT -p sctp -m sctp --chunk-types all INIT:-"),
    .accepted(
      "-A INPUT -p sctp --chunk-types ALL data,,init:", saves: "-A INPUT -p sctp -m sctp --chunk-types all DATA,INIT"),
    .accepted("-A INPUT -p sctp --chunk-types all \"\"", saves: "-A INPUT -p sctp -m sctp --chunk-types all NONE"),
    .accepted(
      "-A INPUT -p sctp -m sctp --chunk-types only ASCONF,I_FORWARD_TSN,ASCONF_ACK:-,I_DATA:IUbe",
      saves: "-A INPUT -p sctp -m sctp --chunk-types only I_DATA,ASCONF_ACK,ASCONF,I_FORWARD_TSN"),
    .accepted(
      "-A INPUT -p sctp -m sctp --chunk-types all DATA:b,DATA:B --sport 7:7",
      saves: "-A INPUT -p sctp -m sctp --sport 7 --chunk-types all DATA:B"),
    .same("-A INPUT -p sctp -m sctp --chunk-types all DATA:I,INIT:-,ABORT:T,SHUTDOWN_COMPLETE:T"),
    .refused("-A INPUT -p sctp -m sctp --chunk-types all DATA:I,ABORT:T,SHUTDOWN_COMPLETE:T,INIT:-,SACK:-"),
    .refused("-A INPUT -p sctp -m sctp --chunk-types all DATA:x"),
    .refused("-A INPUT -p sctp -m sctp --chunk-types all DATA,ALL"),
    .refused("-A INPUT -p sctp -m sctp --chunk-types all AUTH"),
    .refused("-A INPUT -p sctp -m sctp --chunk-types none DATA"),
    .refused("-A INPUT -p sctp -m sctp --chunk-types all"),
    .refused("-A INPUT -p sctp -m sctp --chunk-types all DATA --chunk-types any INIT"),
    .refused("-A INPUT -p sctp -m sctp --sport 5:3"),
    .refused("-A INPUT -p sctp -m sctp --sport ssh"),
    .refused("-A INPUT -p sctp -m sctp --source-port 80 --sport 90"),
    .refused("-A INPUT -m sctp --sport 5"),
    .refused("-A INPUT ! -p sctp -m sctp --sport 5"),
  ]
}

extension ValueCodec where Value == PortRange {
  /// `port[:port]` with the names of SCTP's services, whatever protocol the rule has.
  static let sctpPorts = ValueCodec("port[:port]") { (argument) throws(OptionError) in
    var argument = argument
    argument.protocolNumber = Invertible(.sctp, inverted: false)
    return try ValueCodec.portRange.parse(argument)
  } print: {
    $0.description
  }
}

// -j TCPOPTSTRIP: overwrites TCP options with NOP.

/// Blanks TCP options (kernel: `tcpoptstrip_tg4`; man page: iptables-extensions, TCPOPTSTRIP).
public struct TCPOPTSTRIPTarget: TargetExtension {
  /// The kinds that go, one bit each: kind `n` is bit `n % 64` of word `n / 64`; 0 and 1 never.
  public var kinds: InlineArray<4, UInt64> = [0, 0, 0, 0]
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "TCPOPTSTRIP", tables: .mangle, protocols: [.tcp], summary: "overwrites TCP options with NOP")

  static let names: [(name: String, kind: UInt8)] = [
    ("wscale", 3), ("mss", 2), ("sack-permitted", 4), ("sack", 5), ("timestamp", 8), ("md5", 19),
  ]

  func contains(_ kind: UInt8) -> Bool { kinds[Int(kind >> 6)] & 1 << UInt64(kind & 63) != 0 }
  mutating func insert(_ kind: UInt8) { kinds[Int(kind >> 6)] |= 1 << UInt64(kind & 63) }
  var list: [UInt8] { (UInt8.min...UInt8.max).filter(contains) }

  /// The option table; without the option the target does nothing.
  public static let options: [OptionSpec<TCPOPTSTRIPTarget>] = [
    OptionSpec(
      "strip-options", placeholder: "option[,option...]",
      parse: { (owner, argument) throws(OptionError) in
        for word in argument.text.split(separator: ",", omittingEmptySubsequences: false) {
          guard
            let kind = names.first(where: { $0.name == word })?.kind
              ?? parseUnsigned(word, in: 0...255).map({ UInt8($0) })
          else {
            throw OptionError(
              "`\(word)` is not a TCP option: a number from 2 to 255 or a name",
              help: "the names are " + names.map(\.name).joined(separator: " "))
          }
          guard kind > 1 else { throw OptionError("TCP option \(kind) cannot be stripped: it is one byte long") }
          guard !owner.contains(kind) else { throw OptionError("TCP option `\(word)` is named twice") }
          owner.insert(kind)
        }
      },
      save: { owner, writer in
        let list = owner.list
        if !list.isEmpty { writer.option("strip-options", list.map { "\($0)" }.joined(separator: ",")) }
      })
  ]

  /// Overwrites the options and mends the checksum byte by byte (kernel: `tcpoptstrip_mangle_packet`); drops what has no whole header.
  public func apply(_ packet: inout PacketContext) -> TargetResult {
    if packet.header.fragmentOffset != 0 { return .next }
    let start = packet.transportOffset
    let headerLength = Int(packet.packet.bytes.byte(at: start &+ 12) >> 4) &* 4
    guard packet.transportLength >= 20, headerLength >= 20, packet.transportLength >= headerLength else { return .drop }
    packet.pull(headerLength)
    var index = 20
    while index < headerLength &- 1 {
      let kind = packet.packet.bytes.byte(at: start &+ index)
      let second = packet.packet.bytes.byte(at: start &+ index &+ 1)
      let length = kind < 2 || second == 0 ? 1 : Int(second)
      if index &+ length > headerLength { break }
      if contains(kind) {
        for place in index..<index &+ length {
          let old = UInt16(packet.packet.bytes.byte(at: start &+ place))
          let shift = UInt16(place & 1 == 0 ? 8 : 0)
          packet.mendTCPChecksum(old: old << shift, new: 1 << shift)
          packet.packet.bytes.setByte(1, at: start &+ place)
        }
      }
      index = index &+ length
    }
    return .next
  }

  /// `TCPOPTSTRIP options mss,5`, or with numbers.
  public func listing(_ style: ListStyle) -> String {
    let words = list.map { kind in
      (style.numeric ? nil : TCPOPTSTRIPTarget.names.first { $0.kind == kind }?.name) ?? "\(kind)"
    }
    return words.isEmpty ? "" : "TCPOPTSTRIP options " + words.joined(separator: ",")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options md5,timestamp,sack,sack-permitted,wscale,mss",
      saves: "-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options 2,3,4,5,8,19", table: .mangle),
    .same("-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options 6,7,254,255", table: .mangle),
    .accepted(
      "-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options 0x8",
      saves: "-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options 8",
      table: .mangle),
    .same("-A FORWARD -p tcp -j TCPOPTSTRIP", table: .mangle),
    .refused("-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options 0,1,2", table: .mangle),
    .refused("-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options 256", table: .mangle),
    .refused("-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options MSS", table: .mangle),
    .refused("-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options 8,,2", table: .mangle),
    .refused("-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options mss,2", table: .mangle),
    .refused("-A FORWARD -j TCPOPTSTRIP --strip-options mss", table: .mangle),
    .refused("-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options 2"),
  ]
}

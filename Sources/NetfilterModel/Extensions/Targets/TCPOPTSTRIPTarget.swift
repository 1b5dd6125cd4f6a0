// -j TCPOPTSTRIP: overwrites TCP options with NOP.

/// Blanks TCP options (kernel: `tcpoptstrip_tg4`; man page: iptables-extensions, TCPOPTSTRIP).
public struct TCPOPTSTRIPTarget: TargetExtension {
  /// The kinds that go, one bit each: kind `n` is bit `n % 64` of word `n / 64`; 0 and 1 never.
  public var kinds = TCPOptionSet()
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "TCPOPTSTRIP", tables: .mangle, protocols: [.tcp], summary: "overwrites TCP options with NOP")

  static let names: [(name: String, kind: UInt8)] = [
    ("wscale", 3), ("mss", 2), ("sack-permitted", 4), ("sack", 5), ("timestamp", 8), ("md5", 19),
  ]

  var list: [UInt8] { kinds.kinds }

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
              help: "the names are " + names.map { $0.name }.joined(separator: " "))
          }
          guard kind > 1 else { throw OptionError("TCP option \(kind) cannot be stripped: it is one byte long") }
          guard !owner.kinds.contains(kind) else { throw OptionError("TCP option `\(word)` is named twice") }
          owner.kinds.insert(kind)
        }
      },
      save: { owner, writer in
        let list = owner.list
        if !list.isEmpty { writer.option("strip-options", list.map { "\($0)" }.joined(separator: ",")) }
      })
  ]

  /// Overwrites options (kernel: `tcpoptstrip_tg4`).
  public var effects: [Effect] {
    [.stripTCPOptions(kinds)]
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

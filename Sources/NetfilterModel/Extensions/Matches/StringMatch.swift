// -m string: a pattern of bytes anywhere in a window of the packet.

/// Matches packets that contain a pattern (kernel: `string_mt`; man page: iptables-extensions, string).
public struct StringMatch: MatchExtension {
  /// The longest pattern in bytes (kernel: `XT_STRING_MAX_PATTERN_SIZE`).
  public static let maximumLength = 128

  /// The pattern, 1 to 128 bytes, in upper case when case does not matter.
  public private(set) var search: [UInt8] = []
  /// The pattern as it was given.
  public var pattern: Invertible<[UInt8]>?
  /// The pattern ready for the algorithm bm.
  private var boyerMoore: BoyerMoore?
  /// The name of the search algorithm: bm or kmp, which finds what bm misses across fragments.
  public var algorithm: String?
  /// The first byte of the window, counted from the IP header.
  public var from: UInt16?
  /// The end of the window, which the last byte of the pattern lies before.
  public var to: UInt16?
  /// Whether case does not matter.
  public var ignoresCase = false

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("string", summary: "a pattern of bytes in the packet")

  /// The option table; whether `--string` or `--hex-string` is printed depends on the bytes alone.
  public static let options: [OptionSpec<StringMatch>] = [
    OptionSpec(
      "string", canInvert: true, excludes: ["hex-string"], placeholder: "pattern",
      parse: { (owner, argument) throws(OptionError) in
        let bytes = Array(argument.text.utf8)
        guard bytes.count <= maximumLength else {
          throw OptionError("the pattern is \(bytes.count) bytes long; at most \(maximumLength) are allowed")
        }
        owner.pattern = Invertible(bytes, inverted: argument.inverted)
      },
      save: { owner, writer in
        guard let pattern = owner.pattern, !needsHexadecimal(pattern.value) else { return }
        writer.option("string", text(pattern.value), inverted: pattern.inverted)
      }),
    OptionSpec(
      "hex-string", canInvert: true, excludes: ["string"], placeholder: "text|hex|text",
      parse: { (owner, argument) throws(OptionError) in
        owner.pattern = Invertible(try hexadecimalPattern(argument.text), inverted: argument.inverted)
      },
      save: { owner, writer in
        guard let pattern = owner.pattern, needsHexadecimal(pattern.value) else { return }
        writer.option("hex-string", text(pattern.value), inverted: pattern.inverted)
      }),
    .value("algo", .init({ $0.algorithm }, { $0.algorithm = $1 }), .algorithm, isMandatory: true),
    .value("from", .init({ $0.from }, { $0.from = $1 }), .unsigned(placeholder: "offset"), omitting: { $0 == 0 }),
    .value("to", .init({ $0.to }, { $0.to = $1 }), .unsigned(placeholder: "offset"), omitting: { $0 == .max }),
    .flag("icase", .init({ $0.ignoresCase }, { $0.ignoresCase = $1 })),
  ]

  /// Whether bytes are printed as `|hex|`: one cannot be printed, or the last is a backslash (iptables: `is_hex_string`).
  static func needsHexadecimal(_ bytes: [UInt8]) -> Bool {
    bytes.contains { $0 < 0x20 || $0 > 0x7e } || bytes.last == UInt8(ascii: "\\")
  }

  /// The bytes in quotes, as they are printed.
  static func text(_ bytes: [UInt8]) -> String {
    if needsHexadecimal(bytes) {
      return "\"|" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "|\""
    }
    var quoted: [UInt8] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
      quoted.append(byte)
    }
    return "\"" + String(decoding: quoted, as: UTF8.self) + "\""
  }

  /// Reads text with hexadecimal blocks between `|`; `\` takes the next byte as it is (iptables: `parse_hex_string`).
  ///
  /// The byte right behind a closing `|` is always taken as it is, even another `|`.
  static func hexadecimalPattern(_ text: String) throws(OptionError) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else { throw OptionError("the pattern is empty") }
    let at = { (index: Int) in bytes.indices.contains(index) ? bytes[index] : 0 }
    let pipe = UInt8(ascii: "|")
    let backslash = UInt8(ascii: "\\")
    let blank = UInt8(ascii: " ")
    var pattern: [UInt8] = []
    var isHexadecimal = false
    var index = 0
    while index < bytes.count {
      guard pattern.count < maximumLength else {
        throw OptionError("the pattern is longer than \(maximumLength) bytes")
      }
      var isLiteral = false
      if at(index) == backslash {
        guard !isHexadecimal else { throw OptionError("a hexadecimal block cannot hold a backslash") }
        isLiteral = true
      } else if at(index) == pipe {
        isHexadecimal.toggle()
        if isHexadecimal { while at(index + 1) == blank { index += 1 } }
        if index + 1 >= bytes.count { break }
        index += 1
      }
      if isLiteral {
        guard index + 1 < bytes.count else { throw OptionError("the pattern ends with a backslash") }
        pattern.append(at(index + 1))
        index += 2
      } else if isHexadecimal {
        guard index + 1 < bytes.count else { throw OptionError("a hexadecimal block has an odd number of digits") }
        guard index + 2 < bytes.count else { throw OptionError("a hexadecimal block does not end with `|`") }
        var value: UInt8 = 0
        for position in index...(index + 1) {
          guard let digit = Character(UnicodeScalar(at(position))).hexDigitValue else {
            throw OptionError("`\(Character(UnicodeScalar(at(position))))` is not a hexadecimal digit")
          }
          value = value << 4 | UInt8(digit)
        }
        pattern.append(value)
        index += at(index + 2) == blank ? 3 : 2
      } else {
        pattern.append(at(index))
        index += 1
      }
    }
    return pattern
  }

  /// Refuses the match without a pattern; settles what is searched for.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    guard let pattern else {
      throw OptionError(
        "string needs --string or --hex-string", tool: "STRING match: You must specify `--string' or `--hex-string'")
    }
    search = ignoresCase ? pattern.value.map(BoyerMoore.upperCase) : pattern.value
    if algorithm == "bm", !search.isEmpty { boyerMoore = BoyerMoore(search, ignoresCase: ignoresCase) }
  }

  /// Refuses a window that starts after its end, an unknown algorithm and an empty pattern (kernel: `string_mt_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if from ?? 0 > to ?? .max { return OptionError("the kernel refuses --from greater than --to") }
    if let algorithm, algorithm != "bm", algorithm != "kmp" {
      return OptionError(
        "the kernel has no algorithm `\(algorithm)`", help: "the algorithms are bm and kmp",
        tool: "No chain/target/match by that name")
    }
    if pattern?.value.isEmpty ?? true { return OptionError("the kernel refuses an empty pattern") }
    return nil
  }

  /// Searches the packet (kernel: `string_mt`, `skb_find_text`).
  public var conditions: [Condition] {
    guard let pattern else { return [] }
    let match = self
    return [
      .opaque(
        Self.needsHexadecimal(pattern.value) ? "hex-string" : "string",
        OpaqueTest(
          keepsState: false,
          saw: { _, _, _ in pattern.inverted ? "the packet has it" : "the packet does not have it" },
          evaluate: { packet, _, _ in match.isFound(in: packet) }))
    ]
  }

  private func isFound(in packet: borrowing PacketContext) -> ConditionResult {
    guard let pattern, let first = search.first else { return .fails }
    let end = min(Int(to ?? .max), packet.packet.bytes.count)
    if let boyerMoore {
      let start = Int(from ?? 0)
      let found = boyerMoore.find(
        in: packet.packet.bytes, head: packet.transportOffset, pieces: packet.pieces, from: start,
        before: Int(to ?? .max))
      return ConditionResult((found.map { start + $0 + search.count <= end } ?? false) != pattern.inverted)
    }
    return ConditionResult(find(first, in: packet.packet.bytes, from: Int(from ?? 0), to: end) != pattern.inverted)
  }

  func find(_ first: UInt8, in bytes: [UInt8], from start: Int, to end: Int) -> Bool {
    guard start >= 0, end <= bytes.count, end - start >= search.count else { return false }
    let last = end - search.count
    var position = start
    while position <= last {
      if fold(bytes[position]) == first {
        var length = 1
        while length < search.count, fold(bytes[position + length]) == search[length] { length += 1 }
        if length == search.count { return true }
      }
      position += 1
    }
    return false
  }

  @inline(__always) func fold(_ byte: UInt8) -> UInt8 { ignoresCase ? BoyerMoore.upperCase(byte) : byte }

  /// `STRING match  "GET" ALGO name bm FROM 40 TO 60 ICASE`.
  public func listing(_ style: ListStyle) -> String {
    guard let pattern else { return "" }
    var result = "STRING match \(pattern.inverted ? "!" : "") \(Self.text(pattern.value)) ALGO name \(algorithm ?? "")"
    if let from, from != 0 { result += " FROM \(from)" }
    if let to, to != .max { result += " TO \(to)" }
    return ignoresCase ? result + " ICASE" : result
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m string --string abc --algo bm", saves: "-A INPUT -m string --string \"abc\" --algo bm"),
    .same("-A INPUT -m string ! --string \"abc\" --algo kmp --from 10 --to 20 --icase"),
    .same("-A INPUT -m string --string \"a\\\"b\" --algo bm"),
    .same("-A INPUT -m string --string \"a'b\" --algo bm"),
    .accepted(
      "-A INPUT -m string --string \"ab\\\\\" --algo bm",
      saves: "-A INPUT -m string --hex-string \"|61625c|\" --algo bm"),
    .accepted(
      "-A INPUT -m string --hex-string \"|61 62 63|\" --algo bm", saves: "-A INPUT -m string --string \"abc\" --algo bm"
    ),
    .accepted(
      "-A INPUT -m string --hex-string \"|6162|cd|00|\" --algo bm",
      saves: "-A INPUT -m string --hex-string \"|6162636400|\" --algo bm"),
    .accepted(
      "-A INPUT -m string --hex-string \"|61|62|63|\" --algo bm",
      saves: "-A INPUT -m string --string \"a62c\" --algo bm"),
    .accepted(
      "-A INPUT -m string --hex-string \"ab\\\\|d\" --algo bm", saves: "-A INPUT -m string --string \"ab|d\" --algo bm"),
    .accepted(
      "-A INPUT -m string --string é --algo bm", saves: "-A INPUT -m string --hex-string \"|c3a9|\" --algo bm"),
    .refused("-A INPUT -m string --string abc"),
    .refused("-A INPUT -m string --algo bm"),
    .refused("-A INPUT -m string --string abc --algo xx"),
    .refused("-A INPUT -m string --string abc --algo bm --from 20 --to 10"),
    .refused("-A INPUT -m string --hex-string \"ab|6|\" --algo bm"),
    .refused("-A INPUT -m string --hex-string \"||\" --algo bm"),
    .refused("-A INPUT -m string --string \"\" --algo bm"),
  ]
}

extension ValueCodec where Value == String {
  /// The name of a search algorithm, cut to the 15 bytes that the kernel holds.
  static let algorithm = ValueCodec("bm|kmp") { (argument) throws(OptionError) in
    ProcName.cut(argument.text, to: 15)
  } print: {
    $0
  }
}

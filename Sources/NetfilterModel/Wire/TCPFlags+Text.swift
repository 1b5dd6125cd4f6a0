// TCP flags by their letters, as tcpdump prints them, and by their names.

extension TCPFlags {
  /// The flags with tcpdump's letters and the names of the kernel's log, from FIN up.
  static let table: [(flag: TCPFlags, letter: Unicode.Scalar, name: String)] = [
    (.fin, "F", "FIN"), (.syn, "S", "SYN"), (.rst, "R", "RST"), (.psh, "P", "PSH"), (.ack, ".", "ACK"),
    (.urg, "U", "URG"), (.ece, "E", "ECE"), (.cwr, "W", "CWR"),
  ]

  /// Reads the initials of the flags' names, in capitals or not (`SA`, `C` for CWR); what is no initial does not count.
  public init(initials: String) {
    self = initials.uppercased().reduce(into: []) { flags, letter in
      for row in TCPFlags.table where row.name.first == letter { flags.formUnion(row.flag) }
    }
  }

  /// Reads tcpdump's letters, or returns nil; `A` is taken for `.`, and no letter means no flag.
  public init?(letters: some StringProtocol) {
    self.init(letters: Substring(letters))
  }

  /// Reads tcpdump's letters, or returns nil; `A` is taken for `.`, and no letter means no flag.
  public init?(letters: Substring) {
    var bits: UInt8 = 0
    for byte in letters.utf8 {
      guard let flag = TCPFlags.flag(of: byte == UInt8(ascii: "A") ? UInt8(ascii: ".") : byte) else { return nil }
      bits |= flag.rawValue
    }
    self.init(rawValue: bits)
  }

  private static func flag(of letter: UInt8) -> TCPFlags? {
    for row in table where row.letter.value == UInt32(letter) { return row.flag }
    return nil
  }

  /// Reads names (`SYN,ACK`; capitals do not matter, and `|`, `+`, `-` and `/` separate them as well), or returns nil.
  public init?(names: some StringProtocol) {
    let parts = names.uppercased().utf8.split(whereSeparator: { ",|+-/".utf8.contains($0) }).map { String($0) ?? "" }
    var bits: UInt8 = 0
    for part in parts {
      guard let row = TCPFlags.table.first(where: { $0.name == part }) else { return nil }
      bits |= row.flag.rawValue
    }
    guard !parts.isEmpty else { return nil }
    self.init(rawValue: bits)
  }

  /// tcpdump's letters; `none` without a flag.
  public var letters: String { TCPFlags.allLetters[Int(rawValue)] }

  /// The letters of each of the 256 sets of flags.
  private static let allLetters = (0...UInt8.max).map { bits in
    let flags = TCPFlags(rawValue: bits)
    return flags.isEmpty
      ? "none" : table.reduce(into: "") { if flags.contains($1.flag) { $0.unicodeScalars.append($1.letter) } }
  }

  /// The names of the flags from CWR down to FIN, in the order of the kernel's log (kernel: `nf_log_dump_tcp_header`).
  public var names: [String] { TCPFlags.table.reversed().compactMap { contains($0.flag) ? $0.name : nil } }
}

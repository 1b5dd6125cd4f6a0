// Reads what stands behind an entry.

/// Reads the options of `ipset add`, `del` and `test`.
enum SetEntryReader {
  /// The longest timeout in seconds (libipset: `ipset_parse_timeout`).
  static let longestTimeout = UInt64(UInt32.max >> 1) / 1000
  /// The longest comment in bytes (kernel: `IPSET_MAX_COMMENT_SIZE`).
  static let longestComment = 255

  /// Reads the words behind an entry into it and into what is said of it.
  static func read(
    _ words: ArraySlice<SetWord>, _ type: SetType, _ command: SetCommand, _ element: inout SetElement
  ) throws(SetTextError) -> SetExtras {
    var extras = SetExtras()
    if words.isEmpty { return extras }
    var given: Set<SetOption> = []
    var rest = words
    let known = options(type, command)
    while let word = rest.popFirst() {
      guard let option = known.first(where: { $0.name == SetHeaderReader.bare(word) }) else {
        let near = Spelling.nearest(to: String(SetHeaderReader.bare(word)), among: known.map { $0.name })
        throw SetTextError(
          .badSetOption, "`\(command.names[0])` has no option `\(word.text)` for a set of type `\(type.name)`",
          at: word, help: near.map { "did you mean `\($0)`?" })
      }
      // `before` and `after` are one option.
      let isNew = given.insert(option == .after ? .before : option).inserted
      if !isNew, !option.isRepeatable {
        throw SetTextError(.badSetOption, "`\(word.text)` is given twice", at: word)
      }
      guard option.takesValue else {
        element.flags |= option == .noMatch ? SetKey.Flag.noMatch : SetKey.Flag.wildcard
        continue
      }
      guard let value = rest.popFirst() else {
        throw SetTextError(.badSetOption, "`\(word.text)` needs a value", at: word)
      }
      try read(option, value, &element, &extras)
    }
    return extras
  }

  private static func options(_ type: SetType, _ command: SetCommand) -> [SetOption] {
    switch command {
    case .add: type.addOptions
    case .test: type.method == .list ? [.before, .after] : type.hasNetworks ? [.noMatch] : []
    default: type.method == .list ? [.before, .after] : []
    }
  }

  private static func read(
    _ option: SetOption, _ word: SetWord, _ element: inout SetElement, _ extras: inout SetExtras
  ) throws(SetTextError) {
    func number(_ largest: UInt64) throws(SetTextError) -> UInt64 { try SetNumber.read(word.text, 0...largest, word) }
    switch option {
    case .timeout: extras.timeout = UInt32(truncatingIfNeeded: try number(longestTimeout))
    case .packets: extras.packets = try number(.max - 1)
    case .bytes: extras.bytes = try number(.max - 1)
    case .comment:
      if word.text.utf8.count > longestComment {
        throw SetTextError(.badSetValue, "a comment has at most \(longestComment) bytes", at: word)
      }
      extras.comment = String(word.text)
    case .packetMark:
      guard word.text.hasPrefix("0x"), let (mark, rest) = SetNumber.scanHexadecimal(word.text.dropFirst(2)) else {
        throw SetTextError(.badSetValue, "`\(word.text)` is not a mark: 0xMARK or 0xMARK/0xMASK", at: word)
      }
      var info = extras.info ?? SetPacketInfo()
      info.mark = mark
      info.markMask = rest.hasPrefix("/0x") ? SetNumber.scanHexadecimal(rest.dropFirst(3))?.value ?? .max : .max
      extras.info = info
    case .packetPriority:
      guard let (major, rest) = SetNumber.scanHexadecimal(word.text), rest.hasPrefix(":"),
        let (minor, _) = SetNumber.scanHexadecimal(rest.dropFirst())
      else { throw SetTextError(.badSetValue, "`\(word.text)` is not a priority: MAJOR:MINOR", at: word) }
      var info = extras.info ?? SetPacketInfo()
      info.priority = major << 16 | minor & 0xffff
      extras.info = info
    case .packetQueue:
      var info = extras.info ?? SetPacketInfo()
      info.queue = UInt16(truncatingIfNeeded: try number(65535))
      extras.info = info
    case .before, .after:
      if element.reference != nil {
        throw SetTextError(.badSetOption, "`before` or `after` is given twice", at: word)
      }
      if word.text.utf8.count > SetFileParser.longestName {
        throw SetTextError(.badSetValue, "the name of a set has at most \(SetFileParser.longestName) bytes", at: word)
      }
      element.reference = (String(word.text), option == .before)
    default: break
    }
  }
}

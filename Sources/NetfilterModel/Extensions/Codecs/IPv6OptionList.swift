// The list of options that `--hbh-opts` and `--dst-opts` take.

/// Types of IPv6 options in order, with their lengths where they matter (kernel: `opts` of `struct ip6t_opts`).
public struct IPv6OptionList: Hashable, Sendable {
  /// An option.
  struct Entry: Hashable, Sendable {
    /// The type.
    var type: UInt8
    /// The length in bytes without type and length; nil for any.
    var length: UInt8?
  }

  /// The most options (kernel: `IP6T_OPTS_OPTSNR`).
  static let maximum = 16

  /// The options.
  var entries: [Entry] = []

  /// The options as the header's reader takes them.
  var wanted: [(type: UInt8, length: UInt8?)] { entries.map { ($0.type, $0.length) } }
}

extension ValueCodec where Value == IPv6OptionList {
  /// `type[:length][,type[:length]...]`; only the low eight bits of each number count (iptables: `parse_options`).
  static let ipv6Options = ValueCodec("type[:length][,...]") { (argument) throws(OptionError) in
    let number = { (text: Substring) throws(OptionError) -> UInt8 in
      guard let value = NumberReader.wrappingStrtoul(text) else {
        throw OptionError("`\(text)` is not a number")
      }
      return UInt8(truncatingIfNeeded: value)
    }
    var list = IPv6OptionList()
    for word in argument.text.split(separator: ",", omittingEmptySubsequences: false) {
      guard list.entries.count < IPv6OptionList.maximum else {
        throw OptionError("too many options: at most \(IPv6OptionList.maximum) can be given")
      }
      let (type, length) = WordList.cut(word, at: 0x3a)
      guard length == nil || list.entries.count < IPv6OptionList.maximum - 1 else {
        throw OptionError("the option with number \(IPv6OptionList.maximum) cannot have a length")
      }
      var entry = IPv6OptionList.Entry(type: try number(type))
      if let length {
        guard entry.type != 0 else { throw OptionError("option 0 is padding of one byte, and has no length") }
        entry.length = try number(length)
        // 255 stands for any.
        if entry.length == .max { entry.length = nil }
      }
      list.entries.append(entry)
    }
    return list
  } print: { list in
    list.entries.map { entry in "\(entry.type)" + (entry.length.map { ":\($0)" } ?? "") }.joined(separator: ",")
  }
}

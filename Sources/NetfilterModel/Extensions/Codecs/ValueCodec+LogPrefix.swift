// The prefix of a log record, as LOG and NFLOG take it.

extension ValueCodec where Value == String {
  /// A prefix of at least one byte without a newline, cut off after `maximum` bytes without a word, as iptables does.
  static func logPrefix(maximum: Int) -> ValueCodec {
    ValueCodec("prefix") { (argument) throws(OptionError) in
      guard !argument.text.isEmpty else {
        throw OptionError("the prefix is empty", tool: "Argument must have a minimum length of 1 characters\n")
      }
      guard !argument.text.utf8.contains(10) else {
        throw OptionError(
          "the prefix has a newline in it", tool: "Newlines not allowed in --\(OptionError.optionMark)")
      }
      return argument.text.utf8.count <= maximum
        ? argument.text : String(decoding: argument.text.utf8.prefix(maximum), as: UTF8.self)
    } print: {
      SaveWriter.quoted($0)
    }
  }
}

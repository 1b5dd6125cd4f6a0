// `NAME src,dst` as the set extensions read and print it.

extension SetReference {
  /// The longest name of a set in bytes (kernel: `IPSET_MAXNAMELEN`).
  static let longestName = 31
  /// How many parts may be named (kernel: `IPSET_DIM_MAX`).
  static let mostParts = 6

  /// Reads the two arguments (iptables: `parse_dirs`, `get_set_byname`).
  init(_ argument: OptionArgument) throws(OptionError) {
    if argument.text.utf8.count > SetReference.longestName {
      throw OptionError("the name of a set has at most \(SetReference.longestName) bytes")
    }
    var sources: [Bool] = []
    for word in argument.second.split(separator: ",", omittingEmptySubsequences: false) {
      if sources.count == SetReference.mostParts {
        throw OptionError("at most \(SetReference.mostParts) of `src` and `dst` can be named")
      }
      // What follows the three letters is passed over.
      guard word.hasPrefix("src") || word.hasPrefix("dst") else {
        throw OptionError("`\(word)` is neither `src` nor `dst`")
      }
      sources.append(word.hasPrefix("src"))
    }
    self.init(name: argument.text, sources: sources)
  }

  /// `src,dst`.
  var directions: String { sources.map { $0 ? "src" : "dst" }.joined(separator: ",") }
}

// The list of connection states that `--state` and `--ctstate` take.

extension ValueCodec where Value == ConnectionStateSet {
  static func states(_ names: [(name: String, bits: UInt16)]) -> ValueCodec {
    ValueCodec("state[,...]") { (argument) throws(OptionError) in
      ConnectionStateSet(
        rawValue: try WordList.parse(
          argument.text, names, what: "a connection state", tool: "Bad \(OptionError.optionMark)"))
    } print: { set in
      WordList.print(set.rawValue, names)
    }
  }

  /// `NEW,ESTABLISHED`: packet states (`--state`).
  public static let packetStates = states(Array(ConnectionStateSet.names.prefix(5)))
  /// `NEW,SNAT`: packet states and translations (`--ctstate`).
  public static let connectionStates = states(ConnectionStateSet.names)
}

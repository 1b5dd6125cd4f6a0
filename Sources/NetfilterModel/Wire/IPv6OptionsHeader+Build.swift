// Making hop-by-hop and destination options of IPv6.

extension IPv6OptionsHeader {
  /// The largest length in bytes (RFC 8200 §4.3).
  public static let maximumLength = 2048

  /// The length in bytes of a header with options, padding included; each option has its type and its data.
  public static func length(of options: [(kind: IPv6OptionKind, data: [UInt8])]) -> Int {
    (options.reduce(minimumLength) { $0 + IPv6Option.length($1.kind, dataLength: $1.data.count) } + 7) / 8 * 8
  }

  /// A header with options, padded to a multiple of 8 bytes; of an option's data at most 255 bytes are taken.
  public static func make(
    nextHeader: ProtocolNumber, options: [(kind: IPv6OptionKind, data: [UInt8])]
  ) -> [UInt8] {
    var bytes: [UInt8] = [nextHeader.rawValue, 0]
    for option in options {
      bytes.append(option.kind.rawValue)
      if option.kind == .pad1 { continue }
      bytes.append(UInt8(clamping: option.data.count))
      bytes += option.data.prefix(255)
    }
    let missing = (8 - bytes.count % 8) % 8
    if missing == 1 {
      bytes.append(IPv6OptionKind.pad1.rawValue)
    } else if missing > 1 {
      bytes += [IPv6OptionKind.padN.rawValue, UInt8(missing - 2)] + [UInt8](repeating: 0, count: missing - 2)
    }
    bytes.setByte(UInt8(clamping: bytes.count / 8 - 1), at: lengthFieldOffset)
    return bytes
  }
}

extension IPv6Option {
  /// The length in bytes of an option with so many bytes of data; Pad1 has neither length nor data.
  static func length(_ kind: IPv6OptionKind, dataLength: Int) -> Int {
    kind == .pad1 ? 1 : headerLength + min(dataLength, 255)
  }
}

// The text of a rule as it is printed.

/// Collects the text of a rule as `iptables-save` prints it.
public struct SaveWriter: Sendable {
  private(set) var bytes: [UInt8] = []
  /// The text so far; every word is preceded by one blank.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Makes an empty writer.
  public init() {}

  /// Makes an empty writer with room for some bytes.
  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  /// Adds what another writer has.
  mutating func append(_ other: SaveWriter) { bytes.append(contentsOf: other.bytes) }

  /// Appends ` --name` with its arguments, with `!` before it when inverted.
  public mutating func option(_ name: String, _ arguments: String..., inverted: Bool = false) {
    option(name, inverted: inverted)
    for argument in arguments { word(argument) }
  }

  /// Appends ` --name`, with `!` before it when inverted.
  public mutating func option(_ name: String, inverted: Bool = false) {
    if inverted { append(" !") }
    append(" --")
    append(name)
  }

  /// Appends ` --name argument`, with `!` before it when inverted.
  public mutating func option(_ name: String, _ argument: String, inverted: Bool = false) {
    option(name, inverted: inverted)
    word(argument)
  }

  /// Appends a word after a blank.
  public mutating func word(_ word: String) {
    bytes.append(0x20)
    append(word)
  }

  /// Appends text as it is.
  mutating func append(_ text: String) {
    if text.utf8.withContiguousStorageIfAvailable({ bytes.append(contentsOf: $0) }) == nil {
      bytes.append(contentsOf: text.utf8)
    }
  }

  /// Appends an address with its prefix length or mask after a blank.
  mutating func word(_ address: AddressMatch) {
    guard address.address.family == .ipv4, let length = address.mask.prefixLength else {
      word(address.description)
      return
    }
    for place in 0..<4 {
      bytes.append(place == 0 ? 0x20 : 0x2e)
      append(byte: UInt8(truncatingIfNeeded: address.address.v4Bits >> UInt32(24 - 8 * place)))
    }
    bytes.append(0x2f)
    append(byte: UInt8(truncatingIfNeeded: length))
  }

  private mutating func append(byte: UInt8) {
    if byte >= 100 { bytes.append(0x30 + byte / 100) }
    if byte >= 10 { bytes.append(0x30 + byte / 10 % 10) }
    bytes.append(0x30 + byte % 10)
  }

  /// Quotes a string as iptables-save does: only when needed, `"` and `\` and `'` escaped (iptables: `xtables_save_string`).
  public static func quoted(_ text: String) -> String {
    let safe = { (byte: UInt8) in
      (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte == 0x5f
        || byte == 0x2d
    }
    if !text.isEmpty, text.utf8.allSatisfy(safe) { return text }
    var result: [UInt8] = [0x22]
    for byte in text.utf8 {
      // " and \ and '
      if byte == 0x22 || byte == 0x5c || byte == 0x27 { result.append(0x5c) }
      result.append(byte)
    }
    result.append(0x22)
    return String(decoding: result, as: UTF8.self)
  }
}

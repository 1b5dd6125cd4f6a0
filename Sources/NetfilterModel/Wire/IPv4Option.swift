// The options of an IPv4 header (RFC 791 §3.1).

/// The fields of the IPv4 option that begins at a place of some bytes; bytes that are missing read as 0.
public enum IPv4Option {
  /// The offsets of the fields in bytes (RFC 791 §3.1; kernel: `IPOPT_OPTVAL`, `IPOPT_OLEN`, `IPOPT_OFFSET`).
  @usableFromInline enum Field {
    @inlinable static var kind: Int { 0 }
    @inlinable static var length: Int { 1 }
    @inlinable static var pointer: Int { 2 }
    @inlinable static var timestampFlags: Int { 3 }
  }

  /// Where the length of the option at `place` stands, as a parameter problem points to it.
  @inlinable public static func lengthPlace(_ place: Int) -> Int { place + Field.length }
  /// Where the pointer of the option at `place` stands, as a parameter problem points to it.
  @inlinable public static func pointerPlace(_ place: Int) -> Int { place + Field.pointer }
  /// Where the flags of the timestamp option at `place` stand, as a parameter problem points to them.
  @inlinable public static func timestampFlagsPlace(_ place: Int) -> Int { place + Field.timestampFlags }

  /// The length in bytes of an option's kind and length.
  @inlinable public static var headerLength: Int { 2 }
  /// The length in bytes of a route option without addresses: kind, length and pointer.
  @inlinable public static var routeLength: Int { 3 }
  /// The length in bytes of a timestamp option without times: kind, length, pointer and flags.
  @inlinable public static var timestampLength: Int { 4 }
  /// The length in bytes of a router alert option (RFC 2113).
  @inlinable public static var routerAlertLength: Int { 4 }
  /// The least length in bytes of a commercial security option (`CIPSO_V4_HDR_LEN` and a tag).
  @inlinable public static var cipsoLength: Int { 8 }
  /// The length in bytes of an address or a time.
  @inlinable public static var wordLength: Int { 4 }
  /// The least pointer of a route option, that of its first address (`IPOPT_MINOFF`).
  @inlinable public static var routePointer: Int { 4 }
  /// The least pointer of a timestamp option, that of its first word.
  @inlinable public static var timestampPointer: Int { 5 }

  /// The kind.
  @inlinable public static func kind(in bytes: [UInt8], at place: Int) -> IPv4OptionKind {
    IPv4OptionKind(bytes.byte(at: place &+ Field.kind))
  }

  /// The length in bytes with kind and length, 0...255 as it stands there; options of one byte have none.
  @inlinable public static func length(in bytes: [UInt8], at place: Int) -> Int {
    Int(bytes.byte(at: place &+ Field.length))
  }

  /// The pointer of a route or timestamp option: the next word, counted from 1 at the option's begin.
  @inlinable public static func pointer(in bytes: [UInt8], at place: Int) -> Int {
    Int(bytes.byte(at: place &+ Field.pointer))
  }

  /// Writes the pointer of a route or timestamp option.
  @inlinable public static func setPointer(_ pointer: Int, in bytes: inout [UInt8], at place: Int) {
    bytes.setByte(UInt8(truncatingIfNeeded: pointer), at: place &+ Field.pointer)
  }

  /// What a timestamp option asks for.
  @inlinable public static func timestampRequest(in bytes: [UInt8], at place: Int) -> IPv4TimestampRequest {
    IPv4TimestampRequest(bytes.byte(at: place &+ Field.timestampFlags) & 15)
  }

  /// How many hosts found no room in a timestamp option, 0...15.
  @inlinable public static func overflow(in bytes: [UInt8], at place: Int) -> UInt8 {
    bytes.byte(at: place &+ Field.timestampFlags) >> 4
  }

  /// Counts one more host that found no room in a timestamp option.
  @inlinable public static func countOverflow(in bytes: inout [UInt8], at place: Int) {
    let flags = bytes.byte(at: place &+ Field.timestampFlags)
    bytes.setByte(flags &+ 0x10, at: place &+ Field.timestampFlags)
  }

  /// The address or time that `pointer` names, counted from 1 at the option's begin.
  @inlinable public static func word(in bytes: [UInt8], at place: Int, pointer: Int) -> UInt32 {
    bytes.uint32(at: place &+ pointer &- 1)
  }

  /// Writes the address or time that `pointer` names, counted from 1 at the option's begin.
  @inlinable public static func setWord(_ word: UInt32, in bytes: inout [UInt8], at place: Int, pointer: Int) {
    bytes.setUInt32(word, at: place &+ pointer &- 1)
  }

  /// A route option of `kind` with its pointer at the first of `addresses`.
  public static func route(_ kind: IPv4OptionKind, _ addresses: [UInt32]) -> [UInt8] {
    let length = routeLength + addresses.count * wordLength
    var bytes: [UInt8] = [kind.rawValue, UInt8(truncatingIfNeeded: length), UInt8(routePointer)]
    bytes += [UInt8](repeating: 0, count: addresses.count * wordLength)
    for (index, address) in addresses.enumerated() {
      setWord(address, in: &bytes, at: 0, pointer: routePointer + index * wordLength)
    }
    return bytes
  }
}

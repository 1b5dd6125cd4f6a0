// The options of a TCP header (RFC 9293 §3.1).

/// An option of a TCP header.
public struct TCPOption: Hashable, Sendable {
  /// The kind.
  public let kind: TCPOptionKind
  /// Where it stands in the bytes.
  public let offset: Int
  /// Its length in bytes by its second byte, at least 2; it may reach behind the end of the bytes.
  public let length: Int
}

/// Reading TCP options.
public enum TCPOptions {
  /// The kind of the option at `index`.
  @inlinable public static func kind(in bytes: [UInt8], at index: Int) -> TCPOptionKind {
    TCPOptionKind(bytes.byte(at: index))
  }

  /// The length in bytes of the option at `index`, kind and length included, as it stands in its second byte.
  @inlinable public static func length(in bytes: [UInt8], at index: Int) -> Int { Int(bytes.byte(at: index &+ 1)) }

  /// The kind and the length of the option at `index`, in one word.
  @inlinable public static func kindAndLength(in bytes: [UInt8], at index: Int) -> UInt16 { bytes.uint16(at: index) }

  /// Makes a byte of an option one that says nothing (NOP), and returns what it was.
  public static func overwrite(in bytes: inout [UInt8], at place: Int) -> UInt8 {
    let old = bytes.byte(at: place)
    bytes.setByte(TCPOptionKind.noOperation.rawValue, at: place)
    return old
  }

  /// How many bytes there are from the option at `index` to the next: its length, but 1 for kinds without one and for a
  /// length of 0 (kernel: `optlen` of xt_TCPMSS and xt_TCPOPTSTRIP).
  @inlinable public static func step(in bytes: [UInt8], at index: Int) -> Int {
    bytes.byte(at: index) < 2 ? 1 : Swift.max(1, length(in: bytes, at: index))
  }

  /// Whether an option of `kind` stands between two offsets, walking the options by their lengths (kernel:
  /// `tcp_find_option`).
  public static func contains(_ kind: UInt8, in bytes: [UInt8], from start: Int, to end: Int) -> Bool {
    var index = start
    while index < end {
      if bytes.byte(at: index) == kind { return true }
      index += step(in: bytes, at: index)
    }
    return false
  }

  /// Whether an option of `kind` stands in `range`, walking the options by their lengths (kernel: `tcp_find_option`).
  public static func contains(_ kind: TCPOptionKind, in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    contains(kind.rawValue, in: bytes, from: range.lowerBound, to: range.upperBound)
  }

  /// Walks the options in `range`; `body` gets the kind and the offsets of the value, and returns false to stop
  /// (kernel: `tcp_options`).
  ///
  /// The walk ends at an end option and at one that is shorter than 2 bytes or reaches behind the range.
  @inlinable @inline(__always)
  public static func forEach(in bytes: [UInt8], _ range: Range<Int>, _ body: (TCPOptionKind, Range<Int>) -> Bool) {
    var index = range.lowerBound
    while index < range.upperBound {
      let kind = kind(in: bytes, at: index)
      if kind == .end { return }
      if kind == .noOperation {
        index &+= 1
        continue
      }
      guard index &+ 2 <= range.upperBound else { return }
      let length = length(in: bytes, at: index)
      guard length >= 2, index &+ length <= range.upperBound else { return }
      if !body(kind, (index &+ 2)..<(index &+ length)) { return }
      index &+= length
    }
  }

  /// Whether a segment counts as signed, with or without its key at hand, or has options too broken to tell (kernel:
  /// `tcp_do_parse_auth_options`); the kernel does not look at what is shorter than an MD5 signature.
  public static func isSigned(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while range.upperBound &- index >= signatureLength {
      let kind = kind(in: bytes, at: index)
      if kind == .end { return false }
      if kind == .noOperation {
        index &+= 1
        continue
      }
      let length = length(in: bytes, at: index)
      if length < 2 || length > range.upperBound &- index || kind == .md5 || kind == .authentication { return true }
      index &+= length
    }
    return false
  }

  /// The length of an MD5 signature option.
  @inlinable public static var signatureLength: Int { 18 }

  /// The shift count of a window scale option whose value begins at `value`, 0...255 as it stands there (RFC 7323
  /// §2.2).
  @inlinable public static func windowScale(in bytes: [UInt8], at value: Int) -> UInt8 { bytes.byte(at: value) }

  /// The length of a SACK block in bytes (RFC 2018 §3; `TCPOLEN_SACK_PERBLOCK`).
  @inlinable public static var sackBlockLength: Int { 8 }

  /// The right edge of the SACK block that begins at `block`: the sequence number behind its last byte (RFC 2018 §3).
  @inlinable public static func rightEdge(in bytes: [UInt8], ofBlockAt block: Int) -> UInt32 {
    bytes.uint32(at: block &+ 4)
  }

  /// The options in `range` for people to look at: what is broken is among them, with a length of at least 2.
  public static func list(in bytes: [UInt8], _ range: Range<Int>) -> [TCPOption] {
    var options: [TCPOption] = []
    var index = range.lowerBound
    while index < range.upperBound {
      let kind = kind(in: bytes, at: index)
      if kind == .end { break }
      if kind == .noOperation {
        index += 1
        continue
      }
      let option = TCPOption(kind: kind, offset: index, length: max(2, length(in: bytes, at: index)))
      options.append(option)
      index += option.length
    }
    return options
  }

  /// The size in bytes that an option of kind `maximumSegmentSize` announces, or nil when its length is not 4.
  public static func maximumSegmentSize(of option: TCPOption, in bytes: [UInt8]) -> UInt16? {
    guard option.kind == .maximumSegmentSize, option.length == maximumSegmentSizeLength else { return nil }
    return maximumSegmentSize(in: bytes, at: option.offset)
  }

  /// The size in bytes that the first well-formed option of kind `maximumSegmentSize` in `range` announces, or nil
  /// (kernel: `tcpmss_mt`).
  public static func maximumSegmentSize(in bytes: [UInt8], _ range: Range<Int>) -> UInt16? {
    var index = range.lowerBound
    while index < range.upperBound {
      if kind(in: bytes, at: index) == .maximumSegmentSize, range.upperBound - index >= maximumSegmentSizeLength,
        length(in: bytes, at: index) == maximumSegmentSizeLength
      {
        return maximumSegmentSize(in: bytes, at: index)
      }
      index += step(in: bytes, at: index)
    }
    return nil
  }

  /// The length in bytes of an option that announces a maximum segment size (`TCPOLEN_MSS`).
  @inlinable public static var maximumSegmentSizeLength: Int { 4 }

  /// The size in bytes that the option at `index`, of kind `maximumSegmentSize`, announces.
  @inlinable public static func maximumSegmentSize(in bytes: [UInt8], at index: Int) -> UInt16 {
    bytes.uint16(at: index &+ 2)
  }

  /// Writes the size in bytes that the option at `index` announces.
  @inlinable public static func setMaximumSegmentSize(_ size: UInt16, in bytes: inout [UInt8], at index: Int) {
    bytes.setUInt16(size, at: index &+ 2)
  }

  /// The option that announces a maximum segment size in bytes.
  public static func maximumSegmentSize(_ size: UInt16) -> [UInt8] {
    [TCPOptionKind.maximumSegmentSize.rawValue, 4, UInt8(size >> 8), UInt8(size & 0xff)]
  }
}

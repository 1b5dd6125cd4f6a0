// Interface names as the kernel holds them: at most 15 bytes, padded with zeros to 16 (IFNAMSIZ).

/// The name of a network interface, in two 64-bit words so that a comparison is two instructions.
public struct InterfaceName: Hashable, Sendable {
  /// The first eight bytes, first byte lowest.
  public var first: UInt64
  /// The last eight bytes.
  public var second: UInt64

  /// No interface: what a packet on OUTPUT has as its input interface.
  public static let none = InterfaceName(first: 0, second: 0)
  /// The loopback interface.
  public static let loopback = InterfaceName("lo")

  /// Makes a name of its bytes, the first in the lowest bits.
  @inlinable
  public init(first: UInt64, second: UInt64) {
    self.first = first
    self.second = second
  }

  /// Makes a name from text; bytes after the fifteenth are cut off.
  public init(_ text: some StringProtocol) {
    self.init(bytes: text.utf8)
  }

  /// Makes a name from text; bytes after the fifteenth are cut off. Most names come as strings: compiled for them.
  public init(_ text: String) {
    self.init(bytes: text.utf8)
  }

  /// Makes a name from its bytes; what follows the fifteenth is cut off.
  @inlinable
  init(bytes: some Sequence<UInt8>) {
    var words: (UInt64, UInt64) = (0, 0)
    var shift: UInt64 = 0
    for byte in bytes {
      if shift < 64 {
        words.0 |= UInt64(byte) << shift
      } else {
        words.1 |= UInt64(byte) << (shift &- 64)
      }
      shift &+= 8
      if shift == 120 { break }
    }
    self.init(first: words.0, second: words.1)
  }

  /// Whether an interface can have a name: 1 to 15 bytes, neither `.` nor `..`, without `/`, `:` and blanks (kernel:
  /// `dev_valid_name`).
  public static func isValid(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, bytes.count <= 15 else { return false }
    for byte in bytes {
      if byte == 0x2f || byte == 0x3a || byte == 0x20 || byte == 0 || (byte >= 0x09 && byte <= 0x0d) { return false }
    }
    return first != 0x2e || (text != "." && text != "..")
  }

  /// Whether this is no interface.
  public var isNone: Bool { first == 0 }

  /// The name with only the bytes under a mask.
  public func masked(by mask: InterfaceName) -> InterfaceName {
    InterfaceName(first: first & mask.first, second: second & mask.second)
  }
}

extension InterfaceName: CustomStringConvertible, ExpressibleByStringLiteral {
  /// The name as text; empty for `none`.
  public var description: String {
    // The bytes as they lie in memory, up to the first zero.
    withUnsafeBytes(of: (first.littleEndian, second.littleEndian)) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// Makes a name from a literal.
  @inlinable
  public init(stringLiteral value: StaticString) {
    self = value.withUTF8Buffer { InterfaceName(bytes: $0) }
  }
}

/// What `-i` and `-o` hold: a name, or a prefix when it was written with a `+` at the end.
public struct InterfacePattern: Hashable, Sendable {
  /// The name under the mask; `+` alone stays as it is, outside the mask.
  public var name: InterfaceName
  /// Which bytes of the name are compared, the zero after a whole name with them; all zero for `+`.
  public var mask: InterfaceName

  /// Makes a pattern of a name and the bytes of it that count.
  public init(name: InterfaceName, mask: InterfaceName) {
    self.name = name
    self.mask = mask
  }

  /// Makes a pattern from text (`eth0`, `ppp+`) of at most 15 bytes; what is longer is cut off.
  public init(_ text: some StringProtocol) {
    let wildcard = text.hasSuffix("+")
    let length = text.utf8.count - (wildcard ? 1 : 0)
    let count = length == 0 ? 0 : min(16, length + (wildcard ? 0 : 1))
    name = wildcard && length > 0 ? InterfaceName(text.dropLast()) : InterfaceName(text)
    mask = InterfaceName(
      first: count >= 8 ? .max : (1 << UInt64(8 * count)) - 1,
      second: count >= 16 ? .max : (count > 8 ? (1 << UInt64(8 * (count - 8))) - 1 : 0))
  }

  /// The pattern as it is written: with a `+` at the end when the mask ends with the name.
  public var text: String {
    let compared = (mask.first.nonzeroBitCount + mask.second.nonzeroBitCount) / 8
    let name = name.description
    return compared == 0 || compared > name.utf8.count ? name : name + "+"
  }

  /// Whether an interface has a name that fits (kernel: `ifname_compare_aligned`).
  public func matches(_ other: InterfaceName) -> Bool {
    ((other.first ^ name.first) & mask.first) | ((other.second ^ name.second) & mask.second) == 0
  }
}

extension InterfacePattern {
  /// What iptables says of a name that no interface can have; nil for others (iptables: `xtables_parse_interface`).
  static func warning(_ name: String) -> String? {
    guard !name.hasSuffix("+"), name.utf8.contains(where: { $0 == 0x2f || $0 == 0x20 }) else { return nil }
    return "Warning: weird character in interface `\(name)' ('/' and ' ' are not allowed by the kernel)."
  }
}

// Reads hop-by-hop and destination options as the kernel does (kernel: `ipv6_parse_hopopts`, `ip6_parse_tlv`).

import NetfilterModel

/// What the options of a header lead to.
enum IPv6OptionResult: Hashable, Sendable {
  /// The packet goes on.
  case fine
  /// It is dropped in silence.
  case dropped
  /// It is dropped, and the sender is told.
  case problem(code: UInt8, pointer: Int)
}

/// Parameter problem codes (RFC 4443 §3.4).
enum ICMPv6ParameterProblem {
  static let headerField: UInt8 = 0
  static let unknownNextHeader: UInt8 = 1
  static let unknownOption: UInt8 = 2
  /// A first fragment without all its headers (RFC 7112 §5; kernel: `ICMPV6_HDR_INCOMP`).
  static let incompleteHeaders: UInt8 = 3
}

enum IPv6OptionParser {
  /// The most bytes of padding in a row (RFC 8200 §4.2).
  private static let maximumPadding = 7

  /// Reads the options header at `start`. A negative count means its absolute value, and no unknown options at all.
  static func parse(
    _ bytes: [UInt8], at start: Int, isHopByHop: Bool, maximumCount: Int, maximumLength: Int
  ) -> IPv6OptionResult {
    let length = IPv6OptionsHeader.length(in: bytes, at: start)
    guard bytes.count - start >= 8, bytes.count - start >= length, length <= maximumLength else { return .dropped }
    var offset = start + IPv6Option.firstOffset
    let end = start + length
    var count = 0
    var padding = 0
    while offset < end {
      let kind = IPv6Option.kind(in: bytes, at: offset)
      if kind == .pad1 {
        padding += 1
        if padding > maximumPadding { return .dropped }
        offset += 1
        continue
      }
      guard end - offset >= IPv6Option.headerLength else { return .dropped }
      let size = IPv6Option.dataLength(in: bytes, at: offset) + IPv6Option.headerLength
      guard size <= end - offset else { return .dropped }
      if kind == .padN {
        padding += size
        if padding > maximumPadding || !IPv6Option.isZero(in: bytes, at: offset) { return .dropped }
      } else {
        count += 1
        if count > abs(maximumCount) { return .dropped }
        let result =
          isHopByHop
          ? hopByHop(kind, bytes, offset, allowsUnknown: maximumCount >= 0)
          : unknown(kind, bytes, offset, allowsUnknown: maximumCount >= 0)
        if result != .fine { return result }
        padding = 0
      }
      offset += size
    }
    return .fine
  }

  private static func hopByHop(
    _ kind: IPv6OptionKind, _ bytes: [UInt8], _ offset: Int, allowsUnknown: Bool
  ) -> IPv6OptionResult {
    let length = IPv6Option.dataLength(in: bytes, at: offset)
    switch kind {
    case .routerAlert: return length == 2 ? .fine : .dropped
    case .ioam: return offset & 3 == 0 ? .fine : .dropped
    // No host here has labels (kernel: `calipso_validate`).
    case .calipso: return .dropped
    case .jumbo: return jumbo(bytes, offset, length: length)
    default: return unknown(kind, bytes, offset, allowsUnknown: allowsUnknown)
    }
  }

  /// A jumbogram must be one, and no packet here is (kernel: `ipv6_hop_jumbo`).
  private static func jumbo(_ bytes: [UInt8], _ offset: Int, length: Int) -> IPv6OptionResult {
    guard length == 4, offset & 3 == 2 else { return .dropped }
    if IPv6Option.word(in: bytes, at: offset) <= 65_535 {
      return .problem(code: ICMPv6ParameterProblem.headerField, pointer: IPv6Option.dataOffset(at: offset))
    }
    if IPv6Header.payloadLength(in: bytes, at: 0) != 0 {
      return .problem(code: ICMPv6ParameterProblem.headerField, pointer: offset)
    }
    return .dropped
  }

  /// kernel: `ip6_tlvopt_unknown`
  private static func unknown(
    _ kind: IPv6OptionKind, _ bytes: [UInt8], _ offset: Int, allowsUnknown: Bool
  ) -> IPv6OptionResult {
    guard allowsUnknown else { return .dropped }
    switch kind.actionIfUnknown {
    case .skip: return .fine
    case .discard: return .dropped
    case .reportUnlessMulticast where IPv6Header.destination(in: bytes, at: 0)?.isMulticast ?? true: return .dropped
    case .report, .reportUnlessMulticast:
      return .problem(code: ICMPv6ParameterProblem.unknownOption, pointer: offset)
    }
  }
}

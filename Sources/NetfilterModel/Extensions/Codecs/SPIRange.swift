// The ranges of security parameter indexes that `--ahspi` and `--espspi` take.

/// The security parameter indexes from `lower` to `upper` (kernel: `spis` of `struct ipt_ah` and `struct xt_esp`).
public struct SPIRange: Hashable, Sendable {
  /// The first index.
  public var lower: UInt32
  /// The last index; smaller than `lower` never matches.
  public var upper: UInt32

  /// Every index.
  public static let all = SPIRange(lower: 0, upper: .max)

  /// Whether `index` lies inside (kernel: `spi_match`).
  public func contains(_ index: UInt32) -> Bool { index >= lower && index <= upper }
}

extension ValueCodec where Value == SPIRange {
  /// `min[:max]`; the ends may be in the wrong order (iptables: `XTTYPE_UINT32RC`).
  static let indexRange = ValueCodec("min[:max]") { (argument) throws(OptionError) in
    let (lower, upper) = try parseNumberRange(argument.text, maximum: UInt64(UInt32.max))
    return SPIRange(lower: UInt32(truncatingIfNeeded: lower), upper: UInt32(truncatingIfNeeded: upper ?? lower))
  } print: {
    $0.lower == $0.upper ? "\($0.lower)" : "\($0.lower):\($0.upper)"
  }
}

extension Invertible where Value == SPIRange {
  /// What `iptables -L` prints behind the name of the match, a blank first: `spi:500`, `spis:!0:10`, nothing for every
  /// index (iptables: `print_spis`).
  var listing: String {
    if !inverted, value == .all { return "" }
    let plural = value.lower == value.upper ? "" : "s"
    return " spi\(plural):\(inverted ? "!" : "")\(ValueCodec.indexRange.print(value))"
  }
}

// Rates and times as rateest and RATEEST take them.

/// Rates in bytes a second, and times in microseconds, as the estimator of rates has them (iptables: libxt_rateest,
/// libxt_RATEEST).
enum TrafficRate {
  private static let units: [(name: String, bits: Double)] = [
    ("bit", 1), ("kibit", 1024), ("kbit", 1000), ("mibit", 1_048_576), ("mbit", 1e6), ("gibit", 1_073_741_824),
    ("gbit", 1e9), ("tibit", 1_099_511_627_776), ("tbit", 1e12), ("bps", 8), ("kibps", 8192), ("kbps", 8000),
    ("mibps", 8_388_608), ("mbps", 8e6), ("gibps", 8_589_934_592), ("gbps", 8e9), ("tibps", 8_796_093_022_208),
    ("tbps", 8e12),
  ]

  /// Bytes a second: `1mbit`, `10KBps`, or bits without a unit (iptables: `rateest_get_rate`).
  static func rate(_ text: String) throws(OptionError) -> UInt32 {
    if let (value, rest) = NumberReader.strtod(text) {
      if rest.isEmpty { return NumberReader.wrapping32(value / 8) }
      let unit = rest.lowercased()
      if let bits = units.first(where: { $0.name == unit })?.bits { return NumberReader.wrapping32(value * bits / 8) }
    }
    throw OptionError("`\(text)` is not a rate", help: "write it as `1mbit` or `100KBps`")
  }

  /// `1000Kbit`, or the bytes a second (iptables: `rateest_print_rate`).
  static func text(_ rate: UInt32, numeric: Bool) -> String {
    if numeric { return "\(rate)" }
    let bits = UInt64(rate) * 8
    if bits >= 1_000_000_000 { return "\(rounded(bits, 1_000_000))Mbit" }
    return bits >= 1_000_000 ? "\(rounded(bits, 1000))Kbit" : "\(bits)bit"
  }

  /// A quotient rounded to the nearest number, to the even one where two are as near.
  private static func rounded(_ value: UInt64, _ divisor: UInt64) -> UInt64 {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest * 2 > divisor || (rest * 2 == divisor && quotient & 1 == 1) ? quotient + 1 : quotient
  }

  /// Microseconds: `250ms`, `1s`, `100us`, or a number of them (iptables: `RATEEST_get_time`).
  static func time(_ text: String) throws(OptionError) -> UInt32 {
    if let (value, rest) = NumberReader.strtod(text) {
      switch rest.lowercased() {
      case "": return NumberReader.wrapping32(value)
      case "s", "sec", "secs": return NumberReader.wrapping32(value * 1e6)
      case "ms", "msec", "msecs": return NumberReader.wrapping32(value * 1e3)
      case "us", "usec", "usecs": return NumberReader.wrapping32(value)
      default: break
      }
    }
    throw OptionError("`\(text)` is not a time", help: "write it as `250ms` or `1s`")
  }

  /// `250.0ms`, `1.0s` (iptables: `RATEEST_print_time`).
  static func text(microseconds: UInt32) -> String {
    let time = UInt64(microseconds)
    if time < 1000 { return "\(time)us" }
    let (unit, name): (UInt64, String) = time >= 1_000_000 ? (1_000_000, "s") : (1000, "ms")
    let tenths = rounded(time * 10, unit)
    return "\(tenths / 10).\(tenths % 10)\(name)"
  }
}

// The rates and bursts of -m hashlimit as text (iptables: libxt_hashlimit).

extension HashlimitRate {
  /// The largest burst in packets (iptables: `XT_HASHLIMIT_BURST_MAX`).
  static let maximumBurst: UInt64 = 1_000_000
  static let units: [(name: String, seconds: UInt64)] = [("day", 86400), ("hour", 3600), ("min", 60), ("sec", 1)]
  static let sizes: [(name: String, bytes: UInt32)] = [("m", 1_048_576), ("k", 1024), ("", 1)]

  /// The number at the start of text, 0 when there is none (iptables: `parse_rate`, which calls atoll(3)).
  static func leadingNumber(_ text: some StringProtocol) -> Int64 { NumberReader.atoll(text) }

  /// The factor of a letter (iptables: `get_factor`).
  static func factor(_ letter: UInt8?) -> UInt64 {
    switch letter {
    case UInt8(ascii: "m"): 1_048_576
    case UInt8(ascii: "k"): 1024
    default: 1
    }
  }

  /// Reads a burst: a number of packets, or with `k` or `m` behind it of bytes (iptables: `parse_burst`).
  static func burst(_ text: String) throws(OptionError) -> UInt64 {
    guard let (value, rest) = scanUnsigned(text), value >= 1, !rest.isEmpty || value <= maximumBurst else {
      throw OptionError("`\(text)` is not a burst: a number from 1 to \(maximumBurst), or bytes with `kb` or `mb`")
    }
    return value &* factor(rest.utf8.first)
  }

  /// Reads a rate: `number[/unit]` or `number[k|m]b/s` (iptables: `parse_bytes`, `parse_rate`).
  static func parse(_ text: String) throws(OptionError) -> (average: UInt64, isBytes: Bool, unit: UInt32) {
    let help = "write `10/sec`, `10/min`, `10/hour`, `10/day` or `10kb/s`"
    let wrong = OptionError("`\(text)` is not a rate", help: help)
    let tooFast = OptionError("the rate `\(text)` is too fast", help: help)
    let bytes = Array(text.utf8)
    let number = UInt64(bitPattern: leadingNumber(text))
    let end = bytes.indices.first { bytes[$0...].starts(with: "b/s".utf8) } ?? 0
    if end > 0, number != 0 {
      guard let cost = cost(bytes: number &* factor(bytes[end - 1])) else { throw tooFast }
      return (cost, true, 15)
    }
    var unit: UInt64 = 1
    if let slash = bytes.firstIndex(of: UInt8(ascii: "/")) {
      let word = String(decoding: bytes[(slash + 1)...], as: UTF8.self).lowercased()
      let names: [(String, UInt64)] = [("second", 1), ("minute", 60), ("hour", 3600), ("day", 86400)]
      guard !word.isEmpty, let found = names.first(where: { $0.0.hasPrefix(word) }) else { throw wrong }
      unit = found.1
    }
    guard number != 0 else { throw wrong }
    let average = scale * unit / number
    guard average != 0 else { throw tooFast }
    return (average, false, UInt32(unit))
  }

  /// The unit in which a time for one packet is printed (iptables: `print_rate`).
  static func unit(_ period: UInt64) -> (name: String, seconds: UInt64) {
    for index in 1..<units.count {
      let length = scale * units[index].seconds
      if period > length || length / period < length % period { return units[index - 1] }
    }
    return units[units.count - 1]
  }

  /// The rate as it is printed; `period` is the time for one packet.
  static func text(_ configuration: HashlimitConfiguration, period: UInt64) -> String {
    if configuration.mode.contains(.bytes) {
      let rate = bytes(cost: configuration.average)
      // iptables masks with 32 bits, so that rates above 4 GiB a second are printed in bytes.
      let size = sizes.first { size in
        size.bytes == 1
          || (rate >= UInt64(size.bytes) && cost(bytes: rate & UInt64(~(size.bytes - 1))) == configuration.average)
      }
      return "\(rate / UInt64(size?.bytes ?? 1))\(size?.name ?? "")b/s"
    }
    if period == 0 { return "inf" }
    let (name, seconds) = unit(period)
    return "\(scale * seconds / period)/\(name)"
  }

  /// The burst as it is printed, or nil when it is not: no burst was given in the byte mode.
  static func burstText(_ configuration: HashlimitConfiguration) -> String? {
    guard configuration.mode.contains(.bytes) else { return "\(configuration.burst)" }
    guard configuration.burst != 0 else { return nil }
    let total = bytes(cost: configuration.average) &* configuration.burst
    let size = sizes.first { total >= UInt64($0.bytes) }
    return "\(total / UInt64(size?.bytes ?? 1))\(size?.name ?? "")b"
  }

  /// The expiry in milliseconds that is not printed because the rate implies it.
  static func expiry(_ configuration: HashlimitConfiguration, period: UInt64? = nil) -> UInt32 {
    if configuration.mode.contains(.bytes) { return configuration.burst == 0 ? 15_000 : 60_000 }
    let period = period ?? configuration.average
    return period == 0 ? 0 : UInt32(truncatingIfNeeded: unit(period).seconds * 1000)
  }
}

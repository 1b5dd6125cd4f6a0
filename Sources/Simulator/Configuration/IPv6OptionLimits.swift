// What the options of IPv6 packets may be at most.

/// How many options, and how many bytes of them, a packet may have (`net.ipv6.max_*_opts_number`, `net.ipv6.max_*_length`).
struct IPv6OptionLimits: Hashable, Sendable {
  var hopByHopCount = 8
  var hopByHopLength = Int(Int32.max)
  var destinationCount = 8
  var destinationLength = Int(Int32.max)
}

extension IPv6OptionLimits {
  /// The limits that the settings name.
  init(_ sysctls: Sysctls) {
    hopByHopCount = sysctls.ipv6(.hopByHopOptions)
    destinationCount = sysctls.ipv6(.destinationOptions)
    hopByHopLength = sysctls.ipv6(.hopByHopLength)
    destinationLength = sysctls.ipv6(.destinationLength)
  }
}

// What the settings say of the queues of fragments.

import NetfilterModel

extension Defragmenter {
  /// Takes over what the settings of a family say about time, memory and distance.
  mutating func bound(by sysctls: Sysctls, _ family: AddressFamily) {
    guard family == .ipv6 else {
      timeout = UInt32(clamping: sysctls[.fragmentTime])
      maximumDistance = UInt32(clamping: sysctls[.fragmentDistance])
      highThreshold = sysctls[.fragmentMemory]
      return
    }
    timeout = UInt32(clamping: sysctls.ipv6(.fragmentTime))
    trackingTimeout = UInt32(clamping: sysctls.ipv6(.trackedFragmentTime))
    highThreshold = sysctls.ipv6(.fragmentMemory)
    trackingHighThreshold = sysctls.ipv6(.trackedFragmentMemory)
  }
}

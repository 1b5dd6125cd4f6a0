// Which of its addresses an IPv6 host uses (RFC 6724 §5; kernel: `ipv6_dev_get_saddr`).

import NetfilterModel

/// The choice of a source address: candidates are offered one after the other, the best of them stays.
struct SourceAddressChoice {
  private let destination: IPAddress
  private let label: UInt32
  private let device: InterfaceName
  private(set) var best: IPAddress?
  private var bestScore: [Int] = []
  /// Further candidates of the interface have too small a scope, as they are sorted by it.
  private(set) var isOver = false

  /// The place of the scope among the scores.
  private static let scopeRule = 2

  init(to destination: IPAddress, from device: InterfaceName) {
    self.destination = destination
    self.device = device
    label = Self.label(of: destination)
  }

  /// Offers an address of an interface; `prefersTemporary` is whether that interface prefers temporary ones (`use_tempaddr`).
  mutating func offer(_ address: InterfaceAddress, on interface: InterfaceName, prefersTemporary: Bool = false) {
    guard !isOver else { return }
    let score = score(of: address, on: interface, prefersTemporary)
    guard best != nil else {
      best = address.address
      bestScore = score
      return
    }
    for (rule, pair) in zip(bestScore, score).enumerated() where pair.0 != pair.1 {
      if pair.0 > pair.1 {
        if rule == Self.scopeRule, score[rule] > 0 { isOver = true }
        return
      }
      best = address.address
      bestScore = score
      return
    }
  }

  /// The rules in the kernel's order; more is better.
  private func score(
    of candidate: InterfaceAddress, on interface: InterfaceName, _ prefersTemporary: Bool
  ) -> [Int] {
    let address = candidate.address
    let scope = Int(address.scope)
    return [
      1, address == destination ? 1 : 0, scope >= Int(destination.scope) ? -scope : scope - 128,
      candidate.isDeprecated ? 0 : 1, device.isNone || device == interface ? 1 : 0,
      Self.label(of: address) == label ? 1 : 0,
      candidate.isTemporary == prefersTemporary ? 1 : 0, Self.isOrchid(address) == Self.isOrchid(destination) ? 1 : 0,
      min(address.commonPrefixLength(with: destination), candidate.prefixLength),
    ]
  }

  private static func isOrchid(_ address: IPAddress) -> Bool { address.high >> 36 == 0x2001_0010 >> 4 }

  /// The label that the default policy table gives an address (kernel: `ip6addrlbl_init_table`).
  static func label(of address: IPAddress) -> UInt32 {
    let (high, low) = (address.high, address.low)
    if high == 0 {
      if low == 1 { return 0 }
      if low >> 32 == 0 { return 3 }
      if low >> 32 == 0xffff { return 4 }
    }
    if high >> 36 == 0x2001_0010 >> 4 { return 7 }
    if high >> 32 == 0x2001_0000 { return 6 }
    if high >> 48 == 0x2002 { return 2 }
    if high >> 48 == 0x3ffe { return 12 }
    if high >> 54 == 0xfec0 >> 6 { return 11 }
    if high >> 57 == 0xfc >> 1 { return 5 }
    return 1
  }
}

import Testing

@testable import NetfilterModel

/// The translation of prefixes without a state.
@Suite struct PrefixTranslationTests {
  static func translation(_ from: String, _ to: String) throws -> PrefixTranslation {
    let rule = RestoreParser.parse(
      "*mangle\n-A POSTROUTING -j SNPT --src-pfx \(from) --dst-pfx \(to)\nCOMMIT\n", file: "r", family: .ipv6
    ).ruleset[.mangle]?["POSTROUTING"]?.rules.first
    guard case .target(let target) = try #require(rule).action, case .translatePrefix(let result) = target.effects.first
    else { throw OptionError("no translation") }
    return result
  }

  static func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text, family: .ipv6)) }

  /// The example of RFC 6296 §3.3 and §3.4, both ways.
  @Test func theExampleOfTheStandard() throws {
    let out = try Self.translation("fd01:203:405::/48", "2001:db8:1::/48")
    let back = try Self.translation("2001:db8:1::/48", "fd01:203:405::/48")
    let inside = try Self.address("fd01:203:405:1::1234")
    let outside = try Self.address("2001:db8:1:d550::1234")
    #expect(out.applied(to: inside) == outside)
    #expect(back.applied(to: outside) == inside)
  }

  /// The sum over the address stays, so that no checksum changes.
  @Test func theSumStays() throws {
    for (from, to) in [("fd00::/48", "2001:db8:7::/48"), ("fd00:1:2:3::/64", "2001:db8::/56"), ("::/0", "fd00::/8")] {
      let translation = try Self.translation(from, to)
      let prefix = translation.from.address
      let mask = translation.from.mask
      for low in [0x1234, 0xffff_0000_0000_0001, 0xffff_ffff_0000_0002, 7] as [UInt64] {
        let address = IPAddress.v6(prefix.high | 0x5 & ~mask.high, low)
        guard let result = translation.applied(to: address) else { continue }
        let length = max(translation.from.mask.prefixLength ?? 0, translation.to.mask.prefixLength ?? 0)
        guard length == translation.from.mask.prefixLength else { continue }
        let sum = { (address: IPAddress) in Checksum.sum(address.bytes, in: 0..<16) % 0xffff }
        #expect(sum(result) == sum(address), "\(address) \(result)")
        #expect(translation.to.contains(result))
      }
    }
  }

  @Test func aWordOfOnesIsPassedOver() throws {
    let translation = try Self.translation("fd00::/64", "2001:db8::/64")
    let changed = try #require(translation.applied(to: .v6(0xfd00_0000_0000_0000, 0xffff_0000_0000_0001)))
    #expect(changed.low >> 48 == 0xffff && changed.low & 0xffff == 1 && changed.low >> 32 & 0xffff != 0)
    #expect(translation.applied(to: .v6(0xfd00_0000_0000_0000, .max)) == nil)
  }
}

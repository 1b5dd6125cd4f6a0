// Scenarios that say something without effect are refused: a misspelt member would make another host.

import Foundation
import FlowTesting
import Testing

@Suite struct ScenarioReadingTests {
  /// What is wrong with a scenario, or nothing.
  func problem(_ text: String) -> String {
    let scenario: Scenario
    do { scenario = try JSONDecoder().decode(Scenario.self, from: Data(text.utf8)) } catch let error as DecodingError {
      if case .dataCorrupted(let context) = error { return context.debugDescription }
      return "\(error)"
    } catch { return "\(error)" }
    do throws(ScenarioError) { _ = try scenario.replay() } catch { return error.description }
    return ""
  }

  @Test(arguments: [
    (#""interfacs": []"#, "there is no member `interfacs`; did you mean `interfaces`?"),
    (
      #""interfaces": [{"name": "eth0", "addr": ["192.0.2.1/24"]}]"#, "there is no member `addr`; did you mean `addrs`?"
    ),
    (#""packets": [{"in": "eth0", "hexx": "45"}]"#, "there is no member `hexx`; did you mean `hex`?"),
    (#""stack": "answer""#, "`stack` is `answers` or `silent`, not `answer`"),
    (#""interfaces": [{"name": "abcdefghijklmnop"}]"#, "`abcdefghijklmnop` cannot be the name of an interface"),
    (#""interfaces": [{"name": "a"}, {"name": "b", "addrs": ["1"]}]"#, "`1` is not an address of an interface"),
    (#""sysctls": {"net.ipv4.ip_forwrad": 1}"#, "the kernel has no setting `net.ipv4.ip_forwrad`; did you mean"),
    (#""sysctls": {"net.ipv4.ip_forward": "yes"}"#, "`net.ipv4.ip_forward` is a number, not `yes`"),
    (#""late_sysctls": {"net.ipv4.conf.eth7.rp_filter": 1}"#, "there is no interface `eth7`"),
    (#""routes": ["10.0.0.1/8 dev lo"]"#, "the network is 10.0.0.0/8"),
    (#""packets": [{"in": "eth7", "hex": "45"}]"#, "packet 0: there is no interface `eth7`; the host has lo"),
    (#""packets": [{"hex": "45"}]"#, "packet 0: neither `in` nor `local` is there"),
    (#""packets": [{"wait": -1}]"#, "packet 0: `wait` is 0 to 1000000000 seconds"),
    (#""packets": [{"wait": 1e300}]"#, "packet 0: `wait` is 0 to 1000000000 seconds"),
    (#""packets": [{"reply_to": 0}]"#, "packet 0: `reply_to` names no step before this one"),
    (#""packets": [{"reply_to": -9223372036854775808}]"#, "packet 0: `reply_to` names no step before this one"),
    (#""packets": [{"wait": 0}, {"icmp_error_to": 0, "from": "x"}]"#, "packet 1: `from` is missing or no address"),
    (#""packets": [{"wait": 0}, {"reply_to": 0, "flags": "SX"}]"#, "packet 1: `flags` has other letters"),
    (#""packets": [{"wait": 0}, {"reply_to": 0, "data": "0"}]"#, "packet 1: `data` is no hexadecimal text"),
    (#""packets": [{"wait": 0}, {"reply_to": 0, "code": 256}]"#, "packet 1: `code` is 0 to 255"),
  ])
  func whatHasNoEffectIsRefused(_ member: String, _ expected: String) {
    let packets = member.hasPrefix(#""packets""#) ? "" : #", "packets": []"#
    let found = problem("{\(member)\(packets)}")
    #expect(found.hasPrefix(expected) || (expected.hasPrefix("the network") && found.contains(expected)), "\(found)")
  }

  @Test func whatARecorderAsksForIsPassedOver() throws {
    let text =
      #"{"about": "x", "seed": 1, "ipset": "", "packets": [{"about": "y", "ct": true, "settle": 0.1, "wait": 1}], "#
      + #""sysctls": {"net.ipv4.tcp_sack": 1, "net.ipv4.ip_forward": "0x1"}}"#
    #expect(problem(text) == "")
    let scenario = try JSONDecoder().decode(Scenario.self, from: Data(text.utf8))
    #expect(scenario.unusedSettings == ["net.ipv4.tcp_sack"])
  }
}

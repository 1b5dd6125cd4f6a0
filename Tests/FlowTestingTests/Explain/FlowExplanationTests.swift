// Why a test failed, in words: who decided, what came nearest, what was rewritten.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct FlowExplanationTests {
  @Test func aFailureExplains() throws {
    let failure = try #require(
      FlowSuiteTests().failing(
        "in on wan tcp 198.51.100.7:5000 > 203.0.113.2:443 [S] => forward out lan as 198.51.100.7:5000 > $server:443"))
    #expect(
      FlowReport().render(failure) == """
        t/gw.flow:8:1: error: test "t": expected forward out lan, got drop [flow]
          packet      in on wan TCP 198.51.100.7:5000 > 203.0.113.2:443 [S] ttl 64 len 40
          decided by  filter/FORWARD policy DROP   t/gw.rules:11
          nearest     filter/FORWARD#2 -d 192.168.1.10/32 -p tcp -m tcp --dport 80 -j ACCEPT   t/gw.rules:18
                      failed only on --dport 80: the packet has 443
          rewritten   nat/PREROUTING#1 DNAT -> 192.168.1.10:443   t/gw.rules:3

        """)
  }

  @Test func aRuleBelowTheOneThatDecidedIsNamed() throws {
    let failure = try #require(FlowSuiteTests().failing("in on wan tcp 198.51.100.7:5 > 203.0.113.2:22 => deliver"))
    #expect(failure.explanation.decidedBy?.text.hasPrefix("filter/INPUT#2 ") == true)
    #expect(failure.explanation.nearest.first?.text.hasPrefix("filter/INPUT#3 ") == true)
    #expect(
      failure.explanation.nearest.first?.note == "would match, but stands below filter/INPUT#2, which comes first")
  }

  /// The note of the nearest rule, where a packet to port 80 or 443 of the gateway was expected to be forwarded.
  func note(_ rules: String, nat: String = "") throws -> String? {
    let setup = """
      iface wan 203.0.113.2/24
      iface lan 192.168.1.1/24
      sysctl net.ipv4.ip_forward = 1
      rules v4 r
      test "t"
      in on wan tcp 203.0.113.7:5000 > 192.168.1.9:443 => forward
      end

      """
    let text = "*nat\n\(nat)COMMIT\n*filter\n:FORWARD DROP [0:0]\n\(rules)\nCOMMIT\n"
    let suite = FlowSuite(setup, file: "t") { $0 == "r" ? text : nil }
    #expect(suite.isRunnable, "\(DiagnosticRenderer().render(suite.diagnostics))")
    guard case .failed(let failure) = suite.run(suite.tests[0]) else { return nil }
    return failure.explanation.nearest.first?.note
  }

  @Test(arguments: [
    (
      "-A FORWARD -m iprange --src-range 203.0.113.1-203.0.113.9 --dst-range 192.168.2.1-192.168.2.9 -j ACCEPT",
      "failed only on --dst-range 192.168.2.1-192.168.2.9: the packet goes to 192.168.1.9"
    ),
    (
      "-A FORWARD -m conntrack --ctstate NEW --ctorigdstport 5 -j ACCEPT",
      "failed only on --ctorigdstport 5: the connection has 443"
    ),
    ("-A FORWARD -m ttl --ttl-eq 64 -j ACCEPT", "failed only on --ttl-eq 64: the packet has TTL 63"),
    (
      "-A FORWARD -p tcp --sport 5001 --dport 80 -j ACCEPT",
      "failed on --sport 5001: the packet has 5000; --dport 80: the packet has 443"
    ),
  ])
  func exactlyWhatFailsIsNamed(_ rules: String, _ expected: String) throws {
    #expect(try note(rules) == expected)
  }

  @Test func aTranslationThatMadeItFailIsNamed() throws {
    #expect(
      try note(
        "-A FORWARD -p tcp --dport 443 -j ACCEPT",
        nat: "-A PREROUTING -p tcp --dport 443 -j DNAT --to-destination 192.168.1.10:8443\n")
        == "failed only on --dport 443: the packet has 8443 (destination NAT changed the port from 443 to 8443)")
  }

  /// Chains that lead to each other in very many ways are each read once.
  @Test(.timeLimit(.minutes(5))) func chainsWithManyJumpsAreReadOnce() throws {
    var rules = (0..<10).map { ":c\($0) - [0:0]\n" }.joined() + "-A FORWARD -p udp -j c0\n"
    for chain in 0..<9 { rules += String(repeating: "-A c\(chain) -j c\(chain + 1)\n", count: 60) }
    #expect(try note(rules) == nil)
    #expect(try note(rules + "-A c7 -j ACCEPT") == "failed only on -p udp: the packet is tcp")
    // What lies deeper than eight jumps is not looked for.
    #expect(try note(rules + "-A c8 -j ACCEPT") == nil)
  }

  /// Of two rules the one that needs fewer changes is the nearest.
  @Test func theRuleThatNeedsFewestChangesIsTheNearest() throws {
    let rules = """
      -A FORWARD -s 10.0.0.1/32 -p tcp --dport 80 -j ACCEPT
      -A FORWARD -p tcp --dport 444 -j ACCEPT
      """
    #expect(try note(rules) == "failed only on --dport 444: the packet has 443")
  }
}

// What a suite of tests costs: text to results on one thread, for many small tests and for one long one.

import FlowTesting
import Simulator

/// A gateway whose tests open connections through NAT, answer them, and are dropped: four steps a round.
func gatewaySuite(tests: Int, rounds: Int) -> String {
  var text = """
    iface wan 203.0.113.2/24
    iface lan 192.168.1.1/24
    route default via 203.0.113.1 dev wan
    sysctl net.ipv4.ip_forward = 1
    rules v4 gw.rules
    let server = 192.168.1.10

    """
  for number in 0..<tests {
    text += "test \"case \(number)\" @web\n"
    for round in 0..<rounds {
      let (port, net) = (5000 + round % 50000, round / 50000)
      let client = "198.51.\(100 + net).7:\(port)"
      text += "in on wan tcp \(client) > 203.0.113.2:443 [S] => forward out lan as \(client) > $server:8443\n"
      text += "reply [S.] => forward out wan as 203.0.113.2:443 > \(client)\n"
      text += "in on lan tcp 192.168.1.50:\(port) > 93.184.216.\(34 + net):80 [S] => forward out wan state NEW\n"
      text += "in on wan tcp \(client) > 203.0.113.2:22 [S] => drop at filter/INPUT policy\n"
    }
    text += "end\n"
  }
  return text
}

private let gatewayRules = """
  *nat
  -A PREROUTING -i wan -p tcp -m tcp --dport 443 -j DNAT --to-destination 192.168.1.10:8443
  -A POSTROUTING -o wan -j MASQUERADE
  COMMIT
  *filter
  :INPUT DROP [0:0]
  :FORWARD DROP [0:0]
  -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
  -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
  -A FORWARD -i lan -o wan -j ACCEPT
  -A FORWARD -i wan -o lan -d 192.168.1.10 -p tcp -m tcp --dport 8443 -j ACCEPT
  COMMIT

  """

private func run(_ suite: FlowSuite) {
  for test in suite.tests {
    if case .failed(let failure) = suite.run(test) { print("failed: \(failure.message)") }
  }
}

/// Reads and runs a suite and prints nothing, for an instruction counter.
func runSuiteOnly(tests: Int, rounds: Int) {
  run(FlowSuite(gatewaySuite(tests: tests, rounds: rounds), file: "bench") { $0 == "gw.rules" ? gatewayRules : nil })
}

/// Steps in a second, read and run.
func measureTestSuites() {
  for (name, tests, rounds) in [("2500 tests", 2500, 1), ("one test", 1, 2500)] {
    let text = gatewaySuite(tests: tests, rounds: rounds)
    let steps = Double(tests * rounds * 4)
    let read = smallest(runs: 5) { _ = FlowSuite(text, file: "bench") { $0 == "gw.rules" ? gatewayRules : nil } }
    let suite = FlowSuite(text, file: "bench") { $0 == "gw.rules" ? gatewayRules : nil }
    let time = smallest(runs: 5) { run(suite) }
    report("test suites, \(name), read", steps / read * 1e9, "steps/s")
    report("test suites, \(name), run", steps / time * 1e9, "steps/s")
    report("test suites, \(name)", steps / (read + time) * 1e9, "steps/s")
  }
}

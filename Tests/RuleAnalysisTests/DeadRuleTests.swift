// What is called dead is dead: random rules, random packets through the simulator, and the counters of rules that are
// said to see no packet, or to match none, stay at zero.

import FlowTesting
import NetfilterModel
import RuleAnalysis
import Simulator
import Testing

@Suite struct DeadRuleTests {
  /// Codes that say that a rule matches no packet, or that it could go without a packet ending otherwise.
  static let dead: Set<Int> = [2001, 2002, 2003, 2005, 2010, 2011, 4014]

  @Test(arguments: 0..<10)
  func countersOfDeadRulesStayAtZero(_ seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed) &* 7919 &+ 1)
    var count = 0
    for round in 0..<20 {
      let text = rules(&random)
      let findings = Linter().look(at: [LintInput(text, file: "random", family: .ipv4)])[0].findings
      let lines = Set(findings.filter { Self.dead.contains($0.diagnostic.id.number) }.map { $0.diagnostic.range.line })
      if lines.isEmpty { continue }
      count += 1
      var host = try #require(self.host(text))
      for _ in 0..<30 { _ = try? host.walk(packet(&random)) }
      for table in host.ruleset().tables {
        for rule in table.chains.flatMap({ $0.rules }) {
          guard let line = rule.location?.line, lines.contains(line) else { continue }
          #expect(rule.counters.packets == 0, "line \(line) of round \(round):\n\(text)")
        }
      }
    }
    #expect(count > 2, "the random rules have nothing dead to be tested")
  }

  /// What a later rule makes needless can be taken away: no packet ends otherwise.
  @Test(arguments: 0..<6)
  func needlessRulesChangeNothing(_ seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed) &* 104_729 &+ 5)
    for _ in 0..<20 {
      let text = rules(&random)
      let findings = Linter(selection: LintSelection(selected: ["2016", "2003", "2002", "2010"])).look(
        at: [LintInput(text, file: "random", family: .ipv4)])[0].findings
      guard let line = findings.map({ $0.diagnostic.range.line }).randomElement(using: &random) else { continue }
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      lines.remove(at: line - 1)
      let shorter = lines.joined(separator: "\n")
      for _ in 0..<30 {
        let packet = packet(&random)
        guard var first = host(text), var second = host(shorter) else { continue }
        let (one, other) = (try first.walk(packet), try second.walk(packet))
        #expect(
          ending(one) == ending(other), "\(packet) ends otherwise without line \(line):\n\(text)")
      }
    }
  }

  private func ending(_ walk: FlowWalk) -> String {
    switch walk.walk.disposition {
    case .dropped: "drop"
    case .rejected: "reject"
    default: "\(walk.walk.disposition)"
    }
  }

  private func host(_ text: String) -> LinuxHost? {
    HostText.describe(
      """
      iface eth0 203.0.113.1/24
      iface eth1 10.0.0.1/16
      route default via 203.0.113.254 dev eth0
      sysctl net.ipv4.ip_forward = 1

      """, file: "host", loading: [(text, "random", .ipv4)], read: { _ in nil }
    ).host
  }

  private func packet(_ random: inout RandomSource) -> String {
    let number = random.pick(["tcp", "udp", "icmp"])
    let source = random.pick(["10.0.1.2", "10.0.1.77", "10.0.2.2"])
    let destination = random.pick(["10.0.0.1", "203.0.113.1", "198.51.100.7", "203.0.113.9"])
    if number == "icmp" { return "in on eth1 icmp \(random.pick(["8", "13", "17"])) \(source) > \(destination)" }
    let ports = ["22", "80", "443", "1000", "8080"]
    return "in on eth1 \(number) \(source):\(random.pick(["53", "40000"])) > \(destination):\(random.pick(ports))"
      + (number == "tcp" ? random.pick([" [S]", " [.]", " [S]"]) : "")
  }

  private func rules(_ random: inout RandomSource) -> String {
    var text = "*filter\n:INPUT \(random.pick(["ACCEPT", "DROP"]))\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\n:one -\n:two -\n"
    for chain in ["INPUT", "FORWARD", "one", "two", "INPUT", "FORWARD"] {
      for _ in 0..<Int(random.next32() % 6) { text += "-A \(chain) \(conditions(&random))\(target(chain, &random))\n" }
    }
    return text + "COMMIT\n"
  }

  private func target(_ chain: String, _ random: inout RandomSource) -> String {
    var targets = [
      "-j ACCEPT", "-j DROP", "-j REJECT", "-j RETURN", "-j ACCEPT", "-j DROP", "-j LOG", "-j MARK --set-mark 1",
    ]
    targets.removeLast()
    if chain != "two" { targets += ["-j two", "-g two"] }
    if chain != "two" && chain != "one" { targets += ["-j one", "-j one", "-g one"] }
    return random.pick(targets)
  }

  private func conditions(_ random: inout RandomSource) -> String {
    var text = ""
    if random.next32() % 3 == 0 {
      text += random.pick([
        "-s 10.0.1.0/24 ", "-s 10.0.1.2 ", "! -s 10.0.1.2 ", "-s 10.0.0.0/16 ", "-s 10.0.1.2,10.0.2.2 ",
      ])
    }
    if random.next32() % 4 == 0 { text += random.pick(["-d 10.0.0.1 ", "-d 203.0.113.0/24 ", "! -d 10.0.0.1 "]) }
    if random.next32() % 4 == 0 { text += random.pick(["-i eth1 ", "-i eth+ ", "! -i eth0 ", "-i eth0 "]) }
    switch random.next32() % 4 {
    case 0:
      text +=
        "-p tcp "
        + random.pick([
          "", "--dport 22 ", "--dport 0:1023 ", "! --dport 80 ", "-m multiport --dports 22,80,443 ", "--syn ",
          "! --syn ", "--sport 53 ", "-m multiport --ports 80,53 ",
        ])
    case 1: text += "-p udp " + random.pick(["", "--dport 80 ", "-m multiport ! --dports 22,80 ", "--sport 1024: "])
    case 2: text += random.pick(["-p icmp ", "! -p tcp ", "-p icmp --icmp-type 8 ", ""])
    default: break
    }
    if random.next32() % 3 == 0 {
      text +=
        "-m conntrack "
        + random.pick([
          "--ctstate NEW ", "--ctstate NEW,INVALID ", "! --ctstate NEW ", "--ctstate ESTABLISHED ", "--ctstate DNAT ",
        ])
    }
    if random.next32() % 8 == 0 {
      text += random.pick([
        "-m limit --limit 1/min ", "-m mark --mark 1 ", "-m addrtype --dst-type LOCAL ", "-m length --length 0:100 ",
        "-m ttl --ttl-lt 65 ",
      ])
    }
    return text
  }
}

extension RandomSource: RandomNumberGenerator {
  /// 64 bits of two draws.
  public mutating func next() -> UInt64 { UInt64(next32()) << 32 | UInt64(next32()) }

  mutating func pick(_ words: [String]) -> String { words[Int(next32()) % words.count] }
}

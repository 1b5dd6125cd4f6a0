// Mistakes that are put into rule files of other origin: each is found in all of them, and nothing else is new.

import Foundation
import NetfilterModel
import RuleAnalysis
import Testing

/// A mistake as lines of a rule file.
struct PlantedMistake: Sendable, CustomStringConvertible {
  var code: Int
  var table = "filter"
  /// Chains that are declared before.
  var chains: [String] = []
  /// Lines that stand before all rules of the table.
  var first: [String] = []
  /// Lines that stand behind them.
  var last: [String] = []
  /// The text that is replaced in the file, and by what.
  var replacing: (String, String)?
  var files: [String]
  var description: String { "\(code)" }

  func planted(in text: String) -> String {
    var lines = text.components(separatedBy: "\n")
    if let replacing { return text.replacing(replacing.0, with: replacing.1) }
    guard let start = lines.firstIndex(of: "*\(table)"),
      let end = lines[start...].firstIndex(of: "COMMIT")
    else {
      let hooks = table == "raw" ? ["PREROUTING", "OUTPUT"] : TableKind(name: table)?.hooks.map { $0.chainName } ?? []
      let declared = hooks.map { ":\($0) ACCEPT [0:0]" } + chains.map { ":\($0) - [0:0]" }
      return text + (["*\(table)"] + declared + first + last + ["COMMIT"]).joined(separator: "\n") + "\n"
    }
    lines.insert(contentsOf: last, at: end)
    let rule = lines[start...].firstIndex { $0.hasPrefix("-") } ?? end
    lines.insert(contentsOf: chains.map { ":\($0) - [0:0]" } + first, at: rule)
    return lines.joined(separator: "\n")
  }
}

@Suite struct PlantedMistakeTests {
  static let gateways = ["home-router", "vpn-gateway", "libvirt-host"]
  static let all = ["hardened-server", "vpn-gateway", "home-router"]

  static let mistakes: [PlantedMistake] = [
    PlantedMistake(
      code: 2001, chains: ["p"],
      first: ["-A INPUT -s 192.0.2.4 -j p", "-A p -j DROP", "-A p -p tcp --dport 999 -j ACCEPT"], files: all),
    PlantedMistake(
      code: 2002, first: ["-A INPUT -s 192.0.2.0/24 -j DROP", "-A INPUT -s 192.0.2.4 -p tcp --dport 999 -j ACCEPT"],
      files: all),
    PlantedMistake(
      code: 2002,
      first: [
        "-A INPUT -p tcp --dport 900:950 -j DROP", "-A INPUT -p tcp --dport 951:999 -j DROP",
        "-A INPUT -p tcp --dport 910:990 -j ACCEPT",
      ], files: all),
    PlantedMistake(
      code: 2003, first: ["-A INPUT -s 192.0.2.0/24 -j DROP", "-A INPUT -s 192.0.2.4 -p tcp --dport 999 -j DROP"],
      files: all),
    PlantedMistake(
      code: 2004,
      first: ["-A INPUT -p tcp --dport 900:950 -j DROP", "-A INPUT -p tcp --dport 940:999 -s 0.0.0.0/0 -j ACCEPT"],
      files: all),
    PlantedMistake(code: 2006, chains: ["p"], first: ["-A p -s 192.0.2.4 -j DROP"], files: all),
    PlantedMistake(code: 2007, chains: ["p"], first: ["-A INPUT -s 192.0.2.4 -j p"], files: all),
    PlantedMistake(
      code: 2008, chains: ["p"], first: ["-A INPUT -s 192.0.2.4 -j p", "-A p -p tcp -j RETURN", "-A p -j RETURN"],
      files: all),
    PlantedMistake(code: 2009, first: ["-A INPUT -s 192.0.2.4"], files: all),
    PlantedMistake(
      code: 2010, chains: ["p"],
      first: [
        "-A INPUT -p udp -s 192.0.2.4 -j p", "-A p -p tcp --dport 999 -j DROP", "-A p -p udp --dport 999 -j DROP",
      ], files: all),
    PlantedMistake(
      code: 2010, chains: ["p"],
      first: ["-A INPUT -s 192.0.2.4 -j p", "-A p -o eth7 -j DROP", "-A p -p udp --dport 999 -j DROP"], files: all),
    PlantedMistake(
      code: 2011,
      first: [
        "-A INPUT -s 192.0.2.4 -j DROP", "-A INPUT -s 192.0.2.4 -m limit --limit 1/min -j LOG --log-prefix \"out: \"",
      ], files: all),
    PlantedMistake(
      code: 2012,
      first: [
        "-A INPUT -s 192.0.2.4 -p udp --dport 999 -m limit --limit 1/sec -j ACCEPT",
        "-A INPUT -s 192.0.2.4 -p udp --dport 999 -j ACCEPT",
      ], files: all),
    PlantedMistake(
      code: 2015, table: "mangle",
      first: [
        "-A PREROUTING -s 192.0.2.4 -m statistic --mode random --probability 0.25 -j ACCEPT",
        "-A PREROUTING -s 192.0.2.4 -m statistic --mode random --probability 0.25 -j ACCEPT",
      ], files: all),
    PlantedMistake(
      code: 2016, first: ["-A INPUT -s 192.0.2.4 -p tcp -j DROP", "-A INPUT -s 192.0.2.0/24 -j DROP"], files: all),
    PlantedMistake(
      code: 2018, first: ["-A INPUT -p udp --dport 999 -m recent --rcheck --name nobody -j DROP"], files: all),
    PlantedMistake(code: 2019, first: ["-A INPUT -f -s 192.0.2.4 -j DROP"], files: all),
    PlantedMistake(code: 3006, table: "nat", last: ["-A POSTROUTING -s 192.0.2.4 -j MASQUERADE"], files: gateways),
    PlantedMistake(
      code: 3013, table: "nat", first: ["-A PREROUTING -p tcp --dport 999 -j DNAT --to-destination 192.0.2.4"],
      files: ["docker-host", "home-router", "libvirt-host"]),
    PlantedMistake(
      code: 3014, table: "nat", first: ["-A PREROUTING -s 192.0.2.4 -j LOG --log-prefix \"out: \""], files: gateways),
    PlantedMistake(code: 3015, first: ["-A INPUT -s 172.168.0.0/16 -p udp --dport 999 -j DROP"], files: all),
    PlantedMistake(
      code: 4006, first: ["-A INPUT -p udp --sport 53 -j ACCEPT"],
      files: ["hardened-server", "vpn-gateway", "home-router"]),
    PlantedMistake(
      code: 4014, first: ["-A INPUT -p icmp --icmp-type 3 -m conntrack --ctstate NEW -s 192.0.2.4 -j ACCEPT"],
      files: all),
    PlantedMistake(code: 5006, first: ["-A INPUT -s 192.0.2.4/24 -p udp --dport 999 -j DROP"], files: all),
    PlantedMistake(
      code: 5011, first: ["-A INPUT -m mark --mark 7 -s 192.0.2.4 -j DROP"], files: ["hardened-server", "home-router"]),
    PlantedMistake(code: 5014, table: "raw", first: ["-A PREROUTING -s 192.0.2.4 -j TRACE"], files: all),
    PlantedMistake(
      code: 6005, first: ["-A INPUT -p tcp --dport 3306 -j ACCEPT"],
      files: ["hardened-server", "vpn-gateway", "home-router"]),
    PlantedMistake(code: 6008, first: ["-A INPUT -s 192.0.2.4 -j LOG --log-prefix \"out: \""], files: all),
    PlantedMistake(code: 6009, first: ["-A INPUT -p udp --dport 25 -s 192.0.2.4 -j ACCEPT"], files: all),
    PlantedMistake(
      code: 6010, first: ["-A INPUT -s 192.0.2.4 -m limit --limit 1/min -j LOG --log-prefix out"], files: all),
    PlantedMistake(
      code: 6011,
      first: [
        "-A INPUT -s 192.0.2.4 -p udp --dport 999 -m limit --limit 1/min -j LOG --log-prefix \"dropped: \"",
        "-A INPUT -s 192.0.2.4 -p udp --dport 999 -j ACCEPT",
      ], files: all),
    PlantedMistake(
      code: 4004, replacing: ("-A INPUT -i lo -j ACCEPT\n", ""),
      files: ["hardened-server", "vpn-gateway", "home-router"]),
    PlantedMistake(
      code: 4003, replacing: ("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n", ""),
      files: ["home-router", "vpn-gateway"]),
    PlantedMistake(
      code: 7001,
      replacing: (
        "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n",
        "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n"
      ), files: ["hardened-server", "vpn-gateway"]),
    PlantedMistake(
      code: 4001,
      replacing: (
        "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n",
        "-A INPUT -m conntrack --ctstate RELATED -j ACCEPT\n"
      ), files: ["hardened-server", "vpn-gateway"]),
    PlantedMistake(
      code: 4002, replacing: ("-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n", ""),
      files: ["hardened-server"]),
    PlantedMistake(
      code: 3001, table: "nat",
      first: ["-A PREROUTING -i eth0 -d 203.0.113.5 -p tcp --dport 999 -j DNAT --to-destination 192.0.2.4"],
      files: ["vpn-gateway"]),
    PlantedMistake(
      code: 3001, table: "nat",
      first: ["-A PREROUTING -i eth0 -d 203.0.113.10 -p tcp --dport 999 -j DNAT --to-destination 192.0.2.4"],
      files: ["hardened-server", "ufw"]),
    PlantedMistake(
      code: 3003, table: "nat",
      first: ["-A PREROUTING -i eth0 -d 203.0.113.10 -p tcp --dport 443 -j REDIRECT --to-ports 999"],
      files: ["hardened-server"]),
  ]

  @Test(arguments: mistakes) func plantedMistakesAreFound(_ mistake: PlantedMistake) throws {
    for name in mistake.files {
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Fixtures/\(name)/rules.v4").standardizedFileURL
      let text = try String(contentsOf: file, encoding: .utf8)
      let planted = mistake.planted(in: text)
      #expect(planted != text, "\(mistake.code) cannot be planted in \(name)")
      let before = codes(text)
      let after = codes(planted)
      var new = after
      for code in before { if let index = new.firstIndex(of: code) { new.remove(at: index) } }
      #expect(new == [mistake.code], "\(name): \(messages(planted))")
    }
  }

  private func codes(_ text: String) -> [Int] {
    Linter().look(at: [LintInput(text, file: "f", family: .ipv4)])[0].findings.map { $0.diagnostic.id.number }.sorted()
  }

  private func messages(_ text: String) -> [String] {
    Linter().look(at: [LintInput(text, file: "f", family: .ipv4)])[0].findings.map {
      "\($0.diagnostic.range.line): \($0.diagnostic.id.number) \($0.diagnostic.message)"
    }
  }
}

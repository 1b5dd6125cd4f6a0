// Scripts of iptables commands and hosts in every subcommand that takes rules.

import Foundation
import Testing

@Suite struct ScriptOptionTests {
  static let script = """
    #!/bin/bash
    # hookwalk: ignore=4006 the resolver
    [ "$1" = start ] || exit 0
    sysctl -w net.ipv4.ip_forward=1
    iptables -P INPUT DROP
    iptables -A INPUT -i lo -j ACCEPT
    iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    for p in 22 80; do
      iptables -A INPUT -p tcp --dport $p -m comment --comment "$2" -j ACCEPT
    done
      # hookwalk: ignore=4006 the resolver
    iptables -A INPUT -p udp --sport 53 -j ACCEPT
    ip6tables -A INPUT -p udp --sport 53 -j ACCEPT

    """
  static let host = "iface eth0 192.0.2.1/24\niface eth1 10.0.0.1/24\n"
  static let forward = "in on eth0 tcp 192.0.2.7:4000 > 10.0.0.9:80"

  private func run(_ script: String) throws -> ShellRun {
    try ShellRun(
      script,
      files: [
        "fw.sh": Self.script, "host.flow": Self.host,
        "fw.flow":
          "rules v4 fw.sh start \"two words\"\ntest \"ssh\"\nin on eth0 tcp 192.0.2.7:4 > 192.0.2.1:22 => deliver\n"
          + "\(Self.forward) => forward out eth1\nend\n",
        "s.json":
          #"{"interfaces": [{"name": "eth0", "addrs": ["192.0.2.1/24"]}], "rules_file": "fw.sh", "packets": []}"#,
      ])
  }

  @Test(arguments: [
    "hookwalk save fw.sh start 'two words'", "hookwalk save fw.sh --args 'start \"two words\"'",
    "hookwalk list -S --args 'start \"two words\"' fw.sh", "hookwalk replay --args 'start \"two words\"' s.json",
    "hookwalk commands fw.sh --args \"start 'two words'\"",
  ]) func argumentsOfAScript(_ call: String) throws {
    let run = try run(call)
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains("two words"), "\(run.output)")
  }

  @Test(arguments: [
    ("hookwalk save fw.sh start --args stop", "not in both"), ("hookwalk save gw.rules --args x", "only a script"),
    ("hookwalk save fw.sh --args \"'x\"", "not closed"),
  ]) func argumentsThatCannotBe(_ call: String, _ words: String) throws {
    let run = try run(call)
    #expect(run.code == 2)
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  /// The host, and what the script changes of it, are the same in trace, test and lint.
  @Test func aHostForTests() throws {
    #expect(try run("hookwalk test --host host.flow --apply-host fw.flow").code == 0)
    let without = try run("hookwalk test --host host.flow fw.flow")
    #expect(without.code == 1)
    #expect(without.output.contains("fw.flow:4:1"), "\(without.output)")
    #expect(try run("hookwalk test fw.flow").code == 3)
  }

  @Test(arguments: [("--apply-host", 0), ("", 1)] as [(String, Int32)])
  func aHostForATrace(_ option: String, _ code: Int32) throws {
    let run = try run(
      "hookwalk trace --rules fw.sh --args start --host host.flow \(option) '\(Self.forward) => forward out eth1'")
    #expect(run.code == code, "\(run.output)\(run.errors)")
  }

  /// Without a host one is made to fit, and a script that only sets sysctls changes nothing about that.
  @Test func noHostButASetting() throws {
    let run = try run(
      "hookwalk trace --rules fw.sh --args start --apply-host 'in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 deliver'"
    )
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains("=> DELIVERED"))
  }

  @Test func findingsPointAtTheLineOfTheScript() throws {
    let run = try run("hookwalk lint fw.sh --args start --no-config --select 4006,6 --format gcc")
    // Line 12 is ignored where the comment above it says so, for IPv4; the rule of IPv6 is told.
    #expect(run.output.contains("fw.sh:13:1: warning: "), "\(run.output)\(run.errors)")
    #expect(!run.output.contains("fw.sh:12:"))
    #expect(run.output.contains("fw.sh:9:1: "), "\(run.output)")
    #expect(run.code == 1)
  }

  @Test func aFindingOfAScriptIsRepeatedByTrace() throws {
    let run = try run(
      "hookwalk lint fw.sh --args start --no-config --proof | sed -n 's/^  proof: //p' >command; cat command; sh command"
    )
    #expect(run.output.contains("--args start"), "\(run.output)\(run.errors)")
    #expect(run.output.contains("=> DELIVERED"), "\(run.output)\(run.errors)")
  }

  @Test func aScriptIsNotMended() throws {
    let run = try run(
      "cp fw.sh before; hookwalk lint --fix fw.sh --args start --no-config >/dev/null; cmp before fw.sh && echo same")
    #expect(run.output == "same\n")
  }

  @Test func aScriptWhoseLinesAreNotReadIsRefused() throws {
    let run = try ShellRun(
      "hookwalk lint x.sh --no-config --format gcc; hookwalk lint x.sh --set IP=10.0.0.1 --no-config --format gcc",
      files: ["x.sh": "#!/bin/sh\nIP=$(hostname -i)\niptables -A INPUT -s $IP -j ACCEPT\n"])
    #expect(run.output.hasPrefix("x.sh:3:"), "\(run.output)")
    #expect(run.output.contains("line-not-read"))
    #expect(run.output.split(separator: "\n").filter { $0.contains("line-not-read") }.count == 1)
  }

  /// A host that a script describes by its addresses needs no other.
  @Test func aHostMadeByAScript() throws {
    let run = try ShellRun(
      "hookwalk trace --rules n.sh --apply-host 'in on eth7 icmp 10.7.0.9 > 10.7.0.1 => deliver'",
      files: ["n.sh": "#!/bin/sh\nip addr add 10.7.0.1/24 dev eth7\niptables -A INPUT -i eth7 -j ACCEPT\n"])
    #expect(run.code == 0, "\(run.output)\(run.errors)")
  }
}

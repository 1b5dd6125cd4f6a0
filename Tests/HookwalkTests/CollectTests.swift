// The script that `hookwalk collect` prints, run by a real shell with tools that print what real ones printed.

import Foundation
import Testing

@Suite struct CollectTests {
  /// What the tools of a small router print.
  static let tools = [
    "iptables-save": "*filter\n:INPUT DROP [7:420]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n",
    "ip6tables-save": "*filter\n:INPUT DROP [0:0]\nCOMMIT\n",
    "ip -c=never addr show": """
    1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
        link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
        inet 127.0.0.1/8 scope host lo
           valid_lft forever preferred_lft forever
    2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
        link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
        inet 192.0.2.1/24 brd 192.0.2.255 scope global eth0
           valid_lft forever preferred_lft forever

    """,
    "ip -c=never -4 route show table all": """
    default via 192.0.2.254 dev eth0
    192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.1
    local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
    local 192.0.2.1 dev eth0 table local proto kernel scope host src 192.0.2.1
    broadcast 192.0.2.255 dev eth0 table local proto kernel scope link src 192.0.2.1

    """,
    "ip -c=never -4 rule show":
      "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n",
    "sysctl -a": "net.ipv4.ip_forward = 0\nnet.ipv4.conf.all.rp_filter = 0\n",
  ]

  /// Tools that print what they are known to print, note how they were called, and fail otherwise.
  static let setup = """
    mkdir tools work
    for tool in iptables-save ip6tables-save ipset ip sysctl; do
      printf '%s\\n' '#!/bin/sh' 'echo "${0##*/} $*" >>"$CALLS"' 'file=$SAID/$(echo "${0##*/} $*" | tr " /" "__")' \
        '[ -f "$file" ] && cat "$file"' >tools/$tool
      chmod +x tools/$tool
    done
    export CALLS=$PWD/calls SAID=$PWD
    hookwalk collect >collect.sh

    """

  private func run(_ script: String) throws -> ShellRun {
    var files: [String: String] = [:]
    for (call, text) in Self.tools {
      let words = call.contains(" ") ? call : call + " -c"
      files[String(words.map { $0 == " " || $0 == "/" ? "_" : $0 })] = text
    }
    return try ShellRun(Self.setup + script, files: files)
  }

  @Test func theShellAndShellcheckTakeIt() throws {
    let run = try run(
      "sh -n collect.sh && if command -v shellcheck >/dev/null; then shellcheck collect.sh; else echo none; fi")
    #expect(run.code == 0, "\(run.output)\(run.errors)")
    #expect(run.output.isEmpty || run.output == "none\n")
  }

  /// What it saves can be read back: a packet walks through the machine.
  @Test func whatItSavesIsAHost() throws {
    let run = try run(
      """
      cd work && PATH=$PWD/../tools:$PATH sh ../collect.sh machine >/dev/null && cd .. &&
      hookwalk trace --host work/machine --format json 'in on eth0 tcp 192.0.2.7:4000 > 192.0.2.1:22 => deliver' >t &&
      hookwalk trace --host work/machine --format json 'in on eth0 tcp 192.0.2.7:4000 > 192.0.2.1:23 => drop' >t &&
      hookwalk trace --host work/machine --format json 'local udp 192.0.2.1:53 > 198.51.100.1:53 => send out eth0' >t &&
      printf 'test "t"\\nin on eth0 tcp 192.0.2.7:4 > 192.0.2.1:22 => deliver\\nend\\n' >m.flow &&
      hookwalk test --host work/machine m.flow && hookwalk lint --host work/machine work/machine/rules.v4 >/dev/null
      echo "$?"
      """)
    #expect(run.output.hasSuffix("1\n") || run.output.hasSuffix("0\n"), "\(run.output)\(run.errors)")
    #expect(run.output.contains("1 passed"), "\(run.output)\(run.errors)")
  }

  /// It asks, and writes into its folder alone; what fails leaves no file.
  @Test func itChangesNothing() throws {
    let run = try run(
      "cd work && PATH=$PWD/../tools:$PATH sh ../collect.sh machine >/dev/null; cat ../calls; echo ==; find . -type f | sort"
    )
    let parts = run.output.components(separatedBy: "==\n")
    let calls = (parts.first ?? "").split(separator: "\n")
    #expect(calls.count == 10)
    for call in calls {
      #expect(
        call.contains("save") || call.contains(" show") || call == "sysctl -a", "`\(call)` does more than ask")
    }
    #expect(
      parts.last
        == ["addr", "route", "rule", "rules.v4", "rules.v6", "sysctl"].map { "./machine/\($0)\n" }.joined())
    #expect(run.errors.contains("not saved: ipset save"), "\(run.errors)")
    #expect(run.errors.contains("not saved: ip -c=never -6 rule show"))
  }

  @Test func itSaysHowItIsUsed() throws {
    let run = try run("sh collect.sh; echo $?; mkdir no; chmod 0 no; touch file; sh collect.sh file; echo $?")
    #expect(run.output.hasPrefix("2\n"))
    #expect(run.output.hasSuffix("1\n"))
    #expect(run.errors.contains("usage: sh collect.sh FOLDER"))
  }
}

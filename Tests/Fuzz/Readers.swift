// Hostile input for every reader, driven by libFuzzer: `Tests/Fuzz/run.sh` builds and runs it. The environment's
// HOOKWALK_READER chooses the reader. A trap, a round trip that changes, or an input that takes too long is a finding.

import FlowTesting
import FoundationEssentials
import NetfilterModel
import RuleScripts
import Simulator

/// What reads the input.
enum Reader: String, CaseIterable {
  case rules, script, flow, json, addr, route, rule, sysctl, packet, bytes, sets

  /// The reader that the environment names.
  static let chosen: Reader = {
    let name = ProcessInfo.processInfo.environment["HOOKWALK_READER"] ?? ""
    guard let reader = Reader(rawValue: name) else {
      fatalError("HOOKWALK_READER is one of " + Reader.allCases.map(\.rawValue).joined(separator: " "))
    }
    return reader
  }()

  /// Reads one input.
  func read(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    switch self {
    case .rules:
      readRules(text, .ipv4)
      readRules(text, .ipv6)
    case .script: readScript(input)
    case .flow: readFlow(text, other: text)
    case .json: readScenario(input)
    case .addr, .route, .rule, .sysctl:
      // Routes and rules are read as those of IPv6, too.
      for family in self == .route || self == .rule ? ["", "v6 "] : [""] {
        readFlow(
          "iface eth0 192.0.2.1/24 2001:db8::1/64 fe80::1/64\nimport \(rawValue) \(family)other\ntest \"t\"\n"
            + "\(Self.step) => drop\n\(Self.step6) => drop\nend\n",
          other: text)
      }
    case .packet: readPacket(text)
    case .bytes: walk(input)
    case .sets: readSets(input)
    }
  }

  /// A packet for the hosts that are read.
  private static let step = "in on eth0 tcp 198.51.100.7:40000 > 192.0.2.1:22"
  private static let step6 = "local udp [2001:db8::1]:40000 > [2001:db8:9::1]:53 mark=1"

  /// What is loaded is printed as text that is printed the same when it is loaded. (It need not load: iptables-save prints
  /// `--seconds 4294967295` as `-1`, and what an open quote took with the end of its line as two lines.)
  private func readRules(_ text: String, _ family: AddressFamily) {
    guard let printed = printed(text, family), let again = self.printed(printed.joined(), family) else { return }
    // The table that was loaded last is printed first.
    guard again.sorted() == printed.sorted() else {
      fatalError("printed twice, it differs:\n\(printed.joined())\n\(again.joined())")
    }
  }

  /// Every table of rules as iptables-save prints it; nil when the rules cannot be loaded.
  private func printed(_ text: String, _ family: AddressFamily) -> [String]? {
    let result = RestoreParser.parse(text, file: "rules", family: family)
    _ = DiagnosticRenderer().render(result.diagnostics)
    if result.hasErrors { return nil }
    var host = LinuxHost()
    do throws(RulesetRefusal) { try host.load(result.ruleset) } catch { return nil }
    return host.ruleset(family).tables.map { table in
      _ = ListPrinter().list(table)
      return SavePrinter(counters: true).print(Ruleset(family: family, tables: [table]))
    }
  }

  /// A script of iptables commands, which may also source itself, comes to the same each time; its rules are those of a rule file.
  private func readScript(_ input: [UInt8]) {
    _ = RuleScript.isScript(input)
    var options = ScriptOptions()
    options.arguments = ["start"]
    options.read = { _, _ in input }
    // An endless loop ends long before the time that an input may take here.
    options.mostCommands = 2000
    let (script, again) = (
      RuleScript.read(input, file: "script", options: options), RuleScript.read(input, file: "script", options: options)
    )
    _ = DiagnosticRenderer().render(script.diagnostics)
    guard script.output == again.output, script.status == again.status else {
      fatalError("read twice, it differs:\n\(script.output)\n\(again.output)")
    }
    for family in AddressFamily.allCases {
      let rules = SavePrinter(counters: true).print(script[family])
      guard rules == SavePrinter(counters: true).print(again[family]) else {
        fatalError("read twice, it differs:\n\(rules)")
      }
      readRules(rules, family)
    }
  }

  /// A set file is read; what it made is printed as a file that makes the same, and a packet walks through all of its sets.
  private func readSets(_ input: [UInt8]) {
    let result = SetFileParser.parse(input, file: "sets")
    _ = DiagnosticRenderer().render(result.diagnostics)
    let printed = SetPrinter.bytes(result.sets)
    // A name with blanks is printed as several words, as ipset does.
    if !result.sets.names.contains(where: { $0.utf8.contains { $0 <= 0x20 } }), !printed.contains(0) {
      let again = SetFileParser.parse(printed, file: "printed")
      if !again.hasErrors, SetPrinter.bytes(again.sets) != printed { fatalError("printed twice, it differs") }
    }
    for hex in [
      "4500001c000000004001f6ddc0000202c00002010800f7fd00010001",
      "45000028000040004006b6cec0000202c0000201c3500050000000000000000050020000000000",
    ] {
      guard let packet = Packet(hex: hex), let header = IPHeader(packet.bytes) else { continue }
      let context = PacketContext(
        packet: packet, header: header, hook: .input, table: .filter, input: "eth0", output: .none, connection: nil,
        state: .new)
      var sets = result.sets
      for name in sets.names {
        guard let place = sets.place(of: name) else { continue }
        let sides = [true, false, true]
        _ = sets.test(place, context, SetQuestion(sources: sides), now: 0)
        _ = sets.add(place, context, sides, timeout: 5, exists: true, now: 0)
        _ = sets.remove(place, context, sides, now: 1)
      }
    }
  }

  /// A file of tests is read and its first tests run; every file that it names is `other`.
  private func readFlow(_ text: String, other: String) {
    let suite = FlowSuite(text, file: "f.flow") { _ in other }
    _ = DiagnosticRenderer().render(suite.diagnostics)
    guard suite.isRunnable else { return }
    for test in suite.tests.prefix(4) {
      var test = test
      test.steps = Array(test.steps.prefix(16))
      _ = FlowReport().render(FlowOutcome(test: test, result: suite.run(test), duration: .zero))
    }
  }

  private func readScenario(_ input: [UInt8]) {
    guard var scenario = try? JSONDecoder().decode(Scenario.self, from: Data(input)) else { return }
    scenario.packets = Array(scenario.packets.prefix(16))
    do throws(ScenarioError) { _ = try scenario.replay() } catch { _ = error.description }
  }

  private func readPacket(_ text: String) {
    let step: FlowStep
    do throws(FlowError) { step = try PacketText.step(text) } catch {
      _ = error.description
      return
    }
    guard case .packet(let flow) = step.action else { return }
    let isLocal = flow.origin == .local
    let packet = flow.wholePacket
    _ = PacketSummary.text(packet)
    var host = AssumedHost(for: [flow])?.host ?? Self.router
    let walk = isLocal ? host.send(packet) : host.receive(packet, on: "eth0")
    _ = TextReport(explains: true).render(walk, on: host)
    _ = KernelReport().lines(walk, on: host)
    _ = JSONReport(host).value(walk, step: text)
  }

  /// Packets one after the other: a byte that says where it comes from and how long the clock stood, two of its length,
  /// and its bytes.
  private func walk(_ input: [UInt8]) {
    var host = Self.router
    var rest = input[...]
    var count = 0
    while let control = rest.popFirst(), let high = rest.popFirst(), let low = rest.popFirst(), count < 16 {
      count += 1
      let length = min(Int(high) << 8 | Int(low), rest.count)
      let packet = Packet(bytes: Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
      host.wait(nanoseconds: UInt64(control >> 4) * 20_000_000_000)
      let walk =
        control & 3 == 0 ? host.send(packet) : host.receive(packet, on: control & 3 == 1 ? "eth0" : "eth1")
      _ = TextReport(explains: control & 4 != 0).render(walk, on: host)
      _ = KernelReport().lines(walk, on: host)
    }
    _ = host.connectionListing
  }

  /// A router with rules of many kinds.
  private static let router: LinuxHost = {
    let described = HostText.describe(routerText, file: "router") { $0 == "rules6" ? routerRules6 : routerRules }
    guard let host = described.host else { fatalError(DiagnosticRenderer().render(described.diagnostics)) }
    return host
  }()

  private static let routerText = """
    iface eth0 203.0.113.2/24 2001:db8::1/64 fe80::1/64 mtu 1400 mac 02:00:00:00:00:02
    iface eth1 192.168.1.1/24 fd00::1/64
    route default via 203.0.113.1
    route default via 2001:db8::fe
    route unreachable 2001:db8:dead::/48
    route blackhole 198.51.100.128/25
    rule fwmark 7 lookup 100
    route default via 192.168.1.9 dev eth1 table 100
    sysctl net.ipv4.ip_forward = 1
    sysctl net.ipv4.conf.all.accept_source_route = 1
    sysctl net.ipv6.conf.all.forwarding = 1
    rules v4 rules
    rules v6 rules6
    """

  private static let routerRules = #"""
    *raw
    -A PREROUTING -p udp --dport 9 -j CT --notrack
    -A PREROUTING -m u32 --u32 "0>>22&0x3C@0>>16=0x7" -j MARK --set-mark 3
    COMMIT
    *mangle
    -A PREROUTING -p tcp --tcp-option 7 -j TCPOPTSTRIP --strip-options 7
    -A PREROUTING -m dscp --dscp 4 -j MARK --set-mark 7
    -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
    -A FORWARD -m ttl --ttl-gt 200 -j TTL --ttl-dec 3
    -A FORWARD -m length --length 100:200 -j DSCP --set-dscp 9
    -A OUTPUT -p tcp -j ECN --ecn-tcp-remove
    COMMIT
    *nat
    -A PREROUTING -i eth0 -p tcp --dport 80 -j DNAT --to-destination 192.168.1.10-192.168.1.20:8000-8010
    -A PREROUTING -i eth0 -p sctp -m multiport --dports 80 -j DNAT --to-destination 192.168.1.10
    -A PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353
    -A PREROUTING -d 10.9.0.0/16 -j NETMAP --to 192.168.0.0/16
    -A POSTROUTING -o eth0 -j MASQUERADE
    COMMIT
    *filter
    -A INPUT -m conntrack --ctstate INVALID -j DROP
    -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    -A INPUT -p icmp -m limit --limit 1/s --limit-burst 2 -j ACCEPT
    -A INPUT -p tcp -m recent --set --name a --rsource
    -A INPUT -p tcp -m hashlimit --hashlimit-upto 2/min --hashlimit-name h --hashlimit-mode srcip,dstport -j ACCEPT
    -A INPUT -m string --algo bm --hex-string "|0d0a|" --from 20 --to 90 -j LOG --log-prefix "line " --log-ip-options
    -A INPUT -p tcp -j REJECT --reject-with tcp-reset
    -A INPUT -j REJECT --reject-with icmp-port-unreachable
    -A FORWARD -p udplite -j ACCEPT
    -A FORWARD -m connbytes --connbytes 0:900 --connbytes-mode bytes --connbytes-dir both -j ACCEPT
    -A FORWARD -p tcp -m multiport --ports 1:1000,8080 -j REJECT --reject-with icmp-admin-prohibited
    COMMIT

    """#

  private static let routerRules6 = #"""
    *raw
    -A PREROUTING -p udp --dport 9 -j CT --notrack
    -A PREROUTING -m ipv6header --header dst,frag --soft -j MARK --set-mark 3
    COMMIT
    *mangle
    -A PREROUTING -m hbh --hbh-opts 5:2 -j MARK --set-mark 7
    -A PREROUTING -m rt --rt-type 0 --rt-segsleft 1:9 -j DSCP --set-dscp 9
    -A PREROUTING -d 2001:db8:77::/64 -j DNPT --src-pfx 2001:db8:77::/64 --dst-pfx fd00:77::/64
    -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
    -A FORWARD -m hl --hl-gt 200 -j HL --hl-dec 3
    -A OUTPUT -m frag --fragmore -j LOG --log-prefix "out " --log-ip-options --log-uid
    COMMIT
    *nat
    -A PREROUTING -i eth0 -p tcp --dport 80 -j DNAT --to-destination [fd00::10-fd00::20]:8000-8010
    -A PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353
    -A PREROUTING -d fd09::/64 -j NETMAP --to fd00::/64
    -A POSTROUTING -o eth0 -j MASQUERADE
    COMMIT
    *filter
    -A INPUT -m conntrack --ctstate INVALID -j DROP
    -A INPUT -p icmpv6 --icmpv6-type 128 -m limit --limit 1/s --limit-burst 2 -j ACCEPT
    -A INPUT -m ah --ahspi 1:900 -j LOG --log-prefix "ah " --log-ip-options
    -A INPUT -m srh --srh-segs-left-gt 0 -j DROP
    -A INPUT -p tcp -m recent --set --name a --rsource --mask ffff:ffff::
    -A INPUT -p tcp -j REJECT --reject-with tcp-reset
    -A INPUT -p udp -j REJECT --reject-with icmp6-port-unreachable
    -A FORWARD -p tcp -m multiport --ports 1:1000,8080 -j REJECT --reject-with icmp6-adm-prohibited
    COMMIT

    """#
}

/// What libFuzzer calls for each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func readOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Reader.chosen.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

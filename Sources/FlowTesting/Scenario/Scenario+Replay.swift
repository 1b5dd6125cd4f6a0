// Builds the host that a scenario describes, and replays its packets.

#if !hasFeature(Embedded)

  import NetfilterModel
  import RuleScripts
  import Simulator

  /// Why a scenario cannot be replayed.
  public enum ScenarioError: Error, Sendable, CustomStringConvertible {
    /// The description of the host is wrong.
    case host(String)
    /// The rules are wrong; every problem of the file.
    case rules([Diagnostic])
    /// A packet is wrong; its number from 0.
    case packet(Int, String)

    /// What is wrong.
    public var description: String {
      switch self {
      case .host(let message): message
      case .rules(let diagnostics): DiagnosticRenderer().render(diagnostics)
      case .packet(let number, let message): "packet \(number): \(message)"
      }
    }
  }

  extension Scenario {
    /// Makes the host that the scenario describes, with its rules loaded.
    ///
    /// - Parameter scripts: what a script of iptables commands is given that stands where a rule file does.
    /// - Throws: `ScenarioError` when the host or the rules cannot be understood.
    public func makeHost(scripts: ScriptOptions = ScriptOptions()) throws(ScenarioError) -> LinuxHost {
      if let stack, stack != "answers", stack != "silent" {
        throw .host("`stack` is `answers` or `silent`, not `\(stack)`")
      }
      var host = LinuxHost(name: "scenario", stack: stack == "answers" ? .answers : .silent)
      host.wallClock = at
      // The recorder's namespace has none but its own raw sockets.
      host.facts.hasNoSockets = true
      do throws(HostError) {
        // As the recorder sets them up, so that a rule's answer does not go back where it came from as a redirect.
        try host.setSysctl("net.ipv4.conf.all.send_redirects", "0")
        try host.setSysctl("net.ipv4.conf.default.send_redirects", "0")
        for interface in interfaces ?? [] {
          guard InterfaceName.isValid(interface.name) else {
            throw HostError("`\(interface.name)` cannot be the name of an interface")
          }
          let name = InterfaceName(interface.name)
          if host.interface(name) == nil { host.addInterface(Interface(name, mac: try Scenario.mac(interface.mac))) }
          if let group = interface.group, var grouped = host.interface(name) {
            grouped.group = group
            host.addInterface(grouped)
          }
          for text in interface.addrs ?? [] {
            guard let address = InterfaceAddress(text) else {
              throw HostError("`\(text)` is not an address of an interface")
            }
            host.addAddress(address, to: name)
          }
        }
        for route in routes ?? [] { try host.addRoute(route) }
        for neighbour in neighbours ?? [] { try host.addNeighbour(neighbour) }
        for rule in ipRules ?? [] { try host.addRoutingRule(rule) }
        for (key, value) in Scenario.inOrder(sysctls) { try host.setSysctl(key, value.text) }
      } catch {
        throw .host(error.description)
      }
      if let ipset {
        let result = SetFileParser.parse(Array(ipset.utf8), file: ipsetFile ?? "ipset")
        if result.hasErrors { throw .rules(result.diagnostics) }
        host.sets = result.sets
      }
      let loaded = [
        (rules, rulesFile ?? "rules", AddressFamily.ipv4), (rules6, rules6File ?? "rules6", .ipv6),
      ]
      for (text, file, family) in loaded {
        guard let text else { continue }
        let result = RuleText.parse(
          Array(text.utf8), file: file, family: family, counters: .ignored, options: scripts)
        if result.diagnostics.contains(where: { $0.severity == .error }) { throw .rules(result.diagnostics) }
        let missing = SetCheck.problems(in: result.ruleset, sets: host.sets, text: Array(text.utf8), file: file)
        if !missing.isEmpty { throw .rules(missing) }
        do throws(RulesetRefusal) { try host.load(result.ruleset) } catch { throw .host(error.description) }
      }
      do throws(HostError) {
        for (key, value) in Scenario.inOrder(lateSysctls) { try host.setSysctl(key, value.text) }
      } catch {
        throw .host(error.description)
      }
      return host
    }

    private static func mac(_ text: String?) throws(HostError) -> [UInt8]? {
      guard let text else { return nil }
      guard case .success(.mac(let bytes)) = PacketOption.parse("mac", text) else {
        throw HostError("`\(text)` is not an Ethernet address", help: "write it as 02:00:00:00:00:01")
      }
      return bytes
    }

    /// How a packet comes in on Ethernet: to a group if its destination is one, from the address that a neighbour has (`link.py`).
    private static func addLinkLayer(of interface: Interface?, to packet: inout Packet) {
      guard interface?.mac != nil, let header = IPHeader(packet.bytes) else { return }
      packet.sourceMAC = [2, 0] + header.source.bytes.suffix(4)
      if header.destination == .v4(.max) {
        packet.type = .broadcast
      } else if header.destination.isMulticast {
        packet.type = .multicast
      }
    }

    /// Settings from the general to the particular, since JSON objects have no order: `ip_forward` and `conf.all` change every
    /// interface, so that one interface's own value must come after.
    private static func inOrder(_ settings: [String: ScenarioValue]?) -> [(key: String, value: ScenarioValue)] {
      (settings ?? [:]).sorted { (KernelSetting.rank($0.key), $0.key) < (KernelSetting.rank($1.key), $1.key) }
    }

    /// The settings that change nothing of what is simulated, sorted.
    public var unusedSettings: [String] {
      (Array(sysctls ?? [:]) + Array(lateSysctls ?? [:]))
        .filter { (try? KernelSetting($0.key, $0.value.text))?.isUsed == false }.map { $0.key }.sorted()
    }

    /// Replays every packet, in order, on a host of its own.
    ///
    /// - Parameters:
    ///   - limits: what bounds the walk of each packet.
    ///   - scripts: what a script of iptables commands is given that stands where a rule file does.
    /// - Throws: `ScenarioError` when the host, the rules or a packet cannot be understood.
    public func replay(
      limits: WalkLimits = WalkLimits(), scripts: ScriptOptions = ScriptOptions()
    ) throws(ScenarioError) -> ScenarioAnswer {
      var host = try makeHost(scripts: scripts)
      host.limits = limits
      var steps: [ScenarioStep] = []
      var sent: [ScenarioPacket] = []
      for (number, written) in packets.enumerated() {
        if let problem = written.problem(after: number) { throw .packet(number, problem) }
        guard let step = written.isDerived ? try written.derived(from: steps, number: number) : written else {
          steps.append(ScenarioStep(isSkipped: true))
          continue
        }
        sent.append(step)
        if let seconds = step.wait {
          host.wait(nanoseconds: UInt64(seconds * 1e9))
          steps.append(ScenarioStep(wait: seconds))
          continue
        }
        guard let hex = step.hex, var packet = Packet(hex: hex) else {
          throw .packet(
            number, "`hex` is missing or no hexadecimal text")
        }
        let walk: Walk
        if step.local == true {
          packet.mark = step.mark ?? 0
          packet.owner = .process(uid: 0, gid: 0)
          walk = host.record(packet, input: nil)
        } else {
          let name = step.in ?? ""
          guard InterfaceName.isValid(name), host.interface(InterfaceName(name)) != nil else {
            throw .packet(
              number, step.in == nil ? "neither `in` nor `local` is there" : host.noInterface(name).description)
          }
          Scenario.addLinkLayer(of: host.interface(InterfaceName(name)), to: &packet)
          walk = host.record(packet, input: InterfaceName(name))
        }
        steps.append(record(walk, host))
      }
      return ScenarioAnswer(
        steps: steps.filter { !$0.isSkipped }, save: SavePrinter(counters: true).print(host.ruleset()),
        save6: rules6 == nil ? "" : SavePrinter(counters: true).print(host.ruleset(.ipv6)),
        conntrack: host.connectionListing.sorted(), ipset: ipset == nil ? nil : lines(of: host), packets: sent)
    }

    private func lines(of host: LinuxHost) -> [String] {
      SetPrinter.bytes(host.sets, now: host.now).split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
        .sorted()
    }

    /// The packets that left are listed interface by interface, as a recorder reads them.
    private func record(_ walk: Walk, _ host: LinuxHost) -> ScenarioStep {
      var emitted: [EmittedRecord] = []
      let left = walk.emitted
      for interface in host.interfaces {
        for packet in left where packet.output == interface.name {
          emitted.append(EmittedRecord(out: packet.output.description, packet: packet.packet.hex))
        }
      }
      return ScenarioStep(
        trace: walk.ruleHits.map(TraceRecord.init), emitted: emitted, disposition: "\(walk.disposition)")
    }
  }
#endif

// A scenario: a host, rules and packets in one JSON document, the same that a recorder replays through a live kernel.

#if !hasFeature(Embedded)

  import NetfilterModel
  import Simulator

  /// An interface of a scenario.
  public struct ScenarioInterface: Codable, Sendable {
    /// The name.
    public var name: String
    /// The addresses, `192.0.2.1/24`.
    public var addrs: [String]?
    /// The Ethernet address, `02:00:00:00:00:01`; without one the interface has no link layer (tun).
    public var mac: String?
    /// The group that it belongs to; 0 without.
    public var group: UInt32?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case name, addrs, mac, group
    }

    /// Reads an interface; a member that does not exist is an error.
    public init(from decoder: any Decoder) throws {
      try decoder.refuseOthers(than: CodingKeys.allCases.map { $0.rawValue })
      let members = try decoder.container(keyedBy: CodingKeys.self)
      name = try members.decode(String.self, forKey: .name)
      addrs = try members.decodeIfPresent([String].self, forKey: .addrs)
      mac = try members.decodeIfPresent(String.self, forKey: .mac)
      group = try members.decodeIfPresent(UInt32.self, forKey: .group)
    }
  }

  /// A step of a scenario: a packet, or time that passes.
  public struct ScenarioPacket: Codable, Sendable {
    /// The interface that it arrives on.
    public var `in`: String?
    /// Whether the host itself sends it.
    public var local: Bool?
    /// Its bytes in hexadecimal.
    public var hex: String?
    /// The mark of the sending socket.
    public var mark: UInt32?
    /// Seconds that pass.
    public var wait: Double?
    /// The step whose packet the far end answers.
    public var replyTo: Int?
    /// The step whose packet a router complains about with an ICMP error.
    public var icmpErrorTo: Int?
    /// The TCP flags of the answer, as letters (`SA`).
    public var flags: String?
    /// The sequence number of the answer.
    public var seq: Int?
    /// The acknowledgement of the answer.
    public var ack: Int?
    /// The payload of the answer in hexadecimal.
    public var data: String?
    /// The ICMP type of the error; for an IPv6 packet 11 means time exceeded, and any other destination unreachable.
    public var type: Int?
    /// The ICMPv6 type of the error, where it is not that which `type` means.
    public var type6: Int?
    /// How many bytes of an IPv6 packet the error quotes, 48 where nothing is said.
    public var quoted: Int?
    /// The ICMP code of the error.
    public var code: Int?
    /// Who sends the ICMP error.
    public var from: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case `in`, local, hex, mark, wait, flags, seq, ack, data, type, type6, quoted, code, from
      case replyTo = "reply_to"
      case icmpErrorTo = "icmp_error_to"
    }

    /// Makes a step without anything.
    public init() {}

    /// Reads a step; a member that does not exist is an error, except those that only a recorder or a reader asks for.
    public init(from decoder: any Decoder) throws {
      try decoder.refuseOthers(than: CodingKeys.allCases.map { $0.rawValue } + ["about", "ct", "settle"])
      let members = try decoder.container(keyedBy: CodingKeys.self)
      `in` = try members.decodeIfPresent(String.self, forKey: .in)
      local = try members.decodeIfPresent(Bool.self, forKey: .local)
      hex = try members.decodeIfPresent(String.self, forKey: .hex)
      mark = try members.decodeIfPresent(UInt32.self, forKey: .mark)
      wait = try members.decodeIfPresent(Double.self, forKey: .wait)
      replyTo = try members.decodeIfPresent(Int.self, forKey: .replyTo)
      icmpErrorTo = try members.decodeIfPresent(Int.self, forKey: .icmpErrorTo)
      flags = try members.decodeIfPresent(String.self, forKey: .flags)
      seq = try members.decodeIfPresent(Int.self, forKey: .seq)
      ack = try members.decodeIfPresent(Int.self, forKey: .ack)
      data = try members.decodeIfPresent(String.self, forKey: .data)
      type = try members.decodeIfPresent(Int.self, forKey: .type)
      type6 = try members.decodeIfPresent(Int.self, forKey: .type6)
      quoted = try members.decodeIfPresent(Int.self, forKey: .quoted)
      code = try members.decodeIfPresent(Int.self, forKey: .code)
      from = try members.decodeIfPresent(String.self, forKey: .from)
    }
  }

  /// A host, rules and packets.
  public struct Scenario: Codable, Sendable {
    /// The interfaces; `lo` exists anyway.
    public var interfaces: [ScenarioInterface]?
    /// Routes, as after `ip route add`.
    public var routes: [String]?
    /// Routing rules, as after `ip rule add`.
    public var ipRules: [String]?
    /// Who is on the links of interfaces with an Ethernet address, as `LinuxHost.addNeighbour` takes it.
    public var neighbours: [String]?
    /// Settings made before the rules are loaded.
    public var sysctls: [String: ScenarioValue]?
    /// Settings made after the rules are loaded.
    public var lateSysctls: [String: ScenarioValue]?
    /// IPv4 rules as iptables-restore takes them.
    public var rules: String?
    /// The name of a file with the IPv4 rules, beside the scenario.
    public var rulesFile: String?
    /// IPv6 rules as ip6tables-restore takes them.
    public var rules6: String?
    /// The name of a file with the IPv6 rules, beside the scenario.
    public var rules6File: String?
    /// Sets as `ipset restore` takes them.
    public var ipset: String?
    /// The name of a file with the sets, beside the scenario.
    public var ipsetFile: String?
    /// The packets, in order.
    public var packets: [ScenarioPacket]
    /// `silent` or `answers`.
    public var stack: String?
    /// The time at which it begins, in seconds since 1970; what asks for the time is undecided without it.
    public var at: UInt64?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case interfaces, routes, neighbours, sysctls, rules, rules6, packets, stack, at, ipset
      case ipsetFile = "ipset_file"
      case ipRules = "ip_rules"
      case lateSysctls = "late_sysctls"
      case rulesFile = "rules_file"
      case rules6File = "rules6_file"
    }

    /// Reads a scenario; a member that does not exist is an error, except those that only a recorder or a reader asks for.
    public init(from decoder: any Decoder) throws {
      try decoder.refuseOthers(than: CodingKeys.allCases.map { $0.rawValue } + ["about", "seed"])
      let members = try decoder.container(keyedBy: CodingKeys.self)
      interfaces = try members.decodeIfPresent([ScenarioInterface].self, forKey: .interfaces)
      routes = try members.decodeIfPresent([String].self, forKey: .routes)
      neighbours = try members.decodeIfPresent([String].self, forKey: .neighbours)
      ipRules = try members.decodeIfPresent([String].self, forKey: .ipRules)
      sysctls = try members.decodeIfPresent([String: ScenarioValue].self, forKey: .sysctls)
      lateSysctls = try members.decodeIfPresent([String: ScenarioValue].self, forKey: .lateSysctls)
      rules = try members.decodeIfPresent(String.self, forKey: .rules)
      rulesFile = try members.decodeIfPresent(String.self, forKey: .rulesFile)
      rules6 = try members.decodeIfPresent(String.self, forKey: .rules6)
      rules6File = try members.decodeIfPresent(String.self, forKey: .rules6File)
      ipset = try members.decodeIfPresent(String.self, forKey: .ipset)
      ipsetFile = try members.decodeIfPresent(String.self, forKey: .ipsetFile)
      packets = try members.decode([ScenarioPacket].self, forKey: .packets)
      stack = try members.decodeIfPresent(String.self, forKey: .stack)
      at = try members.decodeIfPresent(UInt64.self, forKey: .at)
    }
  }

  /// A value that is written as text or as a number.
  public struct ScenarioValue: Codable, Sendable {
    /// The text.
    public var text: String

    /// Reads a string or a whole number.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self.text = text
      } else {
        text = String(try container.decode(Int.self))
      }
    }

    /// Writes a string.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(text)
    }
  }
#endif

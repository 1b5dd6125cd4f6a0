// Random rules: options and values of every extension, from its option table and its own examples.

import NetfilterModel

@testable import Simulator

/// A rule of a table of its own.
struct RandomRule {
  var table: TableKind
  var hook: Hook
  var text: String
  /// The options that it was written with, as `name option`.
  var options: Set<String>
}

struct RandomRules {
  let family: AddressFamily
  var dice: Dice

  init(_ part: String, _ family: AddressFamily) {
    self.family = family
    dice = Dice("rules \(part) \(family)")
  }

  /// The matches of the family.
  var kinds: [ExtensionKind] { ExtensionRegistry.matches.filter { $0.spec.families.contains(family) } }

  static let ports = ["0", "1", "22", "53", "80", "1000", "65535"]
  static let interfaces = ["eth0", "eth1", "eth+", "lo", "wlan0", "e+", "+", "br-long-name-15"]
  static let marks = ["0", "1", "0x2", "0xff", "0x10", "0xffffffff"]

  var addresses: [String] {
    family == .ipv4
      ? ["10.0.0.1", "10.0.0.9", "10.1.0.2", "192.168.1.5", "224.0.0.1", "255.255.255.255", "0.0.0.0", "127.0.0.1"]
      : ["2001:db8::1", "2001:db8::9", "2001:db8::8000:0:0:1", "2001:db8:1::2", "fe80::5", "ff02::1", "::", "::1"]
  }

  /// A rule with a match of a kind, perhaps among other conditions; not every one is accepted.
  ///
  /// With `undecided` a condition stands before, between or behind the others that chance decides.
  mutating func rule(_ kind: ExtensionKind?, undecided: Bool = false) -> RandomRule {
    var options: Set<String> = []
    if let kind, !undecided, dice.chance(25), let example = example(of: kind) { return example }
    var matches = kind.map { [$0] } ?? []
    if dice.chance(undecided ? 60 : 30) {
      matches.insert(dice.pick(kinds), at: dice.number(0...matches.count))
    }
    let protocols = matches.flatMap(\.spec.protocols)
    var words = header(protocols, isAlone: kind != nil && dice.chance(60))
    let place = undecided ? dice.number(0...matches.count) : -1
    let chance = ["-m", "statistic", "--mode", "random", "--probability", "0.5"]
    for (index, match) in matches.enumerated() {
      if index == place { words += chance }
      words += ["-m", match.spec.name]
      for option in chosen(match) {
        if option.canInvert, dice.chance(30) { words.append("!") }
        words.append("--" + option.name)
        if let value = value(match, option) { words.append(value) }
        options.insert("\(match.spec.name) \(option.name)")
      }
    }
    if place == matches.count { words += chance }
    let tables = matches.reduce(TableSet([.raw, .mangle, .filter])) { $0.intersection($1.spec.tables) }
    let table = tables.tables.isEmpty ? TableKind.mangle : dice.pick(tables.tables)
    let allowed = matches.reduce(HookSet.all) { $0.intersection($1.spec.hooks) }
    let hooks = table.hooks.filter { allowed.contains(HookSet($0)) }
    let hook = hooks.isEmpty ? Hook.input : dice.pick(hooks)
    return RandomRule(
      table: table, hook: hook, text: "-A \(hook.chainName) \(words.joined(separator: " "))", options: options)
  }

  /// A rule as the extension itself gives it for an example.
  private mutating func example(of kind: ExtensionKind) -> RandomRule? {
    let accepted = kind.examples.filter {
      $0.family == family && $0.saved != nil && $0.table != .nat && !$0.rule.contains(" -j ")
    }
    guard !accepted.isEmpty else { return nil }
    let example = dice.pick(accepted)
    let words = example.rule.split(separator: " ")
    guard words.count > 2, let hook = Hook(chainName: words[1]) else { return nil }
    let options = words.filter { $0.hasPrefix("--") }.map { "\(kind.spec.name) \($0.dropFirst(2))" }
    return RandomRule(table: example.table, hook: hook, text: example.rule, options: Set(options))
  }

  private mutating func header(_ protocols: [ProtocolNumber], isAlone: Bool) -> [String] {
    var words: [String] = []
    func add(_ option: String, _ value: String, _ dice: inout Dice) {
      if dice.chance(30) { words.append("!") }
      words += value.isEmpty ? [option] : [option, value]
    }
    if let number = protocols.first.map({ _ in dice.pick(protocols) }) {
      words += ["-p", "\(number.rawValue)"]
    } else if dice.chance(25) {
      words += ["-p", "tcp"]
    } else if !isAlone, dice.chance(40) {
      add("-p", dice.pick(["tcp", "udp", "icmp", "sctp", "50", "47", "33", "108", "ipv6-icmp"]), &dice)
    }
    if isAlone { return words }
    if dice.chance(30) { add("-s", network(), &dice) }
    if dice.chance(30) { add("-d", network(), &dice) }
    if dice.chance(25) { add("-i", dice.pick(Self.interfaces), &dice) }
    if dice.chance(25) { add("-o", dice.pick(Self.interfaces), &dice) }
    if family == .ipv4, dice.chance(20) { add("-f", "", &dice) }
    return words
  }

  /// Options of a match that may stand together, in some order.
  private mutating func chosen(_ kind: ExtensionKind) -> [OptionSignature] {
    var result: [OptionSignature] = []
    let most = kind.signatures.contains { $0.isMandatory } ? 30 : 45
    for option in kind.signatures where option.isMandatory || dice.chance(most) {
      let clashes = result.contains { $0.excludes.contains(option.name) || option.excludes.contains($0.name) }
      if !clashes { result.append(option) }
    }
    if result.isEmpty, !kind.signatures.isEmpty { result.append(dice.pick(kind.signatures)) }
    return result
  }

  private mutating func network() -> String {
    let address = dice.pick(addresses)
    if dice.chance(40) { return address }
    let bits = family.addressBits
    return "\(address)/\(dice.chance(50) ? dice.number(0...bits) : bits - dice.pick([0, 1, 3, 8, 31]))"
  }

  private mutating func range(_ numbers: [Int], _ separator: String = ":") -> String {
    let (first, second) = (dice.pick(numbers), dice.pick(numbers))
    if dice.chance(50) { return "\(first)" }
    return dice.chance(90)
      ? "\(min(first, second))\(separator)\(max(first, second))" : "\(first)\(separator)\(second)"
  }

  /// What is written behind an option; nil for nothing.
  private mutating func value(_ kind: ExtensionKind, _ option: OptionSignature) -> String? {
    if option.arity == .none { return nil }
    if option.name == "chunk-types" { return dice.pick(["all", "any", "only"]) + " " + chunks() }
    if option.name == "match-set" { return dice.pick(["a", "b"]) + " " + dice.pick(["src", "dst", "src,dst"]) }
    if option.arity == .two { return flags() + " " + flags() }
    if let value = ownValue(option.name) ?? value(option.placeholder) { return value }
    return exampleValue(kind, option.name) ?? "\(dice.number(0...300))"
  }

  private mutating func flags() -> String {
    dice.chance(15)
      ? dice.pick(["ALL", "NONE"]) : dice.some(["FIN", "SYN", "RST", "PSH", "ACK", "URG"]).joined(separator: ",")
  }

  private mutating func chunks() -> String {
    let names = ["DATA", "DATA:IU", "DATA:b", "INIT", "SACK", "ABORT", "ABORT:t", "SHUTDOWN_COMPLETE:T", "COOKIE_ACK"]
    return dice.chance(15) ? dice.pick(["ALL", "NONE"]) : dice.some(names).joined(separator: ",")
  }

  /// By what the option table says that the argument looks like.
  private mutating func value(_ placeholder: String) -> String? {
    let lengths = [0, 8, 20, 28, 40, 48, 60, 536, 1460, 65535]
    switch placeholder {
    case "port[:port]": return range(Self.ports.compactMap { Int($0) })
    case "port[:port][,...]":
      return (0...dice.number(0...6)).map { _ in range(Self.ports.compactMap { Int($0) }) }.joined(separator: ",")
    case "value[/mask]": return dice.pick(Self.marks) + (dice.chance(50) ? "/" + dice.pick(Self.marks) : "")
    case "number[:number]": return dice.chance(10) ? ":" : range(lengths)
    case "address[/mask]": return network()
    case "address[-address]": return dice.pick(addresses) + (dice.chance(80) ? "-" + dice.pick(addresses) : "")
    case "address":
      return dice.pick(family == .ipv4 ? ["255.255.255.255", "255.255.0.0", "0.0.0.255"] : ["ffff:ffff::", "::ffff"])
    case "state[,...]":
      return dice.some(["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "SNAT", "DNAT"]).joined(separator: ",")
    case "status[,...]":
      return dice.some(["NONE", "EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"]).joined(separator: ",")
    case "time[:time]": return range([0, 1, 29, 30, 31, 600])
    case "protocol": return dice.pick(["tcp", "udp", "1", "0", "132"])
    case "ORIGINAL|REPLY": return dice.pick(["ORIGINAL", "REPLY"])
    case "type[,...]":
      return dice.some(["UNICAST", "LOCAL", "BROADCAST", "MULTICAST", "UNSPEC"]).joined(separator: ",")
    case "type": return dice.pick(["unicast", "broadcast", "multicast", "otherhost"])
    case "type[/code] or name": return dice.pick(["any", "8", "8/0", "3", "3/1", "0/0", "11", "255/255"])
    case "min[:max]": return range([0, 1, 0x0016_0050, 0xffff_ffff])
    case "XX:XX:XX:XX:XX:XX": return dice.pick(["00:11:22:aa:bb:cc", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"])
    case "uid[-uid]", "gid[-gid]": return range([0, 1, 5, 1000, 0xffff_fffe], "-")
    case "name[+]": return dice.pick(Self.interfaces)
    case "rate[/unit]", "number/unit":
      return "\(dice.number(1...4))/" + dice.pick(["sec", "min", "hour"])
    case "value[/mask] or name":
      return dice.pick(["0", "0x10", "0x10/0x3f", "0x02/0x03", "Minimize-Delay", "0x0b/0x01"])
    case "class": return dice.pick(["EF", "CS1", "AF31", "BE"])
    default: return nil
    }
  }

  /// By the name of the option, where only some values say something.
  private mutating func ownValue(_ option: String) -> String? {
    switch option {
    case "limit-burst", "hashlimit-burst", "every", "hitcount", "seconds", "hashlimit-rate-interval",
      "hashlimit-htable-size", "hashlimit-htable-max":
      return "\(dice.number(1...4))"
    case "packet", "ecn-ip-ect": return "\(dice.number(0...3))"
    case "hashlimit-htable-gcinterval", "hashlimit-htable-expire": return "\(dice.number(1...3000))"
    case "hashlimit-srcmask", "hashlimit-dstmask": return "\(dice.number(0...family.addressBits))"
    case "hashlimit-mode": return dice.some(["srcip", "srcport", "dstip", "dstport"]).joined(separator: ",")
    case "hashlimit-name", "name": return dice.pick(["a", "b"])
    case "quota": return "\(dice.number(0...400))"
    case "from", "to": return "\(dice.number(0...80))"
    case "string": return dice.pick(["a", "ab", "GET", "bcdab", "X"])
    case "hex-string": return dice.pick(["\"|00|\"", "\"|0000|\"", "\"a|62|\"", "\"|ff|\""])
    case "u32":
      return dice.pick([
        "\"0>>28=4\"", "\"6&0xff=6,17\"", "\"0&0xffff=0x14:0x40\"", "\"4&0x3fff=0\"", "\"0>>22&0x3c@0>>16=22,53\"",
        "\"20=0:0xffff\"", "\"60>>8=0\"", "\"0>>22&0x3c@12>>26&0x3c@0=0:0xffffffff\"",
      ])
    case "probability": return dice.pick(["0", "1", "0.5", "0.25"])
    case "connbytes": return dice.pick(["0:0", "1:3", "0:100", "40:200", "100", "1:"])
    case "connbytes-mode": return dice.pick(["packets", "bytes", "avgpkt"])
    case "connbytes-dir": return dice.pick(["original", "reply", "both"])
    case "helper": return dice.pick(["ftp", "ftp-2121", "irc", "\"\""])
    case "ttl-eq", "ttl-lt", "ttl-gt": return dice.pick(["0", "1", "5", "63", "64", "254", "255"])
    case "hl-eq", "hl-lt", "hl-gt": return dice.pick(["0", "1", "5", "63", "64", "254", "255"])
    case "icmpv6-type": return dice.pick(["8", "8/0", "3", "3/1", "0/0", "128", "port-unreachable", "255/255", "ping"])
    case "ahlen", "hbh-len", "dst-len", "rt-len": return dice.pick(["0", "8", "12", "16", "24", "40"])
    case "fragid", "rt-segsleft": return range([0, 1, 2, 5, 255])
    case "hbh-opts", "dst-opts": return dice.pick(["0", "1", "1:4", "5:2", "5:2,1", "1:4,0", "1,1,1", "5:2,1:0,0"])
    case "header":
      return dice.some(["hop", "dst", "route", "frag", "auth", "esp", "none", "prot"]).joined(separator: ",")
    case "mh-type": return dice.pick(["0", "5", "bu:be", ":2", "3:", "hot"])
    case "rt-type": return dice.pick(["0", "0", "2", "4"])
    case "rt-0-addrs": return dice.some(addresses).prefix(3).joined(separator: ",")
    case "srh-tag": return dice.pick(["0", "1", "256"])
    case "srh-next-hdr": return dice.pick(["6", "17", "58", "43"])
    case let name where name.hasPrefix("srh-"): return "\(dice.number(0...4))"
    case "bytecode":
      return dice.pick([
        "\"4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0\"", "\"3,40 0 0 4,116 0 0 0,22 0 0 0\"", "\"2,128 0 0 0,22 0 0 0\"",
        "\"4,177 0 0 0,80 0 0 13,84 0 0 2,22 0 0 0\"", "\"2,48 0 0 4294963204,22 0 0 0\"",
        "\"5,40 0 0 2,2 0 0 3,97 0 0 3,53 0 1 60,6 0 0 0,6 0 0 1\"", "\"1,6 0 0 1\"",
      ])
    case "cluster-total-nodes": return "\(dice.number(2...6))"
    case "cluster-local-node", "cluster-local-nodemask": return "\(dice.number(1...3))"
    case "cluster-hash-seed": return "\(dice.number(0...3))"
    case "label": return "\(dice.number(0...2))"
    case "connlimit-upto", "connlimit-above": return "\(dice.number(0...3))"
    case "connlimit-mask": return dice.pick(["0", "8", "32", "24"])
    case "timestart", "timestop": return "\(dice.number(0...23)):\(dice.number(0...59))"
    case "monthdays": return (1...15).map { _ in "\(dice.number(1...31))" }.joined(separator: ",")
    case "weekdays": return dice.some(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]).joined(separator: ",")
    case "datestart": return "\(dice.number(1970...2005))-0\(dice.number(1...9))-01T1:2:3"
    case "datestop": return "\(dice.number(2005...2037))-0\(dice.number(1...9))-28"
    case "dccp-types":
      return dice.some(["REQUEST", "RESPONSE", "DATA", "ACK", "RESET", "INVALID"]).joined(separator: ",")
    case "dccp-option": return dice.pick(["1", "2", "32", "38"])
    case "realm", "src-group", "dst-group": return dice.pick(["0", "5", "0/0", "4/0xfe"])
    case "dscp": return dice.pick(["0", "0x2e", "10", "63"])
    case "tcp-option": return dice.pick(["1", "2", "3", "8", "255"])
    case "dir": return dice.pick(["in", "out"])
    case "pol": return dice.pick(["none", "ipsec"])
    case "mode": return dice.pick(["random", "nth", "tunnel", "transport"])
    case "algo": return dice.pick(["bm", "kmp"])
    default: return nil
    }
  }

  /// A value that the extension's own examples give the option.
  private mutating func exampleValue(_ kind: ExtensionKind, _ option: String) -> String? {
    let values = kind.examples.filter { $0.family == family && $0.saved != nil }.compactMap { example -> String? in
      let words = example.rule.split(separator: " ").map(String.init)
      guard let place = words.firstIndex(of: "--" + option), place + 1 < words.count else { return nil }
      return words[place + 1]
    }
    return values.isEmpty ? nil : dice.pick(values)
  }
}

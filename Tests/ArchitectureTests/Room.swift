// The rooms of the sources from the lowest, and which rooms each uses. A room may use those that it names and all that these
// use, and only rooms that stand above it in this list, so that no two can use each other. A new arrow is a decision: write it
// here, with the reason in the commit.

/// A room: a folder of the sources.
struct Room {
  /// Its folder.
  var name: String
  /// What lives there, in a few words.
  var content: String
  /// The rooms that it uses.
  var uses: [String]

  /// Makes a room; the rooms that it uses are separated by blanks, those of its own module without the module's name.
  init(_ name: String, _ content: String, uses: String = "") {
    self.name = name
    self.content = content
    self.uses = uses.split(separator: " ").map { room in
      Room.modules.contains(String(room.prefix { $0 != "/" }))
        ? String(room) : "\(name.prefix { $0 != "/" })/\(room)"
    }
  }

  /// The modules from the lowest.
  static let modules = [
    "ShellScript", "NetfilterModel", "RuleScripts", "Simulator", "FlowTesting", "RuleAnalysis", "Page", "hookwalk",
  ]

  static let all: [Room] = [
    Room("ShellScript/Language", "scripts are read"),
    Room("ShellScript/Values", "variables, patterns, arithmetic", uses: "Language"),
    Room("ShellScript/Run", "scripts are followed", uses: "Values"),
    Room("NetfilterModel/Text", "C library numbers, names, spelling"),
    Room("NetfilterModel/Values", "ranges, masks, negation, counters"),
    Room("NetfilterModel/Diagnostics", "the catalogue of problems"),
    Room("NetfilterModel/Addressing", "addresses, protocols, interfaces", uses: "Text"),
    Room("NetfilterModel/Wire", "headers: the only byte offsets", uses: "Addressing"),
    Room("NetfilterModel/Packet", "bytes, and what sk_buff adds", uses: "Wire"),
    Room("NetfilterModel/Conntrack", "tuples, states, connections", uses: "Values Addressing"),
    Room("NetfilterModel/Hooks", "hooks, tables, a packet at a hook", uses: "Packet Conntrack"),
    Room("NetfilterModel/Sets", "ipset: types, entries, what fits a packet", uses: "Hooks"),
    Room("NetfilterModel/Sets/Syntax", "set files read and printed", uses: "Sets Diagnostics"),
    Room("NetfilterModel/Extensions/Stores", "what rules remember", uses: "Sets"),
    Room("NetfilterModel/Ruleset/Conditions", "field, test, option: as data", uses: "Extensions/Stores"),
    Room("NetfilterModel/Ruleset/Effects", "what targets do: as data", uses: "Hooks"),
    Room("NetfilterModel/Extensions/Options", "rows that parse and print", uses: "Values Addressing"),
    Room(
      "NetfilterModel/Extensions/Codecs", "how values are read and printed",
      uses: "Extensions/Stores Ruleset/Effects Extensions/Options"),
    Room(
      "NetfilterModel/Extensions", "what a match and a target are",
      uses: "Ruleset/Conditions Ruleset/Effects Extensions/Options"),
    Room("NetfilterModel/Extensions/Matches", "one file each", uses: "Extensions/Codecs Extensions"),
    Room("NetfilterModel/Extensions/Targets", "one file each", uses: "Extensions/Codecs Extensions"),
    Room("NetfilterModel/Extensions/Registry", "the list of both", uses: "Extensions/Matches Extensions/Targets"),
    Room("NetfilterModel/Ruleset", "rules, chains, tables", uses: "Diagnostics Extensions"),
    Room("NetfilterModel/Checks", "what user space and kernel refuse", uses: "Ruleset"),
    Room("NetfilterModel/Syntax", "rule files read and printed", uses: "Extensions/Registry Checks"),
    Room("NetfilterModel/Commands", "iptables itself, command by command", uses: "Syntax"),
    Room("RuleScripts", "scripts become rules", uses: "ShellScript/Run NetfilterModel/Commands"),
    Room(
      "Simulator/Trace", "events, and who watches them",
      uses: "NetfilterModel/Ruleset/Conditions NetfilterModel/Ruleset/Effects"),
    Room("Simulator/Fragments", "fragments put together", uses: "NetfilterModel/Packet"),
    Room("Simulator/Answers", "resets, and limits of errors", uses: "NetfilterModel/Wire"),
    Room("Simulator/IPv4", "options, fragmenting, ICMP", uses: "Fragments Answers"),
    Room("Simulator/IPv6", "options, fragmenting, ICMPv6", uses: "Fragments Answers Trace"),
    Room("Simulator/Conntrack", "tracking of connections", uses: "NetfilterModel/Hooks"),
    Room("Simulator/Routing", "routes, rules, lookup", uses: "NetfilterModel/Extensions/Options Trace"),
    Room(
      "Simulator/State", "what packets change on a host",
      uses: "NetfilterModel/Ruleset/Conditions NetfilterModel/Extensions/Stores Fragments Answers Conntrack"),
    Room("Simulator/NAT", "choosing and rewriting addresses", uses: "NetfilterModel/Ruleset/Effects State"),
    Room("Simulator/Compiler", "rules become flat records", uses: "NetfilterModel/Checks Trace State"),
    Room("Simulator/Configuration", "what a host is", uses: "NetfilterModel/Syntax Routing Compiler"),
    Room("Simulator/Walk", "a packet's way through the hooks", uses: "NAT Configuration IPv4 IPv6"),
    Room("Simulator/Conversation", "packets as people say them", uses: "NetfilterModel/Extensions/Options Trace"),
    Room("Simulator/Host", "the library's face", uses: "Walk Conversation"),
    Room("Simulator/Report", "a walk as text, JSON, kernel lines", uses: "Host"),
    Room(
      "FlowTesting/Language", ".flow files are read", uses: "Simulator/Host RuleScripts NetfilterModel/Sets/Syntax"),
    Room(
      "FlowTesting/Scenario", "scenarios in JSON, replayed",
      uses: "Simulator/Host RuleScripts NetfilterModel/Sets/Syntax"),
    Room("FlowTesting/Check", "expected against seen", uses: "Simulator/Report Language"),
    Room("FlowTesting/Explain", "why a test failed", uses: "Check"),
    Room("FlowTesting/Run", "tests are walked, both ways", uses: "Explain"),
    Room("FlowTesting/Report", "results as text and JUnit", uses: "Run"),
    Room("RuleAnalysis/Coverage", "rules as sets of packets", uses: "NetfilterModel/Checks"),
    Room("RuleAnalysis/Paths", "who leads where, what is dead", uses: "Coverage"),
    Room(
      "RuleAnalysis/Probes", "packets made from rules, walked", uses: "Paths FlowTesting/Language Simulator/Report"),
    Room("RuleAnalysis/Catalogue", "what a code, a check, a finding is", uses: "Probes"),
    Room("RuleAnalysis/Findings/Order", "2xxx: dead rules, order", uses: "Catalogue"),
    Room("RuleAnalysis/Findings/Translation", "3xxx: NAT", uses: "Catalogue"),
    Room("RuleAnalysis/Findings/State", "4xxx: connections", uses: "Catalogue"),
    Room("RuleAnalysis/Findings/Environment", "5xxx: around the rules", uses: "Catalogue"),
    Room("RuleAnalysis/Findings/Exposure", "6xxx: what is open, logs", uses: "Findings/Order"),
    Room("RuleAnalysis/Findings/Messages", "7xxx: ICMP, IPv6", uses: "Catalogue"),
    Room(
      "RuleAnalysis/Run", "files looked at, mended, known",
      uses: "Findings/Translation Findings/State Findings/Environment Findings/Exposure Findings/Messages"),
    Room("RuleAnalysis/Report", "findings in ten forms", uses: "Run FlowTesting/Report FlowTesting/Run"),
    Room("Page/Map", "the drawing of the packet flow", uses: "Simulator/Trace NetfilterModel/Hooks"),
    Room("Page/Document", "walks as pages", uses: "Map Simulator/Report"),
    Room("hookwalk", "the command", uses: "FlowTesting/Scenario FlowTesting/Report RuleAnalysis/Report Page/Document"),
  ]
  /// The rooms that a room may use: those that it names, and what these may use.
  static func reachable(from name: String) -> Set<String> {
    var seen: Set<String> = []
    var open = [name]
    while let next = open.popLast() {
      for target in all.first(where: { $0.name == next })?.uses ?? [] where seen.insert(target).inserted {
        open.append(target)
      }
    }
    return seen
  }
}

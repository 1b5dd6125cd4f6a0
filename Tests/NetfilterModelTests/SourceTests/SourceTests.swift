// What belongs to one place of the sources is found in no other: byte offsets of headers, names of extensions and
// options, and ways around what the compiler checks.

import NetfilterModel
import Testing

@Suite struct SourceTests {
  /// Files outside Wire that read or write bytes at offsets, and why.
  static let bytesElsewhere = [
    "U32Match": "the offsets are those that the rule names",
    "DSCPTarget": "the bytes are those of an option's text",
    "BPFProgram": "the offsets are those that the program names",
    "PacketContext": "words of the TCP header, at offsets that Wire names",
    "RestoreParser": "the bytes are those of a rule file",
    "FlowSource": "the bytes are those of a file of tests",
    "FlowTokenizer": "the bytes are those of a file of tests",
    "ShellParser+Commands": "the bytes are those of a script",
    "ShellParser+Words": "the bytes are those of a script",
  ]

  @Test func onlyWireKnowsWhereFieldsStand() {
    let access = /\.(?:byte|uint16|uint32|uint64)\(at:|\.set(?:Byte|UInt16|UInt32)\(/
    let literal =
      /\b(?:bytes|data|payload|datagram|quoted|piece|segment|message)\[(?:[a-zA-Z.]+ *&?\+ *)?[0-9]+\]/
    var met: Set<String> = []
    for line in SourceFiles.lines where !line.path.contains("/Wire/") {
      guard line.text.contains(access) || line.text.contains(literal) else { continue }
      met.insert(line.file)
      #expect(Self.bytesElsewhere[line.file] != nil, "\(line.place)")
    }
    #expect(met.isSuperset(of: Self.bytesElsewhere.keys), "an exception that nothing needs")
  }

  /// Names that stand outside their extension's file, by the file that has them, and why.
  static let namesElsewhere: [String: (names: Set<String>, reason: String)] = [
    "FlowParser": (["mac"], flow),
    "FlowParser+Expectations": (["state", "mark", "comment", "policy", "timeout"], flow),
    "FlowParser+Steps": (["conntrack", "tcp", "udp", "icmp", "icmp6", "sctp", "proto"], flow),
    "FlowSlip": (["tcp", "udp", "icmp", "sctp", "to"], flow),
    "ExtensionHeader": (["hbh", "dst", "rt", "ah"], flow),
    "ScenarioPacket+Derived": (["type"], "a member of a scenario"),
    "NamedGroup": (["realm"], "what is named"),
    "ConntrackSettings": (["timestamp"], "the name of a setting"),
    "PacketOption": (["ttl", "mark", "mac", "tos", "mss", "frag", "hl", "hbh", "dst", "rt", "ah"], flow),
    "PacketText": (["packet"], flow),
    "SavedOutputReader": (["mac"], flow),
    "FlowReport": (["packet"], flow),
    "MarkOperation": (["set-mark", "set-xmark", "and-mark", "or-mark", "xor-mark"], "MARK and CONNMARK share them"),
    "ConnectionStateSet": (["SNAT", "DNAT"], "states of a connection"),
    "ValueCodec+Basic": (["string"], "a placeholder"),
    "RecentOperation": (["rcheck", "SET"], "what the kernel calls the operation"),
    "SetReference+Parsing": (["dst"], "a word behind the name of a set"),
    "SetOption": (["timeout", "comment"], "words of a set file"),
    "SetCommand": (["new", "save", "restore"], "commands of ipset"),
    "SetFileParser": (["save"], "a form of output of ipset"),
    "SetHeaderReader": (["from", "to"], "words of a set file"),
    "SetsCommand": (["exist"], "the option --exist"),
    "BaseOption": (["policy", "dst"], "the command --policy, and --dst for --destination"),
    "JSONReport": (["packet", "conntrack", "log"], "kinds of events"),
    "PacketChange": (["ttl", "tos", "length", "mark", "mss"], "names of a packet's values"),
    "Walk+Words": (["icmp", "icmp6"], "codes that have no name"),
    "Field+Text": (["TOS", "TTL", "label"], "names of a packet's values"),
    "IPv6ExtensionWord": (["hbh", "dst", "rt", "frag", "ah"], "names of a packet's headers"),
    "TextReportWriter+Events": (["conntrack", "log"], "a step of the walk"),
    "Route+Parsing": (["tos", "proto", "from", "realm"], "words of ip-route(8)"),
    "RoutingRule+Parsing": (["from", "to", "tos", "proto", "oif"], "words of ip-rule(8)"),
    "ReplayCommand": (["name"], "a key of a scenario"),
    "SaveCommand": (["save"], "the name of the command"),
    "WalkData": (["policy"], "a member of a document"),
    "MapElement": (["conntrack", "helper"], "parts of the drawing"),
    "MapTexts": (["conntrack", "helper"], "words of the drawing"),
    "LearnCommand": (["from"], "the option --from"),
    "Scenario+Replay": (["mac"], "a key of a scenario, and an option of a packet"),
    "RuleScript": (["set"], "a word of the shell"),
    "SystemCommand": (["conntrack", "set"], "commands of a system, and their words"),
    "ShellInterpreter+Builtins": (["set", "timeout", "type"], "commands of the shell"),
    "ShellParser+Commands": (["time"], "a word of the shell"),
    "ScriptHost": (["save"], "an argument of a command"),
    "ScriptArguments": (["set"], "the option --set"),
    "FlowJSONReport": (["name"], "a member of a document"),
    "LintJSON": (["name", "length", "path"], "members of a document"),
    "LintSARIF": (["name"], "a member of a document"),
    "LintTAP": (["name"], "a member of a document"),
  ]
  private static let flow = "words of the flow language"

  /// Files that have the names of protocols, which are names of matches as well.
  static let protocolsElsewhere: Set<String> = [
    "ProtocolNumber+Names", "ServiceNames", "SetElementReader", "AddressSyntax", "RuleParser+BaseOptions",
    "ConnectionTable+Listing",
  ]

  /// Words that are names of extensions and options, and ordinary words or names of something else as well.
  static let names: Set<String> = {
    let kinds = ExtensionRegistry.matches + ExtensionRegistry.targets
    return Set(
      kinds.flatMap { [$0.spec.name] + $0.spec.aliases }
        + kinds.flatMap { $0.signatures.flatMap { [$0.name] + $0.aliases } })
  }()

  /// A file of Matches or Targets is one extension's own; `ExtensionCatalog` lists what iptables knows.
  @Test func onlyAnExtensionsFileKnowsItsNames() {
    let literal = /"(?:--|-m |-j )?([A-Za-z0-9_-]+)"/
    #expect(Self.names.count > 200)
    var met: [String: Set<String>] = [:]
    for line in SourceFiles.lines {
      if line.path.contains("/Matches/") || line.path.contains("/Targets/") || line.file == "ExtensionCatalog" {
        continue
      }
      for match in line.text.matches(of: literal) where Self.names.contains(String(match.1)) {
        let name = String(match.1)
        met[line.file, default: []].insert(name)
        let isProtocol =
          Self.protocolsElsewhere.contains(line.file) && ProtocolNumber(name: name) != nil
        let isKnown = isProtocol || Self.namesElsewhere[line.file]?.names.contains(name) ?? false
        #expect(isKnown, "\(line.place)")
      }
    }
    #expect(Self.protocolsElsewhere.isSubset(of: met.keys), "an exception that nothing needs")
    for (file, exception) in Self.namesElsewhere {
      #expect(exception.names.isSubset(of: met[file] ?? []), "\(file): an exception that nothing needs")
    }
  }

  /// What an extension's file says of another extension, and why.
  static let namesOfOthers: [String: (names: Set<String>, reason: String)] = [
    "HashlimitMatch": (["length"], "a placeholder"),
    "ConnlimitMatch": (["dst"], "the side that is counted"),
    "HMARKTarget": (["dst"], "a part of the tuple"),
    "CTTarget": (["mark", "helper"], "events and zones of connections"),
    "NOTRACKTarget": (["CT"], "what `iptables -L` calls it"),
    "HBHMatch": (["length"], "a placeholder"),
    "DSTMatch": (["length"], "a placeholder"),
    "IPv6AHMatch": (["length"], "a placeholder"),
    "FRAGMatch": (["length"], "a placeholder"),
    "RTMatch": (["length"], "a placeholder"),
    "IPv6HeaderMatch": (["dst", "frag", "ah", "esp"], "names of headers"),
  ]

  @Test func extensionsDoNotKnowEachOther() {
    let literal = /"([A-Za-z0-9_-]+)"/
    let kinds = ExtensionRegistry.matches + ExtensionRegistry.targets
    let names = Set(kinds.map(\.spec.name))
    let owners = Self.owners(kinds)
    for line in SourceFiles.lines where line.path.contains("/Matches/") || line.path.contains("/Targets/") {
      guard let own = owners[String(line.file.split(separator: "+")[0])] else {
        Issue.record("\(line.path) is no extension's file")
        continue
      }
      guard line.text.contains("\"") else { continue }
      let mine = Set(
        [own.spec.name] + own.spec.aliases + own.signatures.flatMap { [$0.name] + $0.aliases + $0.excludes })
      for match in line.text.matches(of: literal) where names.contains(String(match.1)) {
        let name = String(match.1)
        let isKnown = mine.contains(name) || Self.namesOfOthers[line.file]?.names.contains(name) ?? false
        #expect(isKnown, "\(line.place)")
      }
    }
  }

  /// The kinds by their files' names (`ExtensionRegistry` is generated from these names, in their order).
  private static func owners(_ kinds: [ExtensionKind]) -> [String: ExtensionKind] {
    let files = ["/Matches/", "/Targets/"].flatMap { folder in
      SourceFiles.lines.filter { $0.number == 1 && $0.path.contains(folder) && !$0.file.contains("+") }.map(\.file)
        .sorted { $0.lowercased() < $1.lowercased() }
    }
    return Dictionary(zip(files, kinds)) { first, _ in first }
  }

  /// Ways around the compiler's checks, which nothing here needs.
  @Test func nothingGoesAroundTheCompiler() {
    let forbidden = ["exclusivity(unchecked)", "@unchecked Sendable", "nonisolated(unsafe)", "@_unsafe"]
    for line in SourceFiles.lines {
      for word in forbidden where line.text.contains(word) { Issue.record("\(line.place)") }
    }
  }

  /// The libraries are Embedded Swift's, too: no Foundation and no C library.
  @Test func librariesImportNothing() {
    let imports = /^\s*(?:@\w+ )?(?:public )?import (?:struct |class |func )?(\w+)/
    var count = 0
    for line in SourceFiles.lines where !line.path.hasPrefix("hookwalk/") {
      guard let found = line.text.firstMatch(of: imports) else { continue }
      count += 1
      let isAbove = line.path.hasPrefix("RuleAnalysis/") && found.1 == "FlowTesting"
      #expect(
        ["ShellScript", "NetfilterModel", "RuleScripts", "Simulator"].contains(String(found.1)) || isAbove,
        "\(line.place)")
    }
    #expect(count > 50)
  }
}

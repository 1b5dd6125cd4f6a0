// Finds rules by the places that a walk names, with their text and location.

import NetfilterModel

/// The rules of a host by place, for reports.
public struct RuleIndex: Sendable {
  private struct Key: Hashable {
    var family: AddressFamily
    var table: TableKind
    var chain: String
  }

  private var chains: [Key: Chain] = [:]

  /// Takes the rules of a host as they are loaded.
  public init(_ host: LinuxHost) {
    for family in AddressFamily.allCases {
      for case let program? in host.configuration.programs[family] {
        for chain in program.table.chains {
          let key = Key(family: family, table: program.kind, chain: chain.name)
          if chains[key] == nil { chains[key] = chain }
        }
      }
    }
  }

  /// The chain of a place; nil where there is none.
  package func chain(_ place: RulePlace) -> Chain? {
    chains[Key(family: place.family, table: place.table, chain: place.chain)]
  }

  /// The rule at a place; nil for a chain's end.
  public func rule(_ place: RulePlace) -> Rule? {
    guard let rules = chain(place)?.rules, rules.indices.contains(place.number - 1) else { return nil }
    return rules[place.number - 1]
  }

  /// The rule as iptables-save prints it, without `-A CHAIN`; `policy ACCEPT` or `end of chain` for a chain's end.
  public func text(_ place: RulePlace) -> String {
    if let rule = rule(place) {
      let text = SavePrinter.ruleText(rule, chain: place.chain).dropFirst("-A \(place.chain)".count).drop { $0 == " " }
      return text.isEmpty ? "(matches everything, only counts)" : String(text)
    }
    if let policy = chain(place)?.policy { return "policy \(policy.name)" }
    return "end of chain, back to the caller"
  }

  /// `file:line` of the rule, or of the chain for its end; nil when it is not known.
  public func location(_ place: RulePlace) -> String? {
    let rule = rule(place)
    let range = rule == nil ? chain(place)?.location : rule?.location
    return range.map { "\($0.file):\($0.line)" }
  }
}

extension RulePlace {
  /// `filter/FORWARD#2`, as people write it.
  public var shortText: String { "\(table.name)/\(chain)#\(number)" }

  /// `filter/FORWARD#2`, or `filter/FORWARD policy` for the end of a built-in chain.
  package func text(in index: RuleIndex) -> String {
    if index.rule(self) != nil { return shortText }
    return Hook(chainName: chain) != nil ? "\(table.name)/\(chain) policy" : "\(table.name)/\(chain) end"
  }
}

// Finds rules by the places that a walk names, with their text and location.

import NetfilterModel

/// The rules of a host by place, for reports.
public struct RuleIndex: Sendable {
  private let rulesets: [Ruleset]

  /// Takes the rules of a host as they are now.
  public init(_ host: Host) { rulesets = [host.ruleset(.ipv4), host.ruleset(.ipv6)] }

  package func chain(_ place: RulePlace, _ family: AddressFamily) -> Chain? {
    rulesets.first { $0.family == family }?[place.table]?[place.chain]
  }

  /// The rule at a place; nil for a chain's end.
  public func rule(_ place: RulePlace, family: AddressFamily = .ipv4) -> Rule? {
    guard let rules = chain(place, family)?.rules, rules.indices.contains(place.number - 1) else { return nil }
    return rules[place.number - 1]
  }

  /// The rule as iptables-save prints it, without `-A CHAIN`; `policy ACCEPT` or `end of chain` for a chain's end.
  public func text(_ place: RulePlace, family: AddressFamily = .ipv4) -> String {
    if let rule = rule(place, family: family) {
      let text = SavePrinter.ruleText(rule, chain: place.chain).dropFirst("-A \(place.chain)".count).drop { $0 == " " }
      return text.isEmpty ? "(matches everything, only counts)" : String(text)
    }
    if let policy = chain(place, family)?.policy { return "policy \(policy.name)" }
    return "end of chain, back to the caller"
  }

  /// `file:line` of the rule, or of the chain for its end; nil when it is not known.
  public func location(_ place: RulePlace, family: AddressFamily = .ipv4) -> String? {
    let range =
      rule(place, family: family)?.location
      ?? (rule(place, family: family) == nil ? chain(place, family)?.location : nil)
    return range.map { "\($0.file):\($0.line)" }
  }
}

extension RulePlace {
  /// `filter/FORWARD#2`, as people write it.
  public var shortText: String { "\(table.name)/\(chain)#\(number)" }

  /// `filter/FORWARD#2`, or `filter/FORWARD policy` for the end of a built-in chain.
  package func text(in index: RuleIndex, family: AddressFamily) -> String {
    if index.rule(self, family: family) != nil { return shortText }
    return Hook(chainName: chain) != nil ? "\(table.name)/\(chain) policy" : "\(table.name)/\(chain) end"
  }
}

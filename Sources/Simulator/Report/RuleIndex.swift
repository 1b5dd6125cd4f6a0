// Finds rules by the places that a walk names, with their text and location.

import NetfilterModel

/// The rules of a host by place, for reports.
public struct RuleIndex: Sendable {
  private let programs: PerFamily<[TableProgram?]>
  /// Whether rules of both families are loaded, so that a place has to say whose it is.
  private let hasBothFamilies: Bool

  /// Takes the rules of a host as they are loaded; they are shared, so this costs the same for any number.
  public init(_ host: LinuxHost) {
    programs = host.configuration.programs
    hasBothFamilies = AddressFamily.allCases.allSatisfy { !host.ruleset($0).tables.isEmpty }
  }

  /// The name of a place where it stands for itself: `filter/FORWARD#2`, and `v6 filter/FORWARD#2` on a host that has rules of
  /// both families. In the rows of a walk, which is of one family, places stand without it.
  public func name(_ place: RulePlace) -> String {
    hasBothFamilies ? "\(place.family.name) \(place.shortText)" : place.shortText
  }

  /// The chain of a place; nil where there is none.
  package func chain(_ place: RulePlace) -> Chain? {
    let kind = Int(place.table.rawValue)
    guard programs[place.family].indices.contains(kind), let program = programs[place.family][kind],
      let number = program.places[place.chain]
    else { return nil }
    return program.table.chains[number]
  }

  /// The rule at a place; nil for a chain's end.
  public func rule(_ place: RulePlace) -> Rule? { rule(place, in: chain(place)) }

  /// The rule at a place of this chain; nil for the chain's end.
  func rule(_ place: RulePlace, in chain: Chain?) -> Rule? {
    guard let chain, chain.rules.indices.contains(place.number - 1) else { return nil }
    return chain.rules[place.number - 1]
  }

  /// The rule as iptables-save prints it, without `-A CHAIN`; `policy ACCEPT` or `end of chain` for a chain's end.
  public func text(_ place: RulePlace) -> String {
    var text = ReportText()
    let chain = chain(place)
    write(place, rule(place), chain, into: &text)
    return text.string
  }

  /// Appends what stands at a place.
  func write(_ place: RulePlace, _ rule: Rule?, _ chain: Chain?, into text: inout ReportText) {
    if let rule {
      let body = SavePrinter.body(of: rule)
      if body.isEmpty { text.add("(matches everything, only counts)") } else { text.add(body.dropFirst()) }
    } else if let policy = chain?.policy {
      text.add("policy ")
      text.add(policy.name)
    } else {
      text.add("end of chain")
    }
  }

  /// Where the rule stands, or the chain for its end; nil when it is not known.
  func range(_ rule: Rule?, _ chain: Chain?) -> SourceRange? {
    if let rule { return rule.location }
    return chain?.location
  }

  /// `file:line` of the rule, or of the chain for its end; nil when it is not known.
  public func location(_ place: RulePlace) -> String? {
    range(rule(place), chain(place)).map { "\($0.file):\($0.line)" }
  }
}

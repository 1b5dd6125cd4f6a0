// Interfaces that rules name and the host does not have: what such rules say is not tried by any packet.

import NetfilterModel

/// An interface that rules name with `-i` or `-o`, and that the host does not have.
public struct MissingInterface: Hashable, Sendable {
  /// The name, or the pattern with `+`, as it is written.
  public var name: String
  /// The first rule that names it.
  public var place: RulePlace
  /// How many rules name it.
  public var rules: Int
  /// The place as reports name it on this host.
  public var placeName: String

  /// `ppp0 (filter/FORWARD#3 and 2 more rules)`.
  public var text: String {
    rules == 1 ? "\(name) (\(placeName))" : "\(name) (\(placeName) and \(rules - 1) more rule\(rules == 2 ? "" : "s"))"
  }

  /// Those of the rules that are loaded on a host, in the order of the rules.
  public static func all(on host: LinuxHost) -> [MissingInterface] {
    var result: [MissingInterface] = []
    /// Where a pattern stands in the result; nil for one that an interface of the host fits.
    var known: [InterfacePattern: Int?] = [:]
    let index = RuleIndex(host)
    let names = Set(host.interfaces.map { $0.name })
    for family in AddressFamily.allCases {
      for table in host.ruleset(family).tables {
        for chain in table.chains {
          for (number, rule) in chain.rules.enumerated() {
            for case let pattern? in [rule.header.input?.value, rule.header.output?.value] {
              if let place = known[pattern] {
                if let place { result[place].rules += 1 }
                continue
              }
              // Only a pattern with `+` is compared with each.
              let isThere =
                names.contains(pattern.name)
                || pattern.text.hasSuffix("+") && host.interfaces.contains { pattern.matches($0.name) }
              if isThere {
                known[pattern] = .some(nil)
                continue
              }
              known[pattern] = result.count
              let place = RulePlace(
                family: family, table: table.kind, chain: chain.name, kind: .rule, number: number + 1)
              result.append(
                MissingInterface(name: pattern.text, place: place, rules: 1, placeName: index.name(place)))
            }
          }
        }
      }
    }
    return result
  }
}

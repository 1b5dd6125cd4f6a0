// 2004: rules of opposite verdicts that overlap in part.

import NetfilterModel

/// 2004: a rule that overlaps in one field with an earlier one of the opposite verdict, neither within the other.
enum PartlyMasked: LintCheck {
  static let code = LintCode(
    2004, "partly-masked", .info, "An earlier rule of the opposite verdict takes a part of the packets of a rule",
    page: LintPage(
      problematic: LintPage.server(
        "-A INPUT -p tcp -m tcp --dport 8000:8100 -j DROP\n-A INPUT -p tcp -m tcp --dport 8080:8443 -j ACCEPT"),
      correct: LintPage.server(
        "-A INPUT -p tcp -m tcp --dport 8000:8079 -j DROP\n-A INPUT -p tcp -m tcp --dport 8080:8443 -j ACCEPT"),
      why: """
        Both rules ask the same of all fields but one, where their ranges overlap in part, and they decide
        differently. For the common part the first one decides, which one cannot see from the second.
        """,
      exceptions: "The order is meant."))

  private struct Key: Hashable {
    var dimension: Dimension
    var rest: PacketSet
  }

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      let dead = Set((subject.dead[view.kind] ?? []).map { $0.rule.position })
      for chain in view.rules.indices where view.owner(chain) == nil && view.isReached(chain) {
        var earlier: [Key: [RuleView]] = [:]
        for rule in view.rules[chain] {
          guard rule.outcome == .accept || rule.outcome.denies, rule.set.isExact, !rule.set.isEmpty else { continue }
          var partner: RuleView?
          for dimension in [Dimension.source, .destination, .sourcePort, .destinationPort] {
            guard let numbers = rule.set[dimension] else { continue }
            let key = Key(dimension: dimension, rest: rule.set.without(dimension))
            let list = earlier[key] ?? []
            partner =
              partner
              ?? list.suffix(50).first { other in
                guard !other.outcome.isLike(rule.outcome), let theirs = other.set[dimension] else { return false }
                return theirs.intersects(numbers) && !theirs.contains(numbers) && !numbers.contains(theirs)
              }
            earlier[key, default: []].append(rule)
          }
          guard let partner, !dead.contains(rule.position) else { continue }
          sink.add(
            code, at: rule, in: view,
            "\(view.place(partner.position)) \(partner.outcome.words) a part of these packets before",
            help: "write the ranges so that they do not overlap", notes: partner.note(view, "overlaps in part"))
        }
      }
    }
  }
}

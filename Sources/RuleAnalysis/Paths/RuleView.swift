// A rule as analyses read it: its conditions as a set of packets, its effects, and what it does.

import NetfilterModel

/// A rule with what analyses ask of it.
struct RuleView: Sendable {
  /// Where it stands.
  var position: ChainGraph.RulePosition
  var rule: Rule
  var conditions: [Condition]
  var effects: [Effect]
  /// The packets for which its conditions hold.
  var set: PacketSet
  var outcome: RuleOutcome
  /// The questions that no set can say.
  var questions: [OpaqueTest]

  init(_ rule: Rule, at position: ChainGraph.RulePosition, _ family: AddressFamily, places: [String: Int]) {
    self.position = position
    self.rule = rule
    conditions = rule.conditions
    set = PacketSet(rule, conditions, family)
    questions = conditions.compactMap { if case .opaque(let test) = $0.test { test } else { nil } }
    effects = []
    switch rule.action {
    case .none: outcome = .passes
    case .verdict(.accept): outcome = .accept
    case .verdict(.drop): outcome = .drop
    case .verdict(.queue): outcome = .queue
    case .verdict(.return): outcome = .returns
    case .jump(let name): outcome = places[name].map { .calls($0) } ?? .unknown
    case .goto(let name): outcome = places[name].map { .goes($0) } ?? .unknown
    case .target(let target):
      effects = target.effects
      outcome = RuleView.outcome(of: effects)
    }
  }

  private static func outcome(of effects: [Effect]) -> RuleOutcome {
    guard let last = effects.last(where: { $0.ends }) else { return .passes }
    switch last {
    case .accept: return .accept
    case .drop: return .drop
    case .queue: return .queue
    case .reject: return .reject
    case .translate: return .translate
    default: return .unknown
    }
  }

  /// The match questions that keep a memory: what a rule does with them is more than its verdict.
  var keepsState: Bool { questions.contains { $0.keepsState } }
  /// Whether one of its questions cannot be decided here.
  var mayBeUnknown: Bool { questions.contains { $0.mayBeUnknown } }
  /// Whether it takes only as many packets as a rate allows.
  var isLimited: Bool { questions.contains { if case .rate(let isAbove) = $0.nature { !isAbove } else { false } } }
  /// Whether it counts packets or connections: a rate, a list, an amount.
  var counts: Bool {
    questions.contains {
      switch $0.nature {
      case .rate, .list, .amount: true
      default: false
      }
    }
  }

  /// The translation that it gives, or nil.
  var translation: Translation? {
    for case .translate(let translation) in effects { return translation }
    return nil
  }

  /// The record that it writes to the kernel log, or nil.
  var logRecord: LogRecord? {
    for case .log(let record) in effects where record.detail != nil { return record }
    return nil
  }

  /// The name of the target, as `-j` names it; empty without one.
  var targetName: String {
    switch rule.action {
    case .none: ""
    case .verdict(let verdict): verdict.name
    case .jump(let name), .goto(let name): name
    case .target(let target): target.name
    }
  }

  /// The interfaces that a condition names, not negated: the pattern as it is written.
  func interface(_ option: HeaderOption) -> InterfacePattern? {
    guard let found = option == .input ? rule.header.input : rule.header.output, !found.inverted else { return nil }
    return found.value
  }
}

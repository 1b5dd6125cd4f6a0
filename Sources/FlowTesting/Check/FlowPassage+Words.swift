// What a packet's way says in the words of the flow language: who decided, and the verdict.

import NetfilterModel
import Simulator

extension FlowPassage {
  /// The places that decided: the rule that ended it, or the last hit of each table that let it pass.
  var deciders: [RulePlace] {
    switch end {
    case .dropped(let place), .rejected(let place, _), .queued(_, let place): [place]
    case .unknown(let place, _): place.map { [$0] } ?? []
    case .delivered, .forwarded, .sent: passes
    case .discarded, .held: []
    }
  }

  /// The rule, policy or chain end that people mean by who decided: for a packet that passed, the last of the filter table.
  var decider: RulePlace? {
    switch end {
    case .delivered, .forwarded, .sent: passes.last { $0.table == .filter } ?? nil
    default: deciders.first
    }
  }

  /// The words of the verdict: `forward out lan`.
  package static func verdict(_ end: Disposition) -> String {
    switch end {
    case .delivered: "deliver"
    case .forwarded(let output): "forward out \(output)"
    case .sent(let output): "send out \(output)"
    case .dropped: "drop"
    case .rejected(let place, let kind): "reject with \(kind.name(place.family))"
    case .discarded(let cause): "drop because \(cause.rawValue)"
    case .queued: "queue"
    case .held: "held"
    case .unknown: "unknown"
    }
  }
}
